import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:RocketMqTrigger";

/** Arguments of a RocketMQ trigger. */
export interface RocketMqTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the RocketMQ instance. */
  instanceId: pulumi.Input<string>;
  /** Topics that are read; at least one. */
  topics: pulumi.Input<string>[];
  /**
   * Consumer group that reads. Defaults to one of the trigger's own.
   *
   * @default - the trigger's own
   */
  consumerGroup?: pulumi.Input<string>;
  /**
   * User that the instance asks for; together with `password`. Defaults to none.
   *
   * @default - no user
   */
  user?: pulumi.Input<string>;
  /**
   * Password that belongs to `user`; it is kept encrypted and never shown. Defaults to none.
   *
   * @default - no password
   */
  password?: pulumi.Input<string>;
  /**
   * Whether connections are encrypted. Defaults to what the instance does.
   *
   * @default - as the instance does
   */
  ssl?: pulumi.Input<boolean>;
  /**
   * Address of the instance. Defaults to its own.
   *
   * @default - its own
   */
  address?: pulumi.Input<string>;
  /**
   * Messages that one call is given at most, 1–1000. Defaults to 100.
   *
   * @default 100
   */
  batchSize?: pulumi.Input<number>;
  /**
   * Whether events call the function. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Calls a function for messages of RocketMQ topics. The event is that of a `KafkaTrigger`.
 *
 * ```ts
 * new fg.RocketMqTrigger("orders", { functionUrn: book.functionUrn, instanceId: "rocket-1", topics: ["orders"] });
 * ```
 */
export class RocketMqTrigger extends SourceTrigger {
  constructor(name: string, args: RocketMqTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["ROCKETMQ", name], args, opts);
  }
}
