import type * as pulumi from "@pulumi/pulumi";
import type { DdsTriggerArgs } from "./dds-trigger.ts";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:GaussMongoTrigger";

/** Arguments of a trigger of a GaussDB for Mongo: those of a document database. */
export interface GaussMongoTriggerArgs extends DdsTriggerArgs {}

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
