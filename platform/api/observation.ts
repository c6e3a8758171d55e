import type { BodyOf } from "../../model/api/value.ts";
import { createHash } from "node:crypto";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { existingTargetOf, shown, targetOf } from "./target.ts";

/** The platform keeps the log of every function from its first line on, so there is nothing left to switch on. */
function enableLtsLogs(): Reply {
  return ok({});
}

/** From now on successes of all functions are recorded (ListAsyncInvocations); failures always are. */
function enableAsyncStatusLog({ projectId }: Call, { store }: ApiContext): Reply {
  store.asyncConfigs.recordAll(projectId);
  return ok({});
}

/** Where the records of asynchronous requests are: one stream a project, read with ListAsyncInvocations. */
function showProjectAsyncStatusLogInfo({ projectId }: Call): Reply {
  return ok({ ...groupOf(projectId), ...streamOf(projectId, "async-status") });
}

/** Where the log of a function is: one stream a function, read with GET /fungraph/v1/logs. */
function showLtsLogDetails(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  return ok({ ...groupOf(key.projectId), ...streamOf(key.projectId, `${key.package}/${key.name}`) });
}

function groupOf(projectId: string): Record<string, string> {
  return { group_name: `functiongraph.log.group.${projectId}`, group_id: idOf(`group ${projectId}`) };
}

function streamOf(projectId: string, name: string): Record<string, string> {
  return { stream_name: name, stream_id: idOf(`stream ${projectId}/${name}`) };
}

/** The same name has the same id on every platform and after every restart. */
function idOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 32);
}

const MASK = "******";

/** FSS.0404 while tracing is off. The secret key is never shown. */
function showTracing(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  const keys = context.store.tracing.find(key);
  if (keys !== undefined) return ok({ tracing_ak: keys.accessKey, tracing_sk: MASK });
  throw new ApiError(
    "FSS.0404",
    `Tracing of the function "${key.name}" is off. Switch it on with PUT and a pair of tracing_ak and tracing_sk.`,
  );
}

/** Sets the key pair, or switches tracing off when both are empty. A masked secret keeps the one that is there. */
function updateTracing(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  const { tracing } = context.store;
  const read = call.body as BodyOf<"UpdateTracing">;
  const [accessKey, secret] = [read.tracing_ak ?? "", read.tracing_sk ?? ""];
  if (accessKey === "" && secret === "") {
    tracing.delete(key);
    return ok({});
  }
  const secretKey = secret === MASK ? tracing.find(key)?.secretKey : secret;
  if (accessKey === "" || secretKey === undefined || secretKey === "") {
    throw new ApiError(
      "FSS.0400",
      "tracing_ak and tracing_sk belong together. Send both, or neither to switch tracing off.",
    );
  }
  tracing.put(key, { accessKey, secretKey });
  return ok({});
}

/** No instance starts from a snapshot here, so the state is always `disable`. */
function showFuncSnapshotState(call: Call, context: ApiContext): Reply {
  existingTargetOf(call, context);
  checkWord("action", call.parameters["action"] ?? "", ["state", "enableSnapshot"]);
  return ok({ state: "disable", code: "" });
}

/** Snapshots cannot be switched on: instances start from warm ones of their runtime instead. Switching off does nothing. */
function updateFuncSnapshot(call: Call, context: ApiContext): Reply {
  existingTargetOf(call, context);
  const action = call.parameters["action"] ?? "";
  checkWord("action", action, ["enable", "disable"]);
  if (action === "disable") return ok({});
  throw new ApiError(
    "FSS.0400",
    "This platform makes no snapshots; instances start from warm ones of their runtime. Leave snapshots out, or reserve instances where a first call must not wait.",
  );
}

/** Pins a function (`true`), which puts it first in ListFunctions, or unpins it (`false`). */
function updateFunctionCollectState(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  const state = call.parameters["state"] ?? "";
  checkWord("state", state, ["true", "false"]);
  context.store.functions.pin(key, state === "true");
  return ok({});
}

function checkWord(name: string, given: string, allowed: readonly string[]): void {
  if (allowed.includes(given)) return;
  throw new ApiError(
    "FSS.0400",
    `${name} is ${shown(given)}, it must be ${allowed.join(" or ")}. Write it at the end of the path.`,
  );
}

/** Logs, tracing, snapshots and pins. */
export const observationOperations = {
  EnableLtsLogs: enableLtsLogs,
  EnableAsyncStatusLog: enableAsyncStatusLog,
  ShowProjectAsyncStatusLogInfo: showProjectAsyncStatusLogInfo,
  ShowLtsLogDetails: showLtsLogDetails,
  ShowTracing: showTracing,
  UpdateTracing: updateTracing,
  ShowFuncSnapshotState: showFuncSnapshotState,
  UpdateFuncSnapshot: updateFuncSnapshot,
  UpdateFunctionCollectState: updateFunctionCollectState,
} satisfies Operations;
