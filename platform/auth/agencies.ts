import type { Role } from "../../model/api/access.ts";
import { signingKey } from "../../model/signature.ts";
import type { AccessStore, Agency } from "../store/access.ts";
import type { Signer } from "./credentials.ts";
import type { Principal } from "./principal.ts";
import type { Projects } from "./projects.ts";
import { randomText } from "./random-text.ts";
import type { Tokens } from "./tokens.ts";

/** Keys that an agency lends are good for a day (functiongraph: Context methods). */
const LIFE_MS = 24 * 3_600_000;
/** Longer texts are none of ours. */
const SEALED_LENGTH = 2048;

/** What the Context of a function with an execution agency answers. */
interface LentCredentials {
  /** A pair that signs by itself. */
  readonly accessKey: string;
  readonly secretKey: string;
  /** A pair that signs when `securityToken` goes along in X-Security-Token. */
  readonly securityAccessKey: string;
  readonly securitySecretKey: string;
  readonly securityToken: string;
  /** For X-Auth-Token. */
  readonly token: string;
}

/** What is sealed into an access key or a security token. */
interface Content {
  readonly kind: "agency-key" | "security-token";
  readonly agency: string;
  readonly projectId: string;
  /** The key that a security token belongs to; empty in an access key, which is its own. */
  readonly accessKey: string;
  readonly secretKey: string;
  readonly expiresAt: number;
}

/** What agencies stand on. */
interface AgencyGround {
  readonly store: AccessStore;
  readonly projects: Projects;
  readonly now: () => number;
}

/**
 * Agencies: roles that functions act in (guide 3.3.3). What they lend carries its own content, sealed, so that a restart voids nothing; the
 * role is looked up at each use, so that deleting an agency voids everything.
 */
export class Agencies {
  readonly #ground: AgencyGround;
  readonly #byName = new Map<string, Agency>();

  constructor(ground: AgencyGround) {
    this.#ground = ground;
    this.read();
  }

  /** Reads anew what another process may have changed. */
  read(): void {
    this.#byName.clear();
    for (const agency of this.#ground.store.listAgencies()) this.#byName.set(keyOf(agency), agency);
  }

  list(projectId: string): Agency[] {
    return [...this.#byName.values()].filter((one) => one.projectId === projectId);
  }

  find(projectId: string, name: string): Agency | undefined {
    return this.#byName.get(keyOf({ projectId, name }));
  }

  /** Makes an agency, or gives the one of that name another role. */
  put(projectId: string, name: string, role: Role): Agency {
    const agency = { projectId, name, role };
    this.#ground.store.putAgency(agency);
    this.#byName.set(keyOf(agency), agency);
    return agency;
  }

  delete({ projectId, name }: Agency): void {
    this.#ground.store.deleteAgency(projectId, name);
    this.#byName.delete(keyOf({ projectId, name }));
  }

  /** Fresh keys and a token that act in the agency's role for a day; undefined when the project has no such agency. */
  lend(projectId: string, name: string, tokens: Pick<Tokens, "ofAgency">): LentCredentials | undefined {
    const agency = this.find(projectId, name);
    if (agency === undefined) return undefined;
    const secretKey = randomText(40);
    const pair = { accessKey: randomText(20), secretKey: randomText(40) };
    return {
      accessKey: this.#seal(agency, { kind: "agency-key", accessKey: "", secretKey }),
      secretKey,
      securityAccessKey: pair.accessKey,
      securitySecretKey: pair.secretKey,
      securityToken: this.#seal(agency, { kind: "security-token", ...pair }),
      token: tokens.ofAgency(agency).token,
    };
  }

  /** Who signs with an access key that was lent; with a security token, its key. Undefined for what was not lent, or is over. */
  signer(accessKey: string, securityToken?: string): Signer | undefined {
    const sealed = securityToken ?? accessKey;
    const opened = sealed.length > SEALED_LENGTH ? undefined : this.#ground.store.openToken(sealed);
    if (opened === undefined) return undefined;
    const content = JSON.parse(opened) as Content;
    const wanted = securityToken === undefined ? "agency-key" : "security-token";
    if (content.kind !== wanted || content.expiresAt <= this.#ground.now()) return undefined;
    if (securityToken !== undefined && content.accessKey !== accessKey) return undefined;
    const principal = this.principal(content.projectId, content.agency);
    return principal && { ...principal, accessKey, key: signingKey(content.secretKey) };
  }

  /** What whoever acts as the agency may do now. */
  principal(projectId: string, name: string): Principal | undefined {
    const agency = this.find(projectId, name);
    const project = this.#ground.projects.find(projectId);
    if (agency === undefined || project === undefined) return undefined;
    return { name, projectId, projectName: project.name, role: agency.role, administrator: false };
  }

  #seal({ name, projectId }: Agency, content: Pick<Content, "kind" | "accessKey" | "secretKey">): string {
    const expiresAt = this.#ground.now() + LIFE_MS;
    return this.#ground.store.sealToken(JSON.stringify({ ...content, agency: name, projectId, expiresAt }));
  }
}

function keyOf({ projectId, name }: Pick<Agency, "projectId" | "name">): string {
  return `${projectId}/${name}`;
}
