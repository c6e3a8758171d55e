import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:KafkaTrigger";

/** Arguments of a Kafka trigger. */
export interface KafkaTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the Kafka instance. */
  instanceId: pulumi.Input<string>;
  /** Topics that are read; at least one. */
  topics: pulumi.Input<string>[];
  /**
   * Messages that one call is given at most, 1–1000. Defaults to 100.
   *
   * @default 100
   */
  batchSize?: pulumi.Input<number>;
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
   * Addresses of the brokers, `host:port` with commas between. Defaults to those of the instance.
   *
   * @default - the instance's own
   */
  address?: pulumi.Input<string>;
  /**
   * Subnet that Kafka lies in, to be compared with the function's own. Defaults to none: nothing is compared.
   *
   * @default - not compared
   */
  subnetId?: pulumi.Input<string>;
  /**
   * Whether events call the function. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Calls a function for messages of a Kafka instance of the cloud (guide 3.5, FAQ 5.2).
 *
 * ```ts
 * new fg.KafkaTrigger("orders", { functionUrn: book.functionUrn, instanceId: "kafka-1", topics: ["orders"] });
 * ```
 *
 * The instance has to lie in the function's own subnet. The function is called asynchronously with
 * `records[].messages`. Everything but `enabled` is fixed: another value makes a new trigger.
 */
export class KafkaTrigger extends SourceTrigger {
  constructor(name: string, args: KafkaTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["KAFKA", name], args, opts);
  }
}
