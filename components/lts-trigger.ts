import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:LtsTrigger";

/** Arguments of a trigger of a log stream. */
export interface LtsTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the log group. */
  logGroupId: pulumi.Input<string>;
  /** Id of the log stream. */
  logTopicId: pulumi.Input<string>;
  /**
   * Name of the log group, for readers. Defaults to none.
   *
   * @default - none
   */
  logGroupName?: pulumi.Input<string>;
  /**
   * Name of the log stream, for readers. Defaults to none.
   *
   * @default - none
   */
  logTopicName?: pulumi.Input<string>;
  /**
   * Whether events call the function. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Calls a function for lines of a log stream (LTS).
 *
 * ```ts
 * new fg.LtsTrigger("errors", { functionUrn: alarm.functionUrn, logGroupId: "g1", logTopicId: "t1" });
 * ```
 *
 * The event's `lts.data` is Base64. A function that writes into the stream that calls it goes round for ever.
 */
export class LtsTrigger extends SourceTrigger {
  constructor(name: string, args: LtsTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["LTS", name], args, opts);
  }
}
