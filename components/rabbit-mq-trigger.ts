import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:RabbitMqTrigger";

/** Arguments of a RabbitMQ trigger. */
export interface RabbitMqTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the RabbitMQ instance. */
  instanceId: pulumi.Input<string>;
  /** Name of the exchange. */
  exchange: pulumi.Input<string>;
  /** Password of the user; it is kept encrypted and never shown. */
  password: pulumi.Input<string>;
  /**
   * User of the instance. Defaults to the instance's own.
   *
   * @default - the instance's own
   */
  user?: pulumi.Input<string>;
  /**
   * Virtual host of the exchange. Defaults to the instance's first.
   *
   * @default - the instance's first
   */
  vhost?: pulumi.Input<string>;
  /**
   * Address of the instance. Defaults to its own.
   *
   * @default - its own
   */
  address?: pulumi.Input<string>;
  /**
   * Whether connections are encrypted. Defaults to what the instance does.
   *
   * @default - as the instance does
   */
  ssl?: pulumi.Input<boolean>;
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
 * Calls a function for messages of a RabbitMQ exchange.
 *
 * ```ts
 * new fg.RabbitMqTrigger("orders", {
 *   functionUrn: book.functionUrn,
 *   instanceId: "rabbit-1",
 *   exchange: "orders",
 *   password: config.requireSecret("rabbitPassword"),
 * });
 * ```
 */
export class RabbitMqTrigger extends SourceTrigger {
  constructor(name: string, args: RabbitMqTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["RABBITMQ", name], args, opts);
  }
}
