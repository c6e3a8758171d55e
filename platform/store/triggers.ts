import type { TriggerSpec } from "../../model/trigger.ts";
import type { FunctionKey } from "./function-key.ts";

/** A trigger as it is kept. */
export interface TriggerRecord {
  readonly id: string;
  readonly key: FunctionKey;
  /** Version name, or `!alias`, that the trigger calls. */
  readonly qualifier: string;
  readonly spec: TriggerSpec;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Triggers of all functions. */
export interface TriggerStore {
  create(key: FunctionKey, qualifier: string, spec: TriggerSpec): TriggerRecord;
  find(id: string): TriggerRecord | undefined;
  list(key: FunctionKey): TriggerRecord[];
  /** Every trigger, for the gateway's routes and the timers. */
  all(): TriggerRecord[];
  update(id: string, spec: TriggerSpec): TriggerRecord;
  delete(id: string): void;
}

/** A timer trigger and the time (epoch ms) it fired for. */
export interface TimerFire {
  readonly triggerId: string;
  readonly at: number;
}
