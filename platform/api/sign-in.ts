import { z } from "zod";

import { readBody } from "../../model/wire/body.ts";
import type { Signer } from "../auth/credentials.ts";
import type { Identities } from "../auth/identities.ts";
import { unauthorized } from "../auth/refusal.ts";
import type { IssuedToken } from "../auth/tokens.ts";
import type { Project, User } from "../store/access.ts";
import { accept, letIn } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import type { ApiContext, Call, Reply, Operations } from "./operation.ts";
import { shown } from "./target.ts";

const named = z.looseObject({ id: z.string().nullish(), name: z.string().nullish() });
const schema = z.looseObject({
  auth: z.looseObject({
    identity: z.looseObject({
      methods: z.array(z.string()),
      password: z.looseObject({ user: z.looseObject({ name: z.string(), password: z.string() }) }).nullish(),
      hw_ak_sk: z
        .looseObject({
          access: z.looseObject({ key: z.string() }),
          secret: z.looseObject({ key: z.string() }),
        })
        .nullish(),
    }),
    scope: z.looseObject({ project: named.nullish() }).nullish(),
  }),
});
type Identity = z.infer<typeof schema>["auth"]["identity"];
type Scope = z.infer<typeof schema>["auth"]["scope"];

/**
 * Signs in by password, or by a key pair (`hw_ak_sk`), and answers a token in X-Subject-Token as the identity service
 * does. The scope names the project by id or name; a region's name means the caller's own project, and it may be left
 * out where a user has one.
 */
async function createToken(call: Call, context: ApiContext): Promise<Reply> {
  const { auth } = accept(readBody(schema, call.body));
  const signedIn = await identify(auth.identity, context.identities);
  const scope = scopeOf(auth.scope, context.place.region);
  const { tokens, projects } = context.identities;
  if ("grants" in signedIn) {
    const project = chosenProject(signedIn, scope, context.identities);
    const { role } = signedIn.grants.find((one) => one.projectId === project.id) ?? { role: "" };
    const token = tokens.ofUser(signedIn, project.id);
    return reply(token, { method: "password", project, role, user: signedIn }, context);
  }
  const project = projects.find(signedIn.projectId) ?? {
    id: signedIn.projectId,
    name: signedIn.projectName,
  };
  if (scope !== undefined && scope !== project.id && scope !== project.name) throw noProject(scope);
  const user = { id: signedIn.accessKey, name: signedIn.accessKey };
  return reply(tokens.ofKey(signedIn), { method: "hw_ak_sk", project, role: signedIn.role, user }, context);
}

async function identify(identity: Identity, { users, credentials }: Identities): Promise<User | Signer> {
  const { methods, password, hw_ak_sk: pair } = identity;
  if (methods.includes("password") && password) {
    return letIn(await users.signIn(password.user.name, password.user.password));
  }
  if (methods.includes("hw_ak_sk") && pair) {
    const signer = credentials.find(pair.access.key);
    if (signer !== undefined && credentials.proves(signer, pair.secret.key)) return signer;
    return letIn(unauthorized("The access key or the secret key is wrong. Check both."));
  }
  throw new ApiError(
    "FSS.0400",
    `auth.identity.methods is ${shown(methods.join(", "))}. Sign in with "password" and auth.identity.password, or with "hw_ak_sk" and auth.identity.hw_ak_sk.`,
  );
}

/** Id or name of the project that is asked for; nothing where the caller's own is meant. */
function scopeOf(scope: Scope, region: string): string | undefined {
  const { id, name } = scope?.project ?? {};
  const text = id || name || undefined;
  return text === region ? undefined : text;
}

function chosenProject(user: User, scope: string | undefined, { projects }: Identities): Project {
  const own = user.grants.map(({ projectId }) => projects.find(projectId)).filter((one) => one !== undefined);
  const [first, ...more] =
    scope === undefined ? own : own.filter(({ id, name }) => id === scope || name === scope);
  if (first !== undefined && more.length === 0) return first;
  if (scope !== undefined) throw noProject(scope);
  const names = own.map(({ name }) => `"${name}"`).join(", ");
  throw new ApiError(
    "FSS.0400",
    `"${user.name}" has ${own.length} projects${names && `: ${names}`}. Name one in auth.scope.project.name.`,
  );
}

function noProject(scope: string): ApiError {
  return new ApiError(
    "FSS.0403",
    `There is no project ${shown(scope)}, or the caller has no role in it. Name another in auth.scope.project.`,
  );
}

function reply(
  { token, issuedAt, expiresAt }: IssuedToken,
  who: {
    readonly method: string;
    readonly project: Project;
    readonly role: string;
    readonly user: Pick<User, "id" | "name">;
  },
  { place }: ApiContext,
): Reply {
  const domain = { id: place.domainId, name: place.domainId };
  const { method, project, role, user } = who;
  return {
    status: 201,
    headers: { "X-Subject-Token": token, "Cache-Control": "no-store" },
    body: {
      token: {
        methods: [method],
        issued_at: iamTime(issuedAt),
        expires_at: iamTime(expiresAt),
        project: { id: project.id, name: project.name, domain },
        user: { id: user.id, name: user.name, domain, password_expires_at: "" },
        roles: [{ id: "0", name: role }],
        catalog: [],
      },
    },
  };
}

/** `2026-11-21T18:03:24.000000Z`, with microseconds as the identity service writes it. */
function iamTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}

/** Signing in; open to everybody. */
export const signInOperations = {
  CreateToken: createToken,
} satisfies Operations;
