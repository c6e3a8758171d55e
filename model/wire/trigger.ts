import { z } from "zod";
import type { Fault } from "../fault.ts";
import { withFlagTexts } from "../event-source.ts";
import { findEventSource, secretFieldsOf } from "../event-sources.ts";
import { LIMITS } from "../limits.ts";
import {
  type ApigEventData,
  canBeDisabled,
  checkTrigger,
  type EventData,
  isGateway,
  type TimerEventData,
  TRIGGER_TYPES,
  type TriggerSpec,
  TriggerStatus,
  TriggerType,
} from "../trigger.ts";
import { formatApiTime, parseApiTime, readBody } from "./body.ts";

const createSchema = z.looseObject({
  trigger_type_code: z.string(),
  trigger_status: z.string().nullish(),
  event_data: z.looseObject({}),
});

const timerSchema = z.looseObject({
  name: z.string(),
  schedule_type: z.string(),
  schedule: z.string(),
  user_event: z.string().nullish(),
});

const functionInfoSchema = z.looseObject({
  function_urn: z.string().optional(),
  invocation_type: z.enum(["sync", "async"]).optional(),
  timeout: z.number(),
  version: z.string().optional(),
});

/** Defaults stand where known clients leave the field out. */
const apigSchema = z.looseObject({
  name: z.string().optional(),
  type: z.number().optional(),
  path: z.string(),
  protocol: z.string().default("HTTPS"),
  req_method: z.string().default("ANY"),
  group_id: z.string().default("DEFAULT"),
  match_mode: z.string().default("SWA"),
  env_name: z.string().default("RELEASE"),
  env_id: z.string().default("DEFAULT_ENVIRONMENT_RELEASE_ID"),
  auth: z.string().default("IAM"),
  func_info: functionInfoSchema.default({ timeout: LIMITS.backendTimeoutMs.default }),
  /** What the Serverless Framework plugin sends instead of `func_info`. */
  function_info: functionInfoSchema.optional(),
});

/** Body of CreateFunctionTrigger, for a function of the given runtime. `event_data` keeps every field, as clients compare it. */
export function triggerFromWire(body: unknown, runtime: string): TriggerSpec | Fault[] {
  const read = readBody(createSchema, body, { trigger_type_code: "FSS.1101" });
  if (Array.isArray(read)) return read;
  const eventData = readEventData(read.trigger_type_code, read.event_data);
  if (Array.isArray(eventData)) return eventData;
  return checked(
    {
      type: read.trigger_type_code as TriggerType,
      status: (read.trigger_status ?? TriggerStatus.Active) as TriggerStatus,
      eventData,
    },
    runtime,
  );
}

const updateSchema = z.looseObject({
  trigger_status: z.string().nullish(),
  event_data: z.union([z.array(z.unknown()), z.looseObject({})]).nullish(),
});

/**
 * Body of UpdateTrigger on the current trigger: the status, and fields of `event_data` over those that are there. An
 * `event_data` that is a list concerns streams, and other triggers pass it over. A secret that comes back blank, as it
 * was read, keeps its value. Triggers of gateways and of OBS cannot be disabled, only deleted (guide 3.5.1).
 */
export function updateTriggerFromWire(
  body: unknown,
  current: TriggerSpec,
  runtime: string,
): TriggerSpec | Fault[] {
  const read = readBody(updateSchema, body);
  if (Array.isArray(read)) return read;
  const given = Array.isArray(read.event_data) ? tunedBy(read.event_data[0], current) : read.event_data;
  const eventData = readEventData(current.type, { ...current.eventData, ...withoutBlanks(given, current) });
  if (Array.isArray(eventData)) return eventData;
  const status = (read.trigger_status ?? current.status) as TriggerStatus;
  if (status === TriggerStatus.Disabled && !canBeDisabled(current.type)) return [undisablable(current.type)];
  return checked({ type: current.type, status, eventData }, runtime);
}

function undisablable(type: string): Fault {
  return {
    property: "trigger_status",
    value: TriggerStatus.Disabled,
    rule: `${type} triggers cannot be disabled`,
    fix: "Delete the trigger instead.",
    code: findEventSource(type)?.codes.wrong ?? "FSS.1107",
  };
}

