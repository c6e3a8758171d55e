import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:OpenSourceKafkaTrigger";

/** Arguments of a trigger of a Kafka cluster of one's own. */
export interface OpenSourceKafkaTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Addresses of the brokers, `host:port` with commas between. */
  address: pulumi.Input<string>;
  /** Topics that are read; at least one. */
  topics: pulumi.Input<string>[];
  /**
   * Messages that one call is given at most, 1–1000. Defaults to 100.
   *
   * @default 100
   */
  batchSize?: pulumi.Input<number>;
  /**
   * Id that stands for the cluster in events. Defaults to none.
   *
   * @default - none
   */
  instanceId?: pulumi.Input<string>;
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
   * Whether connections are encrypted. Defaults to no encryption.
   *
   * @default - not encrypted
   */
  ssl?: pulumi.Input<boolean>;
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
 * Calls a function for messages of a Kafka cluster that is no service of the cloud.
 *
 * ```ts
 * new fg.OpenSourceKafkaTrigger("orders", {
 *   functionUrn: book.functionUrn,
 *   address: "kafka-1:9092,kafka-2:9092",
 *   topics: ["orders"],
 * });
 * ```
 *
 * The brokers have to be reachable from the function's own subnet. The event is that of a `KafkaTrigger`.
 */
export class OpenSourceKafkaTrigger extends SourceTrigger {
  constructor(name: string, args: OpenSourceKafkaTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["OPENSOURCEKAFKA", name], args, opts);
  }
}
