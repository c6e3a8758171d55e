import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:DdsTrigger";

/** Arguments of a trigger of a document database. */
export interface DdsTriggerArgs {
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
 * Calls a function for changes of a collection of a document database (DDS).
 *
 * ```ts
 * new fg.DdsTrigger("orders", {
 *   functionUrn: book.functionUrn,
 *   instanceId: "dds-1",
 *   database: "shop",
 *   collection: "orders",
 *   password: config.requireSecret("databasePassword"),
 * });
 * ```
 *
 * The instance has to keep a change log, and to be reachable from the function's own subnet.
 */
export class DdsTrigger extends SourceTrigger {
  constructor(name: string, args: DdsTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["DDS", name], args, opts);
  }
}
