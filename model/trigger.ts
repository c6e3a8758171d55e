import { checkSourceData, type SourceData } from "./event-source.ts";
import { EVENT_SOURCES, findEventSource, type SourceType } from "./event-sources.ts";
import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import { checkName } from "./name-rules.ts";
import { checkWholeNumber } from "./number.ts";
import type { ObsEventData } from "./obs-events.ts";
import { findRuntime } from "./runtimes.ts";
import { parseSchedule } from "./schedule.ts";

/** Types of triggers that need no event source. */
export const TriggerType = {
  Timer: "TIMER",
  /** The shared gateway. */
  Apig: "APIG",
  DedicatedGateway: "DEDICATEDGATEWAY",
  Apic: "APIC",
} as const;
export type TriggerType = (typeof TriggerType)[keyof typeof TriggerType] | SourceType;

/** Every type of trigger that can be created. */
export const TRIGGER_TYPES: readonly string[] = [
  ...Object.values(TriggerType),
  ...Object.keys(EVENT_SOURCES),
];

const GATEWAYS: readonly string[] = [TriggerType.Apig, TriggerType.DedicatedGateway, TriggerType.Apic];

/** True for triggers that answer HTTP requests, whichever gateway they name. */
export function isGateway(type: string): boolean {
  return GATEWAYS.includes(type);
}

/** False for triggers that can only be deleted: those of OBS and of gateways (guide 3.5.1). */
export function canBeDisabled(type: string): boolean {
  return !isGateway(type) && findEventSource(type)?.canBeDisabled !== false;
}

export const TriggerStatus = { Active: "ACTIVE", Disabled: "DISABLED" } as const;
export type TriggerStatus = (typeof TriggerStatus)[keyof typeof TriggerStatus];

/** `event_data` of a TIMER trigger, in the API's own words (guide 3.5.2). */
export interface TimerEventData {
  readonly name: string;
  readonly schedule_type: "Rate" | "Cron";
  /** `3m`, `2h`, `1d`, or a cron expression (guide 3.5.4). */
  readonly schedule: string;
  readonly user_event?: string;
}

/** `event_data` of a gateway trigger, in the API's own words (guide 3.5.3). */
export interface ApigEventData {
  readonly name?: string;
  readonly type?: number;
  readonly path: string;
  readonly protocol: "HTTP" | "HTTPS";
  readonly req_method: "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "PATCH" | "OPTIONS" | "ANY";
  readonly group_id: string;
  readonly group_name?: string;
  /** SWA matches every path below `path`, NORMAL the path alone. */
  readonly match_mode: "SWA" | "NORMAL";
  readonly env_name: string;
  readonly env_id: string;
  readonly auth: "IAM" | "APP" | "NONE";
  /** `timeout` in milliseconds. */
  readonly func_info: {
    readonly function_urn?: string;
    readonly invocation_type?: "sync" | "async";
    readonly timeout: number;
    readonly version?: string;
  };
  readonly sl_domain?: string;
  readonly backend_type?: string;
  readonly instance_id?: string;
}

export type EventData = TimerEventData | ApigEventData | ObsEventData | SourceData;

export interface TriggerSpec {
  readonly type: TriggerType;
  readonly status: TriggerStatus;
  readonly eventData: EventData;
}

/** All faults of a trigger, for a function of the given runtime. */
export function checkTrigger(spec: TriggerSpec, runtime: string): Fault[] {
  const faults = [
    ...checkChoice("type", spec.type, TRIGGER_TYPES, "FSS.1101"),
    ...checkChoice("status", spec.status, Object.values(TriggerStatus), "FSS.0400"),
    ...checkEventData(spec),
  ];
  if (!isGateway(spec.type) && findRuntime(runtime)?.family === "http")
    faults.push({
      property: "type",
      value: spec.type,
      rule: "an HTTP function takes HTTP triggers only",
      fix: `Use an ${TriggerType.Apig} trigger, or an event function.`,
      code: "FSS.1101",
    });
  return faults;
}

function checkEventData({ type, eventData }: TriggerSpec): Fault[] {
  const source = findEventSource(type);
  if (source !== undefined) return checkSourceData(source, eventData as SourceData);
  if (type === TriggerType.Timer) return checkTimer(eventData as TimerEventData);
  const data = eventData as ApigEventData;
  return [...checkApig(data), ...checkGatewayInstance(type, data.instance_id)];
}

/** A fault unless it is a gateway. */
export function checkGateway(gateway: string): Fault[] {
  return checkChoice("gateway", gateway, GATEWAYS, "FSS.1101");
}

/** A dedicated gateway is an instance of its own; the shared one is nobody's (guide 3.5.3). */
export function checkGatewayInstance(type: string, instanceId: string | undefined): Fault[] {
  if (type !== TriggerType.DedicatedGateway || instanceId) return [];
  const rule = "a trigger of a dedicated gateway needs it";
  return [{ property: "instance_id", rule, fix: "Give the id of the gateway's instance.", code: APIG }];
}

/** All faults of a timer (guide 3.5.2). */
export function checkTimer(data: TimerEventData): Fault[] {
  const type = checkChoice("schedule_type", data.schedule_type, ["Rate", "Cron"], "FSS.1109");
  const schedule = type.length > 0 ? [] : parseSchedule(data.schedule_type, data.schedule);
  return [...checkName("trigger", data.name), ...type, ...(Array.isArray(schedule) ? schedule : [])];
}

const APIG = "FSS.1107";
const METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "ANY"];

/** All faults of an HTTP trigger (guide 3.5.3). */
export function checkApig(data: ApigEventData): Fault[] {
  const name =
    data.name === undefined ? [] : checkName("trigger", data.name).map((fault) => ({ ...fault, code: APIG }));
  return [
    ...name,
    ...checkPath(data.path),
    ...checkChoice("protocol", data.protocol, ["HTTP", "HTTPS"], APIG),
    ...checkChoice("req_method", data.req_method, METHODS, APIG),
    ...checkChoice("match_mode", data.match_mode, ["SWA", "NORMAL"], APIG),
    ...checkChoice("auth", data.auth, ["IAM", "APP", "NONE"], APIG),
    ...checkWholeNumber("func_info.timeout", data.func_info.timeout, {
      ...LIMITS.backendTimeoutMs,
      unit: "milliseconds",
      code: APIG,
    }),
  ];
}

/** Segments are literal, or `{name}` for one of any text. */
const PATH = /^\/$|^(\/([\w.~!$&'()*+,;=:@%-]+|\{[A-Za-z]\w*\}))+\/?$/;

function checkPath(path: string): Fault[] {
  const given = { property: "path", value: path, code: APIG };
  if (path.length > LIMITS.httpPathLength)
    return [
      {
        ...given,
        rule: `has ${path.length} characters, at most ${LIMITS.httpPathLength} are allowed`,
        fix: "Shorten the path, or match everything below a shorter one (SWA).",
      },
    ];
  if (PATH.test(path)) return [];
  return [
    {
      ...given,
      rule: "must start with / and have segments of letters, digits and URL punctuation, or {name} for any",
      fix: 'Write "/photo" or "/photo/{id}", for example, and leave out the query.',
    },
  ];
}

function checkChoice(property: string, value: string, choices: readonly string[], code: string): Fault[] {
  if (choices.includes(value)) return [];
  return [
    {
      property,
      value,
      rule: `must be one of ${choices.join(", ")}`,
      fix: `Write "${choices[0]}", for example.`,
      code,
    },
  ];
}
