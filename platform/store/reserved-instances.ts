import type { ReservedInstancesSpec } from "../../model/reserved-instances.ts";
import type { FunctionKey } from "./function-key.ts";

/** Instances that are reserved for one version or alias. */
export interface ReservedInstancesRecord {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly spec: ReservedInstancesSpec;
}

/** Reserved instances, by version name or `!alias`; they go with it. */
export interface ReservedInstanceStore {
  put(key: FunctionKey, qualifier: string, spec: ReservedInstancesSpec): void;
  delete(key: FunctionKey, qualifier: string): void;
  /** Of one function. */
  list(key: FunctionKey): ReservedInstancesRecord[];
  /** Of all functions of a project, or of all projects, in the order of their names. */
  all(projectId?: string): ReservedInstancesRecord[];
}
