import { createHash } from "node:crypto";

import { z } from "zod";

import { isGateway, type ApigEventData } from "../../model/trigger.ts";
import { readBody } from "../../model/wire/body.ts";
import { accept } from "./accept.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";

/**
 * The caller's project. A client that knows its region only asks for a project of that name, so the platform's region
 * names it too.
 */
function listProjects({ caller, query }: Call, { place }: ApiContext): Reply {
  const { projectId: id, projectName } = caller;
  const name = query.get("name");
  const domain_id = place.domainId;
  const project = { id, name: name || projectName, domain_id, enabled: true };
  const meant = !name || name === projectName || name === place.region;
  return ok({ projects: meant ? [project] : [] });
}

/** The platform is one account. */
function listAuthDomains(_: Call, { place }: ApiContext): Reply {
  return ok({ domains: [{ id: place.domainId, name: place.domainId, enabled: true }] });
}

/** Groups are names that HTTP triggers share: the default one, and those in use. */
function listApiGroups(call: Call, { store }: ApiContext): Reply {
  const names = new Map([["DEFAULT", "DEFAULT"]]);
  for (const { key, spec } of store.triggers.all()) {
    if (key.projectId !== call.projectId || !isGateway(spec.type)) continue;
    const { group_id: id, group_name: name = id } = spec.eventData as ApigEventData;
    names.set(id, name);
  }
  const wanted = call.query.get("name");
  const groups = [...names].filter(([, name]) => !wanted || name === wanted);
  return ok({
    total: groups.length,
    size: groups.length,
    groups: groups.map(([id, name]) => group(id, name)),
  });
}

const groupSchema = z.looseObject({ name: z.string().min(1).max(255), remark: z.string().nullish() });

/** Gives a group its id, which follows from project and name, so that asking twice gives one group. */
function createApiGroup(call: Call): Reply {
  const { name, remark } = accept(readBody(groupSchema, call.body));
  const id = createHash("sha256").update(`${call.projectId}/${name}`).digest("hex").slice(0, 32);
  return { status: 201, body: { ...group(id, name), remark: remark ?? "" } };
}

function group(id: string, name: string): Record<string, unknown> {
  return { id, name, status: 1, remark: "" };
}

/** What clients ask other services for on their way to FunctionGraph. */
export const companionsOperations = {
  ListProjects: listProjects,
  ListAuthDomains: listAuthDomains,
  ListApiGroups: listApiGroups,
  CreateApiGroup: createApiGroup,
} satisfies Operations;
