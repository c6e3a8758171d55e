import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:DmsTrigger";

/** Arguments of a trigger of a message queue. */
export interface DmsTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the queue. */
  queueId: pulumi.Input<string>;
  /** Id of the consumer group. */
  consumerGroupId: pulumi.Input<string>;
  /**
   * Seconds between two readings, 1–60000. Defaults to 30.
   *
   * @default 30
   */
  pollingInterval?: pulumi.Input<number>;
  /**
   * Whether events call the function. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Calls a function for messages of a queue (DMS).
 *
 * ```ts
 * new fg.DmsTrigger("jobs", { functionUrn: work.functionUrn, queueId: "q1", consumerGroupId: "c1" });
 * ```
 */
export class DmsTrigger extends SourceTrigger {
  constructor(name: string, args: DmsTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["DMS", name], args, opts);
  }
}
