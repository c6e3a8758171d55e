import { z } from "zod";

import { ACCESS_NAME } from "../../model/agency.ts";
import { ROLES, type Role } from "../../model/api/access.ts";
import { readBody } from "../../model/wire/body.ts";
import type { Project } from "../store/access.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Operation, type Reply } from "./operation.ts";
import type { Route } from "./route-match.ts";
import { shown } from "./target.ts";

/** The name of a project or user. */
export const nameSchema = z.string().regex(ACCESS_NAME.test, ACCESS_NAME.rule);

/** One of the system roles of guide 1.7. */
export const roleSchema = z.enum(Object.keys(ROLES) as [Role, ...Role[]]);

/** A route of Fungraph's own that administrators alone reach. */
export function administered(method: Route["method"], path: string, operation: Operation): Route {
  const access = method === "GET" ? "read" : "manage";
  return { method, path, access, operation: (call, context) => operation(administratorOf(call), context) };
}

function administratorOf(call: Call): Call {
  if (call.caller.administrator) return call;
  throw new ApiError(
    "FSS.0403",
    `"${call.caller.name}" is no administrator. Use the key pair that the platform printed at its start, or an administrator's token.`,
  );
}

/** The project that `{project}` names by id or by name; FSS.0404. */
export function projectOf(call: Call, { identities }: ApiContext): Project {
  const text = call.parameters["project"] ?? "";
  const project = identities.projects.find(text);
  if (project !== undefined) return project;
  throw new ApiError("FSS.0404", `There is no project ${shown(text)}. List the projects.`);
}

function listProjects(_: Call, { identities }: ApiContext): Reply {
  return ok({ projects: identities.projects.list() });
}

/** FSS.0409 for a taken name. */
function createProject(call: Call, { identities }: ApiContext): Reply {
  const { name } = accept(readBody(z.looseObject({ name: nameSchema }), call.body));
  if (identities.projects.find(name) !== undefined) {
    throw new ApiError("FSS.0409", `The project ${shown(name)} exists already. Choose another name.`);
  }
  return { status: 201, body: identities.projects.create(name) };
}

/** Key pairs without their secret keys, which are told once, when a pair is made. */
function listCredentials(call: Call, context: ApiContext): Reply {
  const { id } = projectOf(call, context);
  const credentials = context.identities.credentials
    .list(id)
    .map(({ accessKey: access_key, role, administrator }) => ({ access_key, role, administrator }));
  return ok({ credentials });
}

/** Makes a key pair with a role, by default full access. */
function createCredential(call: Call, context: ApiContext): Reply {
  const project = projectOf(call, context);
  const schema = z.looseObject({ role: roleSchema.default("FunctionGraph FullAccess") });
  const { role } = accept(readBody(schema, call.body ?? {}));
  const { accessKey, secretKey } = context.identities.credentials.create(project, role);
  return {
    status: 201,
    headers: { "Cache-Control": "no-store" },
    body: { access_key: accessKey, secret_key: secretKey, project_id: project.id, role },
  };
}

/** FSS.0403 for an administrator's pair: nobody would be left to make others. */
function deleteCredential(call: Call, context: ApiContext): Reply {
  const { id } = projectOf(call, context);
  const { credentials } = context.identities;
  const accessKey = call.parameters["access_key"] ?? "";
  const signer = credentials.find(accessKey);
  if (signer?.projectId !== id) {
    throw new ApiError("FSS.0404", `The project has no access key ${shown(accessKey)}. List its key pairs.`);
  }
  if (signer.administrator) {
    throw new ApiError("FSS.0403", "The administrator's key pair cannot be deleted. Delete another one.");
  }
  credentials.delete(accessKey);
  return NO_CONTENT;
}

const PROJECTS = "/fungraph/v1/projects";
const CREDENTIALS = `${PROJECTS}/{project}/credentials`;

/** Projects and their key pairs: what the cloud leaves to its identity service. */
export const PROJECT_ROUTES: readonly Route[] = [
  administered("GET", PROJECTS, listProjects),
  administered("POST", PROJECTS, createProject),
  administered("GET", CREDENTIALS, listCredentials),
  administered("POST", CREDENTIALS, createCredential),
  administered("DELETE", `${CREDENTIALS}/{access_key}`, deleteCredential),
];
