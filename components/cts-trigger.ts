import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:CtsTrigger";

/** Arguments of a trigger of audited operations. */
export interface CtsTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Operations that call the function, each `SERVICE:resourceA;resourceB:operationA;operationB`; at least one. */
  operations: pulumi.Input<string>[];
  /**
   * Name of the trigger on the platform. Defaults to the resource's own name.
   *
   * @default - the resource's name
   */
  triggerName?: string;
  /**
   * Whether events call the function. Defaults to true.
   *
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
}

/**
 * Calls a function when somebody does something to the cloud's resources (CTS).
 *
 * ```ts
 * new fg.CtsTrigger("servers", {
 *   functionUrn: audit.functionUrn,
 *   operations: ["ECS:server:createServer;deleteServer"],
 * });
 * ```
 */
export class CtsTrigger extends SourceTrigger {
  constructor(name: string, args: CtsTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["CTS", name], args, opts);
  }
}
