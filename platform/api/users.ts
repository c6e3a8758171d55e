import { z } from "zod";

import { readBody } from "../../model/wire/body.ts";
import type { Grant, User } from "../store/access.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import { administered, nameSchema, roleSchema } from "./projects.ts";
import type { Route } from "./route-match.ts";
import { shown } from "./target.ts";

const PASSWORD_RULE = "must have 8 to 128 characters";

const schema = z.looseObject({
  name: nameSchema,
  password: z.string().min(8, PASSWORD_RULE).max(128, PASSWORD_RULE),
  grants: z.array(z.looseObject({ project: z.string(), role: roleSchema })).max(100),
  administrator: z.boolean().default(false),
});

function listUsers(_: Call, { identities }: ApiContext): Reply {
  return ok({ users: identities.users.list().map(wire) });
}

/** FSS.0409 for a taken name. */
async function createUser(call: Call, context: ApiContext): Promise<Reply> {
  const spec = accept(readBody(schema, call.body));
  if (context.identities.users.find(spec.name) !== undefined) {
    throw new ApiError("FSS.0409", `The user ${shown(spec.name)} exists already. Replace it with PUT.`);
  }
  const user = await context.identities.users.put({ ...spec, grants: grantsOf(spec.grants, context) });
  return { status: 201, body: wire(user) };
}

/** Replaces password, grants and all; tokens that the user has become void. */
async function updateUser(call: Call, context: ApiContext): Promise<Reply> {
  const before = userOf(call, context);
  const spec = accept(readBody(schema, { ...(call.body as object | undefined), name: before.name }));
  const grants = grantsOf(spec.grants, context);
  return ok(wire(await context.identities.users.put({ ...spec, grants }, before)));
}

/** The user and all its tokens. */
function deleteUser(call: Call, context: ApiContext): Reply {
  context.identities.users.delete(userOf(call, context).name);
  return NO_CONTENT;
}

function userOf(call: Call, { identities }: ApiContext): User {
  const name = call.parameters["user"] ?? "";
  const user = identities.users.find(name);
  if (user !== undefined) return user;
  throw new ApiError("FSS.0404", `There is no user ${shown(name)}. List the users.`);
}

function grantsOf(given: z.infer<typeof schema>["grants"], { identities }: ApiContext): Grant[] {
  return given.map(({ project, role }) => {
    const found = identities.projects.find(project);
    if (found !== undefined) return { projectId: found.id, role };
    throw new ApiError("FSS.0400", `grants: there is no project ${shown(project)}. List the projects.`);
  });
}

function wire({ id, name, grants, administrator }: User): Record<string, unknown> {
  return {
    id,
    name,
    administrator,
    grants: grants.map(({ projectId, role }) => ({ project: projectId, role })),
  };
}

const USERS = "/fungraph/v1/users";
const USER = `${USERS}/{user}`;

/** People who sign in by password: what the cloud leaves to its identity service. */
export const USER_ROUTES: readonly Route[] = [
  administered("GET", USERS, listUsers),
  administered("POST", USERS, createUser),
  administered("PUT", USER, updateUser),
  administered("DELETE", USER, deleteUser),
];
