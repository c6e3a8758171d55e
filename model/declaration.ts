import type { AsyncSettings } from "./async-settings.ts";
import type { DependencySpec } from "./dependency.ts";
import type { Fault } from "./fault.ts";
import type { CodeSpec, FunctionSpec } from "./function.ts";
import type { ReservedInstancesSpec } from "./reserved-instances.ts";
import { type ApigEventData, checkApig, checkTimer, type TimerEventData } from "./trigger.ts";

/*
 * What a program declares, as plain values: the inputs that components register and the provider applies.
 */

/** A function and the archive of its code. */
export interface FunctionInputs extends FunctionSpec {
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
}

export interface TimerTriggerInputs {
  readonly functionUrn: string;
  readonly name: string;
  readonly scheduleType: TimerEventData["schedule_type"];
  readonly schedule: string;
  readonly userEvent: string;
  readonly enabled: boolean;
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

/** `event_data` for a declared HTTP trigger; it is always in the stage RELEASE. */
export function apigEventData(inputs: HttpTriggerInputs): ApigEventData {
  return {
    name: inputs.name,
    path: inputs.path,
    protocol: inputs.protocol,
    req_method: inputs.method,
    group_id: inputs.groupId,
    match_mode: inputs.matchMode,
    env_name: "RELEASE",
    env_id: "DEFAULT_ENVIRONMENT_RELEASE_ID",
    auth: inputs.auth,
    func_info: { timeout: inputs.timeoutMs },
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
  return renamed(checkApig(apigEventData(inputs)), {
    req_method: "method",
    match_mode: "matchMode",
    "func_info.timeout": "timeoutMs",
  });
}

/** All faults of a declared timer, under the names of its inputs. */
export function checkTimerTrigger(inputs: TimerTriggerInputs): Fault[] {
  return renamed(checkTimer(timerEventData(inputs)), { schedule_type: "scheduleType" });
}

/** The same faults, told under the names that the reader knows. */
export function renamed(faults: readonly Fault[], names: Readonly<Record<string, string>>): Fault[] {
  return faults.map((fault) => ({ ...fault, property: names[fault.property] ?? fault.property }));
}
