import type * as pulumi from "@pulumi/pulumi";
import { targetOf } from "./internal/declared.ts";
import { isKnown } from "./internal/known.ts";
import { warnOfEcho } from "./internal/loops.ts";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:ObsTrigger";

/** What can happen to an object of a bucket. */
export const ObsEvent = {
  /** Every way in which an object comes to be. */
  Created: "s3:ObjectCreated:*",
  CreatedByPut: "s3:ObjectCreated:Put",
  CreatedByPost: "s3:ObjectCreated:Post",
  CreatedByCopy: "s3:ObjectCreated:Copy",
  CreatedByParts: "s3:ObjectCreated:CompleteMultipartUpload",
  /** Every way in which an object goes. */
  Removed: "s3:ObjectRemoved:*",
  Deleted: "s3:ObjectRemoved:Delete",
  DeleteMarkerCreated: "s3:ObjectRemoved:DeleteMarkerCreated",
} as const;
export type ObsEvent = (typeof ObsEvent)[keyof typeof ObsEvent];

/** Arguments of an object-storage trigger. */
export interface ObsTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /**
   * Bucket whose objects are watched, in the region of the function: 3 to 63 small letters, digits, dots and
   * hyphens.
   */
  bucket: pulumi.Input<string>;
  /** What has to happen to an object, for example `ObsEvent.Created`; at least one. */
  events: pulumi.Input<ObsEvent>[];
  /**
   * Begin of the names of the objects that count. Defaults to every name.
   *
   * @default - every name
   */
  prefix?: pulumi.Input<string>;
  /**
   * End of the names of the objects that count. Defaults to every name.
   *
   * @default - every name
   */
  suffix?: pulumi.Input<string>;
  /**
   * Name of the trigger on the platform. Defaults to the resource's own name.
   *
   * @default - the resource's name
   */
  triggerName?: string;
}

/**
 * Calls a function when objects of a bucket come and go (guide 1.3, 3.5.1).
 *
 * ```ts
 * new fg.ObsTrigger("uploads", {
 *   functionUrn: resize.functionUrn,
 *   bucket: "photos",
 *   events: [fg.ObsEvent.Created],
 *   prefix: "in/",
 * });
 * ```
 *
 * One event of one object calls one function: triggers of a bucket have separate events, prefixes or suffixes (FSS.1108). A
 * function that writes what calls it goes round for ever: write under another prefix. The trigger cannot be disabled, only
 * deleted.
 */
export class ObsTrigger extends SourceTrigger {
  constructor(name: string, args: ObsTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["OBS", name], args, opts);
    const declared = targetOf(args.functionUrn)?.declared;
    const { bucket, prefix = "" } = args;
    if (declared === undefined || !isKnown(bucket) || !isKnown(prefix)) return;
    declared.watches.push({ bucket, prefix });
    warnOfEcho(declared, this);
  }
}
