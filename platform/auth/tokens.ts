import type { Role } from "../../model/api/access.ts";
import type { AccessStore, Agency, User } from "../store/access.ts";
import type { Agencies } from "./agencies.ts";
import type { Credentials, Signer } from "./credentials.ts";
import type { Principal } from "./principal.ts";
import type { Projects } from "./projects.ts";
import { AuthRefusal, unauthorized } from "./refusal.ts";
import type { Users } from "./users.ts";

/** A token is good for a day. */
const LIFE_MS = 24 * 3_600_000;
/** Longer texts are none of ours. */
const TOKEN_LENGTH = 2048;

/** A token as it is handed out, once. */
export interface IssuedToken {
  readonly token: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What is sealed into a token. */
interface Content {
  readonly kind: "user" | "key" | "agency";
  readonly name: string;
  readonly projectId: string;
  /** `changedAt` of the user: another password or other grants void the token. */
  readonly stamp: number;
  readonly expiresAt: number;
}

/** What tokens stand on. */
export interface TokenGround {
  readonly seal: Pick<AccessStore, "sealToken" | "openToken">;
  readonly credentials: Credentials;
  readonly users: Users;
  readonly agencies: Agencies;
  readonly projects: Projects;
  readonly now: () => number;
}

/**
 * Gives out tokens and reads them back. A token carries its own content, sealed, so the platform remembers none and a
 * restart voids none; deleting or changing the user, or deleting the key pair, does.
 */
export class Tokens {
  readonly #ground: TokenGround;

  constructor(ground: TokenGround) {
    this.#ground = ground;
  }

  ofUser(user: User, projectId: string): IssuedToken {
    return this.#issue({ kind: "user", name: user.name, projectId, stamp: user.changedAt });
  }

  ofKey({ accessKey, projectId }: Signer): IssuedToken {
    return this.#issue({ kind: "key", name: accessKey, projectId, stamp: 0 });
  }

  ofAgency({ name, projectId }: Agency): IssuedToken {
    return this.#issue({ kind: "agency", name, projectId, stamp: 0 });
  }

  /** Who holds a token, with the rights they have now. */
  principal(token: string): Principal | AuthRefusal {
    const content = token.length > TOKEN_LENGTH ? undefined : this.#ground.seal.openToken(token);
    if (content === undefined) return unauthorized(`This X-Auth-Token is no token of this platform. ${ANEW}`);
    const { kind, name, projectId, stamp, expiresAt } = JSON.parse(content) as Content;
    if (expiresAt <= this.#ground.now()) {
      return new AuthRefusal(
        "FSS.0402",
        `The token expired at ${new Date(expiresAt).toISOString()}. ${ANEW}`,
      );
    }
    return (
      this.#holder({ kind, name, projectId, stamp }) ??
      unauthorized(`The rights of "${name}" changed since it signed in. ${ANEW}`)
    );
  }

  #holder({ kind, name, projectId, stamp }: Omit<Content, "expiresAt">): Principal | undefined {
    if (kind === "key") return this.#ground.credentials.find(name);
    if (kind === "agency") return this.#ground.agencies.principal(projectId, name);
    return this.#ofUser(name, projectId, stamp);
  }

  #ofUser(name: string, projectId: string, stamp: number): Principal | undefined {
    const user = this.#ground.users.find(name);
    if (user === undefined || user.changedAt !== stamp) return undefined;
    return userPrincipal(user, projectId, this.#ground.projects);
  }

  #issue(content: Omit<Content, "expiresAt">): IssuedToken {
    const issuedAt = this.#ground.now();
    const expiresAt = issuedAt + LIFE_MS;
    return {
      token: this.#ground.seal.sealToken(JSON.stringify({ ...content, expiresAt })),
      issuedAt,
      expiresAt,
    };
  }
}

const ANEW = "Sign in again with POST /v3/auth/tokens.";

/** What a user is in a project; undefined where no role was granted. */
function userPrincipal(user: User, projectId: string, projects: Projects): Principal | undefined {
  const role: Role | undefined = user.grants.find((one) => one.projectId === projectId)?.role;
  const project = projects.find(projectId);
  if (role === undefined || project === undefined) return undefined;
  const { name, administrator } = user;
  return { name, projectId, projectName: project.name, role, administrator };
}
