import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:GaussMongoTrigger";

/** Arguments of a trigger of a GaussDB for Mongo. */
export interface GaussMongoTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the database instance. */
  instanceId: pulumi.Input<string>;
  /** Name of the database. */
  database: pulumi.Input<string>;
  /** Name of the collection. */
  collection: pulumi.Input<string>;
  /** Password of the user; it is kept encrypted and never shown. */
  password: pulumi.Input<string>;
  /**
   * User of the database. Defaults to the instance's own.
   *
   * @default - the instance's own
   */
  user?: pulumi.Input<string>;
  /**
   * Messages that one call is given at most, 1–10000. Defaults to 100.
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
 * Calls a function for changes of a collection of a GaussDB for Mongo.
 *
 * ```ts
 * new fg.GaussMongoTrigger("orders", {
 *   functionUrn: book.functionUrn,
 *   instanceId: "gauss-1",
 *   database: "shop",
 *   collection: "orders",
 *   password: config.requireSecret("databasePassword"),
 * });
 * ```
 *
 * The event is that of a `DdsTrigger`, with `gauss_mongo` in the place of `dds`.
 */
export class GaussMongoTrigger extends SourceTrigger {
  constructor(name: string, args: GaussMongoTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["GAUSSMONGO", name], args, opts);
  }
}
