import { isDeepStrictEqual } from "node:util";
import type { SourceData } from "./event-source.ts";
import { findEventSource } from "./event-sources.ts";
import { type ObsEventData, overlaps } from "./obs-events.ts";
import {
  type ApigEventData,
  isGateway,
  type TimerEventData,
  type TriggerSpec,
  TriggerType,
} from "./trigger.ts";

/*
 * Which triggers cannot be there side by side (guide 3.5).
 */

/** True when two gateway triggers would answer the same requests, whatever functions they call. */
export function sharesRoute(one: ApigEventData, other: ApigEventData): boolean {
  const methods = [one.req_method, other.req_method];
  return (methods[0] === methods[1] || methods.includes("ANY")) && routeOf(one) === routeOf(other);
}

/** What makes two paths the same: names of parameters and a last slash do not. */
function routeOf({ group_id: group, env_id: stage, match_mode: mode, path }: ApigEventData): string {
  return [group, stage, mode, path.replaceAll(/\{[^/]*\}/g, "{}").replace(/(.)\/$/, "$1")].join(" ");
}

/** True when one version or alias cannot have both: timers of one name, or two triggers of one source. */
export function isSecond(one: TriggerSpec, other: TriggerSpec): boolean {
  if (one.type !== other.type) return false;
  const [data, others] = [one.eventData as SourceData, other.eventData as SourceData];
  if (one.type === TriggerType.Timer)
    return (one.eventData as TimerEventData).name === (other.eventData as TimerEventData).name;
  const identity = findEventSource(one.type)?.identity;
  return identity !== undefined && identity.every((name) => isDeepStrictEqual(data[name], others[name]));
}

/** True when one function cannot have both, on whatever versions or aliases: one route, or events of one bucket. */
export function clashesAnywhere(one: TriggerSpec, other: TriggerSpec): boolean {
  if (isGateway(one.type) && isGateway(other.type))
    return sharesRoute(one.eventData as ApigEventData, other.eventData as ApigEventData);
  return (
    one.type === "OBS" &&
    other.type === "OBS" &&
    overlaps(one.eventData as ObsEventData, other.eventData as ObsEventData)
  );
}