/** Of the settings of streams, those that the trigger has and that may change. */
function tunedBy(settings: unknown, { type }: TriggerSpec): Record<string, unknown> {
  const given = (settings ?? {}) as Record<string, unknown>;
  const tunable = findEventSource(type)?.fields.filter((field) => field.tunable === true) ?? [];
  const entries = tunable.map(({ wire }) => [wire, given[wire] ?? undefined] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function withoutBlanks(
  given: Record<string, unknown> | null | undefined,
  { type }: TriggerSpec,
): Record<string, unknown> {
  const secrets = secretFieldsOf(type);
  return Object.fromEntries(
    Object.entries(given ?? {}).filter(([name, value]) => value !== "" || !secrets.includes(name)),
  );
}

/** The body that CreateFunctionTrigger takes. */
export function triggerToBody(spec: TriggerSpec): Record<string, unknown> {
  return { trigger_type_code: spec.type, trigger_status: spec.status, event_data: spec.eventData };
}

/** A trigger as the platform keeps it. */
interface TriggerView {
  readonly id: string;
  readonly spec: TriggerSpec;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** What only replies say of a gateway trigger. */
interface ApigReply {
  readonly invoke_url: string;
  readonly api_id: string;
  readonly api_name: string;
}

/** A trigger as the API answers it: secrets are blank, and `apig` is added to the event data of a gateway trigger. */
export function triggerToWire(view: TriggerView, apig?: ApigReply): Record<string, unknown> {
  const data = masked(view.spec);
  return {
    trigger_id: view.id,
    trigger_type_code: view.spec.type,
    trigger_status: view.spec.status,
    event_data: apig === undefined ? data : { ...data, triggerid: view.id, ...apig },
    last_updated_time: formatApiTime(view.modifiedAt),
    created_time: formatApiTime(view.createdAt),
  };
}

function masked({ type, eventData }: TriggerSpec): EventData {
  const secrets = secretFieldsOf(type).filter((name) => name in eventData);
  if (secrets.length === 0) return eventData;
  return { ...eventData, ...Object.fromEntries(secrets.map((name) => [name, ""])) };
}

/** A trigger as a client reads it. */
export interface TriggerReply {
  readonly id: string;
  readonly spec: TriggerSpec;
  /** Address of a gateway trigger. */
  readonly url?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

const replySchema = createSchema.extend({
  trigger_id: z.string(),
  created_time: z.string(),
  last_updated_time: z.string(),
});

/** Reads a reply of the trigger calls, or an item of their list. */
export function triggerReplyFromWire(body: unknown): TriggerReply | Fault[] {
  const read = readBody(replySchema, body);
  if (Array.isArray(read)) return read;
  const { triggerid: _id, api_id: _api, api_name: _name, invoke_url: url, ...own } = read.event_data;
  const eventData = readEventData(read.trigger_type_code, own);
  if (Array.isArray(eventData)) return eventData;
  return {
    id: read.trigger_id,
    spec: {
      type: read.trigger_type_code as TriggerType,
      status: (read.trigger_status ?? TriggerStatus.Active) as TriggerStatus,
      eventData,
    },
    ...(typeof url === "string" ? { url } : {}),
    createdAt: parseApiTime(read.created_time),
    modifiedAt: parseApiTime(read.last_updated_time),
  };
}

function checked(spec: TriggerSpec, runtime: string): TriggerSpec | Fault[] {
  const faults = checkTrigger(spec, runtime).map((fault) => ({
    ...fault,
    property: WIRE_NAMES[fault.property] ?? `event_data.${fault.property}`,
  }));
  return faults.length > 0 ? faults : spec;
}

const WIRE_NAMES: Readonly<Record<string, string>> = { type: "trigger_type_code", status: "trigger_status" };

function readEventData(type: string, data: Record<string, unknown>): EventData | Fault[] {
  if (type === TriggerType.Timer) return readTimer(data);
  if (isGateway(type)) return readApig(data);
  const source = findEventSource(type);
  if (source !== undefined) return withFlagTexts(source, data);
  return [
    {
      property: "trigger_type_code",
      value: type,
      rule: `must be one of ${TRIGGER_TYPES.join(", ")}`,
      fix: "Send one of these.",
      code: "FSS.1101",
    },
  ];
}

function readTimer(data: Record<string, unknown>): TimerEventData | Fault[] {
  const read = readBody(timerSchema, data);
  if (Array.isArray(read)) return inEventData(read, "FSS.1109");
  const { user_event: userEvent, ...rest } = read;
  return { ...rest, ...(userEvent ? { user_event: userEvent } : {}) } as TimerEventData;
}

function readApig(data: Record<string, unknown>): ApigEventData | Fault[] {
  const read = readBody(apigSchema, data);
  if (Array.isArray(read)) return inEventData(read, "FSS.1107");
  const { function_info: info, ...rest } = read;
  return {
    ...rest,
    func_info: data["func_info"] === undefined && info ? info : rest.func_info,
  } as ApigEventData;
}

function inEventData(faults: readonly Fault[], code: string): Fault[] {
  return faults.map((fault) => ({ ...fault, property: `event_data.${fault.property}`, code }));
}
