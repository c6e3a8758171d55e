import { LATEST } from "../../model/version.ts";
import { functionToWire } from "../../model/wire/function.ts";
import { publishFromWire } from "../../model/wire/version.ts";
import type { FunctionRecord } from "../store/functions.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { markOwner } from "./owners.ts";
import { pageOf } from "./page.ts";
import { shown, targetOf } from "./target.ts";

/** Publishes `latest`, whatever version the URN names. */
function createFunctionVersion(call: Call, context: ApiContext): Reply {
  const { store, limits, place } = context;
  const { key, latest } = targetOf(call, context);
  const request = accept(publishFromWire(call.body, new Date()));
  const published = store.versions.list(key).filter(({ version }) => version !== LATEST);
  if (published.some(({ version }) => version === request.name)) {
    throw new ApiError("FSS.1062", `The version ${shown(request.name)} exists already. Choose another name.`);
  }
  checkDigest(latest, request.digest);
  checkChanged(latest, published[0]);
  if (published.length >= limits.versionsPerFunction) {
    throw new ApiError(
      "FSS.0400",
      `The function has ${limits.versionsPerFunction} versions, the most that are allowed. Delete one that no alias needs.`,
    );
  }
  const made = store.versions.publish(key, request.name, request.description);
  markOwner(call, context, { kind: "version", within: key, name: made.version });
  return ok(functionToWire(made, place));
}

function checkDigest(latest: FunctionRecord, digest: string | undefined): void {
  if (digest === undefined || digest === latest.code.digest) return;
  throw new ApiError(
    "FSS.1011",
    `The code changed meanwhile: digest is ${shown(digest)}, latest has "${latest.code.digest}". Read the function again, then publish.`,
  );
}

function checkChanged(latest: FunctionRecord, newest: FunctionRecord | undefined): void {
  if (newest === undefined || newest.revision !== latest.revision) return;
  throw new ApiError(
    "FSS.1016",
    `Nothing changed since "${newest.version}" was published. Use that version, or change code or configuration first.`,
  );
}

/** Query: `marker`, `maxitems`. */
function listFunctionVersions(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  const page = pageOf(context.store.versions.list(key), call.query);
  return ok({
    versions: page.items.map((record) => functionToWire(record, context.place)),
    next_marker: page.nextMarker,
    count: page.count,
  });
}

/** Versions. */
export const versionsOperations = {
  CreateFunctionVersion: createFunctionVersion,
  ListFunctionVersions: listFunctionVersions,
} satisfies Operations;
