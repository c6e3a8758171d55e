import { type DependencyVersion, PUBLIC_OWNER } from "../../model/dependency.ts";
import {
  dependencyFromWire,
  dependencyToWire,
  dependencyVersionToWire,
  type DependencyPlace,
} from "../../model/wire/dependency.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { archiveLink, storeDependency } from "./dependency-archive.ts";
import { usableDependency } from "./dependency-use.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { markOwner } from "./owners.ts";
import { pageOf } from "./page.ts";
import type { Route } from "./route-match.ts";
import { shown } from "./target.ts";

/** Publishes the next version of the project's dependency of that name; the first is 1 and makes the dependency (guide 3.9). */
async function createDependencyVersion(call: Call, context: ApiContext): Promise<Reply> {
  const draft = await storeDependency(accept(dependencyFromWire(call.body)), call, context);
  const version = context.store.dependencies.publish(draft);
  markOwner(call, context, { kind: "dependency", within: call.projectId, name: version.id });
  return ok(dependencyVersionToWire(version, placeOf(version, call, context)));
}

/** As CreateDependencyVersion, for a name that is not taken yet (FSS.1065); `id` is the dependency's. */
async function createDependency(call: Call, context: ApiContext): Promise<Reply> {
  const upload = accept(dependencyFromWire(call.body));
  checkFree(upload.spec.name, call, context);
  const draft = await storeDependency(upload, call, context);
  // Others may have taken the name while the archive was stored.
  checkFree(upload.spec.name, call, context);
  const version = context.store.dependencies.publish(draft);
  return ok(dependencyToWire(version, placeOf(version, call, context)));
}

/** Query: `marker`, `maxitems` or `limit`, `ispublic`, `dependency_type` (public, private, all), `runtime`, `name`. */
function listDependencies(call: Call, context: ApiContext): Reply {
  const { query, projectId } = call;
  const [name, runtime] = [query.get("name"), query.get("runtime")];
  const all = context.store.dependencies
    .list(ownersOf(query, projectId))
    .filter(({ spec }) => (!name || spec.name === name) && (!runtime || spec.runtime === runtime));
  const page = pageOf(all, query, query.get("maxitems") ? "maxitems" : "limit");
  return ok({
    dependencies: page.items.map((one) => dependencyToWire(one, placeOf(one, call, context))),
    next_marker: page.nextMarker,
    count: page.count,
  });
}

function ownersOf(query: URLSearchParams, projectId: string): readonly string[] {
  const kind =
    query.get("dependency_type") || { true: "public", false: "private" }[query.get("ispublic") ?? ""];
  if (kind === "public") return [PUBLIC_OWNER];
  return kind === "private" ? [projectId] : [projectId, PUBLIC_OWNER];
}

/** The newest version's facts; `id` is the dependency's. */
function showDependcy(call: Call, context: ApiContext): Reply {
  const newest = dependencyOf(call, context);
  return ok(dependencyToWire(newest, placeOf(newest, call, context)));
}

/** Publishes the archive as the next version, and renames the dependency; functions keep the version that they have. */
async function updateDependcy(call: Call, context: ApiContext): Promise<Reply> {
  const { dependencies } = context.store;
  const { spec: old } = ownDependencyOf(call, context);
  const upload = accept(dependencyFromWire(call.body));
  const { name } = upload.spec;
  if (name !== old.name) checkFree(name, call, context);
  const draft = await storeDependency(upload, call, context);
  // Others may have renamed it, or taken the name, while the archive was stored.
  const { dependencyId, spec: now } = ownDependencyOf(call, context);
  if (name !== now.name) {
    checkFree(name, call, context);
    dependencies.rename(dependencyId, name);
  }
  const version = dependencies.publish(draft);
  return ok(dependencyToWire(version, placeOf(version, call, context)));
}

function checkFree(name: string, { projectId }: Call, { store }: ApiContext): void {
  if (store.dependencies.named(projectId, name) === undefined) return;
  throw new ApiError(
    "FSS.1065",
    `The dependency ${shown(name)} exists already. Publish a version of it, or choose another name.`,
  );
}

/** Deletes a dependency with all its versions; FSS.1033 while a function uses one. */
function deleteDependency(call: Call, context: ApiContext): Reply {
  const { dependencyId } = ownDependencyOf(call, context);
  return remove(context.store.dependencies.versions(dependencyId), context);
}

