import type { ErrorCode } from "../../model/error-catalogue.ts";
import type { EventSource } from "../../model/event-source.ts";
import { findEventSource } from "../../model/event-sources.ts";
import { type ObsEventData, overlaps } from "../../model/obs-events.ts";
import { isGateway, type ApigEventData, type TimerEventData, type TriggerSpec } from "../../model/trigger.ts";
import { isSecond, sharesRoute } from "../../model/trigger-clash.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import { ApiError } from "./api-error.ts";
import type { ApiContext } from "./operation.ts";
import { shown, type CallTarget } from "./target.ts";

/**
 * Refuses a trigger that another one is in the way of. FSS.1146 and FSS.1147 for a taken route, FSS.1148 for a taken
 * timer name, FSS.1108 for a bucket whose events have a trigger, and the source's own code for a second trigger of one
 * source.
 */
export function refuseClash(target: CallTarget, spec: TriggerSpec, context: ApiContext): void {
  const source = findEventSource(spec.type);
  if (source !== undefined) checkSource(target, spec, source, context);
  else if (isGateway(spec.type)) checkRoute(target.key, spec.eventData as ApigEventData, context);
  else checkTimerName(target, spec, context);
}

/** Two gateway triggers must not answer the same requests: FSS.1146 on the same function, FSS.1147 on another. */
function checkRoute(key: FunctionKey, data: ApigEventData, { store }: ApiContext): void {
  for (const other of store.triggers.all()) {
    if (!isGateway(other.spec.type)) continue;
    const taken = other.spec.eventData as ApigEventData;
    if (!sharesRoute(taken, data)) continue;
    const own = keyText(other.key) === keyText(key);
    throw new ApiError(
      own ? "FSS.1146" : "FSS.1147",
      `${taken.req_method} ${taken.path} in the group "${data.group_id}" belongs to ${own ? "this function" : ownerOf(other, key)} already. Choose another path or method, or delete that trigger.`,
    );
  }
}

/** Names of other projects' functions are not told. */
function ownerOf(other: TriggerRecord, key: FunctionKey): string {
  return other.key.projectId === key.projectId
    ? `the function "${other.key.name}"`
    : "a function of another project";
}

function checkTimerName({ key, qualifier }: CallTarget, spec: TriggerSpec, { store }: ApiContext): void {
  const { name } = spec.eventData as TimerEventData;
  const clash = store.triggers
    .list(key)
    .find((one) => one.qualifier === qualifier && isSecond(one.spec, spec));
  if (clash === undefined) return;
  throw new ApiError("FSS.1148", `The function has a timer ${shown(name)} already. Choose another name.`);
}

/** One version or alias has one trigger of a source, and one event of a bucket has one trigger: FSS.1108. */
function checkSource(
  { key, qualifier }: CallTarget,
  spec: TriggerSpec,
  source: EventSource,
  { store }: ApiContext,
): void {
  const same = store.triggers
    .list(key)
    .find((one) => one.qualifier === qualifier && isSecond(one.spec, spec));
  if (same !== undefined)
    throw new ApiError(
      source.codes.taken as ErrorCode,
      `The function has ${source.noun} trigger with the same ${source.identity.join(", ")} already. Use that one, or delete it first.`,
    );
  if (spec.type === "OBS") checkBucket(key, spec.eventData as ObsEventData, store);
}

function checkBucket(key: FunctionKey, data: ObsEventData, store: ApiContext["store"]): void {
  const other = store.triggers
    .all()
    .filter((one) => one.key.projectId === key.projectId && one.spec.type === "OBS")
    .find(({ spec }) => overlaps(spec.eventData as ObsEventData, data));
  if (other === undefined) return;
  throw new ApiError(
    "FSS.1108",
    `Objects of the bucket ${shown(data.bucket)} call the function "${other.key.name}" for some of these events already. Give the two separate events, prefixes or suffixes.`,
  );
}
