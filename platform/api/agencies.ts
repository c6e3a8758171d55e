import { z } from "zod";

import { readBody } from "../../model/wire/body.ts";
import type { Agency, Project } from "../store/access.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import { markOwner } from "./owners.ts";
import { administered, nameSchema, projectOf, roleSchema } from "./projects.ts";
import type { Route } from "./route-match.ts";
import { shown } from "./target.ts";

const schema = z.looseObject({ name: nameSchema, role: roleSchema });

function listAgencies(call: Call, context: ApiContext): Reply {
  const { id } = projectOf(call, context);
  return ok({ agencies: context.identities.agencies.list(id).map(wire) });
}

/** Makes an agency, or gives the one of that name another role: from then on also to what it has lent before. */
function putAgency(call: Call, context: ApiContext): Reply {
  const { id } = projectOf(call, context);
  const { name, role } = accept(readBody(schema, call.body));
  const agency = context.identities.agencies.put(id, name, role);
  markOwner(call, context, { kind: "agency", within: id, name });
  return { status: 201, body: wire(agency) };
}

/** Voids all that it has lent. */
function deleteAgency(call: Call, context: ApiContext): Reply {
  const project = projectOf(call, context);
  context.identities.agencies.delete(agencyOf(call, project, context));
  return NO_CONTENT;
}

function agencyOf(call: Call, { id }: Project, { identities }: ApiContext): Agency {
  const name = call.parameters["agency"] ?? "";
  const agency = identities.agencies.find(id, name);
  if (agency !== undefined) return agency;
  throw new ApiError("FSS.0404", `The project has no agency ${shown(name)}. List its agencies.`);
}

function wire({ name, role }: Agency): Record<string, unknown> {
  return { name, role };
}

const AGENCIES = "/fungraph/v1/projects/{project}/agencies";

/** Agencies of a project (guide 3.3.3): what the cloud leaves to its identity service. */
export const AGENCY_ROUTES: readonly Route[] = [
  administered("GET", AGENCIES, listAgencies),
  administered("POST", AGENCIES, putAgency),
  administered("DELETE", `${AGENCIES}/{agency}`, deleteAgency),
];
