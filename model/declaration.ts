import type { AsyncSettings } from "./async-settings.ts";
import type { DependencySpec } from "./dependency.ts";
import { checkSourceData, type EventSource, type SourceData, sourceToWire } from "./event-source.ts";
import type { Fault } from "./fault.ts";
import type { CodeSpec, FunctionSpec } from "./function.ts";
import type { ReservedInstancesSpec } from "./reserved-instances.ts";
import {
  type ApigEventData,
  checkApig,
  checkGateway,
  checkGatewayInstance,
  checkTimer,
  type TimerEventData,
  TriggerType,
} from "./trigger.ts";

/*
 * What a program declares, as plain values: the inputs that components register and the provider applies.
 */

/** A function and the archive of its code. */
export interface FunctionInputs extends FunctionSpec {
  /** Values by key; left out when there are none. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly codeType: CodeSpec["type"];
  /** Bytes of the archive. */
  readonly codeSize: number;
  /** SHA-512 of the archive, hex. */
  readonly codeDigest: string;
  readonly codeFilename: string;
  /** Where the archive lies, relative to the program's folder. */
  readonly codeArchive: string;
}

export interface VersionInputs {
  readonly functionUrn: string;
  /** Undefined: the platform makes a name of the time. */
  readonly name?: string;
  readonly description: string;
  /** Digest of the code and configuration that the version follows; undefined when it is published once. */
  readonly contentDigest?: string;
}

export interface AliasInputs {
  readonly functionUrn: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly additional?: { readonly version: string; readonly weight: number };
}

export interface HttpTriggerInputs {
  readonly functionUrn: string;
  readonly name: string;
  readonly path: string;
  readonly method: ApigEventData["req_method"];
  readonly auth: ApigEventData["auth"];
  readonly matchMode: ApigEventData["match_mode"];
  readonly protocol: ApigEventData["protocol"];
  readonly groupId: string;
  readonly timeoutMs: number;
  /** Left out for the shared gateway. */
  readonly gateway?: string;
  /** Which dedicated gateway. */
  readonly instanceId?: string;
  /** Left out for RELEASE. */
  readonly stage?: { readonly name: string; readonly id: string };
  /** True when callers do not wait for the function; left out otherwise. */
  readonly asynchronous?: boolean;
}

export interface TimerTriggerInputs {
  readonly functionUrn: string;
  readonly name: string;
  readonly scheduleType: TimerEventData["schedule_type"];
  readonly schedule: string;
  readonly userEvent: string;
  readonly enabled: boolean;
}

/** A trigger of an event source: its settings stand under the names that `model/event-sources.ts` has for them. */
export interface SourceTriggerInputs {
  readonly functionUrn: string;
  /** Left out where the source's triggers can only be deleted. */
  readonly enabled?: boolean;
  readonly [setting: string]: unknown;
}

export interface ReservedInstancesInputs extends ReservedInstancesSpec {
  /** A version or an alias. */
  readonly functionUrn: string;
}

export interface AsyncInvokeInputs extends AsyncSettings {
  /** A function, a version or an alias. */
  readonly functionUrn: string;
}

/** A dependency's next version and the archive of its files. */
export interface DependencyInputs extends DependencySpec {
  /** MD5 of the archive, hex: the one digest that the platform shows of it. */
  readonly codeEtag: string;
  /** Bytes of the archive. */
  readonly codeSize: number;
  /** Where the archive lies, relative to the program's folder. */
  readonly codeArchive: string;
}

export interface TestEventInputs {
  readonly functionUrn: string;
  readonly name: string;
  /** JSON text. */
  readonly event: string;
}

/** The stage that callers reach without naming one. */
const RELEASE = { name: "RELEASE", id: "DEFAULT_ENVIRONMENT_RELEASE_ID" };

/** `event_data` for a declared HTTP trigger. */
export function apigEventData(inputs: HttpTriggerInputs): ApigEventData {
  const { instanceId, stage = RELEASE } = inputs;
  return {
    name: inputs.name,
    path: inputs.path,
    protocol: inputs.protocol,
    req_method: inputs.method,
    group_id: inputs.groupId,
    match_mode: inputs.matchMode,
    env_name: stage.name,
    env_id: stage.id,
    auth: inputs.auth,
    func_info: { timeout: inputs.timeoutMs, ...(inputs.asynchronous && { invocation_type: "async" }) },
    ...(instanceId !== undefined && { instance_id: instanceId }),
  };
}

/** `event_data` for a declared timer. */
export function timerEventData(inputs: TimerTriggerInputs): TimerEventData {
  return {
    name: inputs.name,
    schedule_type: inputs.scheduleType,
    schedule: inputs.schedule,
    ...(inputs.userEvent === "" ? {} : { user_event: inputs.userEvent }),
  };
}

/** All faults of a declared HTTP trigger, under the names of its inputs. */
export function checkHttpTrigger(inputs: HttpTriggerInputs): Fault[] {
  const gateway = inputs.gateway ?? TriggerType.Apig;
  const faults = [
    ...checkGateway(gateway),
    ...checkApig(apigEventData(inputs)),
    ...checkGatewayInstance(gateway, inputs.instanceId),
  ];
  return renamed(faults, {
    req_method: "method",
    match_mode: "matchMode",
    "func_info.timeout": "timeoutMs",
    instance_id: "instanceId",
  });
}

/** The stage of a gateway trigger as a declaration has it; undefined for RELEASE. */
export function declaredStage({ env_name: name, env_id: id }: ApigEventData): HttpTriggerInputs["stage"] {
  return id === RELEASE.id ? undefined : { name, id };
}

/** All faults of a declared timer, under the names of its inputs. */
export function checkTimerTrigger(inputs: TimerTriggerInputs): Fault[] {
  return renamed(checkTimer(timerEventData(inputs)), { schedule_type: "scheduleType" });
}

/** All faults of a declared trigger of an event source, under the names of its inputs. */
export function checkSourceTrigger(source: EventSource, settings: SourceData): Fault[] {
  const names = Object.fromEntries(source.fields.map(({ wire, name }) => [wire, name]));
  return renamed(checkSourceData(source, sourceToWire(source, settings)), names);
}

/** The same faults, told under the names that the reader knows. */
export function renamed(faults: readonly Fault[], names: Readonly<Record<string, string>>): Fault[] {
  return faults.map((fault) => ({ ...fault, property: names[fault.property] ?? fault.property }));
}