/** Query: `marker`, `maxitems`. Newest first. */
function listDependencyVersion(call: Call, context: ApiContext): Reply {
  const { dependencyId } = dependencyOf(call, context);
  const page = pageOf(context.store.dependencies.versions(dependencyId), call.query);
  return ok({
    dependencies: page.items.map((one) => dependencyVersionToWire(one, placeOf(one, call, context))),
    next_marker: page.nextMarker,
    count: page.count,
  });
}

/** `download_link` answers the archive to a request that is signed as any other. */
function showDependencyVersion(call: Call, context: ApiContext): Reply {
  const version = versionOf(call, context);
  const download_link = archiveLink(version, call);
  return ok({ ...dependencyVersionToWire(version, placeOf(version, call, context)), download_link });
}

/** The archive of a version, as it was uploaded; an address of this platform's own. */
async function downloadDependencyVersion(call: Call, context: ApiContext): Promise<Reply> {
  return ok(await context.store.code.read(versionOf(call, context).digest));
}

/** FSS.1033 while a function uses it; the dependency goes with its last version. */
function deleteDependencyVersion(call: Call, context: ApiContext): Reply {
  ownDependencyOf(call, context);
  return remove([versionOf(call, context)], context);
}

function remove(versions: readonly DependencyVersion[], { store }: ApiContext): Reply {
  const ids = versions.map((one) => one.id);
  const users = store.dependencies.users(ids);
  if (users.length > 0) {
    throw new ApiError(
      "FSS.1033",
      `The dependency is in use by ${users.slice(0, 10).join(", ")}${users.length > 10 ? " and more" : ""}. Take it out of them, and of their published versions, first.`,
    );
  }
  store.dependencies.delete(ids);
  return NO_CONTENT;
}

/** The newest version of the dependency that the path names; throws FSS.1056. */
function dependencyOf(call: Call, context: ApiContext): DependencyVersion {
  const id = call.parameters["depend_id"] ?? "";
  const found = usableDependency(id, call.projectId, context);
  if (found !== undefined) return found;
  throw new ApiError(
    "FSS.1056",
    `There is no dependency ${shown(id)}. List the dependencies to see their ids.`,
  );
}

/** Throws FSS.1046 for one that is not the project's own. */
function ownDependencyOf(call: Call, context: ApiContext): DependencyVersion {
  const found = dependencyOf(call, context);
  if (found.owner === call.projectId) return found;
  throw new ApiError(
    "FSS.1046",
    `The dependency ${shown(found.spec.name)} is public and never changes. Publish one of your own.`,
  );
}

/** The version that the path names, by its number or its id; throws FSS.1056. */
function versionOf(call: Call, context: ApiContext): DependencyVersion {
  const { dependencyId, spec } = dependencyOf(call, context);
  const given = call.parameters["version"] ?? "";
  const versions = context.store.dependencies.versions(dependencyId);
  const found = versions.find((one) => String(one.version) === given || one.id === given);
  if (found !== undefined) return found;
  throw new ApiError(
    "FSS.1056",
    `The dependency ${shown(spec.name)} has no version ${shown(given)}. It has ${versions.map((one) => one.version).join(", ")}.`,
  );
}

function placeOf(version: DependencyVersion, call: Call, { place }: ApiContext): DependencyPlace {
  return { domainId: place.domainId, link: archiveLink(version, call) };
}

/** Dependencies (guide 3.9); the operations without versions are those of older clients. */
export const dependenciesOperations = {
  CreateDependencyVersion: createDependencyVersion,
  CreateDependency: createDependency,
  ListDependencies: listDependencies,
  ShowDependcy: showDependcy,
  UpdateDependcy: updateDependcy,
  DeleteDependency: deleteDependency,
  ListDependencyVersion: listDependencyVersion,
  ShowDependencyVersion: showDependencyVersion,
  DeleteDependencyVersion: deleteDependencyVersion,
} satisfies Operations;

/** Where `download_link` of a version leads to. */
export const DEPENDENCY_ARCHIVE_ROUTE: Route = {
  method: "GET",
  path: "/v2/{project_id}/fgs/dependencies/{depend_id}/version/{version}/archive",
  access: "read",
  operation: downloadDependencyVersion,
};
