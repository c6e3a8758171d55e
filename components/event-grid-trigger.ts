import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:EventGridTrigger";

/** What can happen to an object of a bucket, in the words of EventGrid. */
export const EventGridEvent = {
  CreatedByPut: "OBS:DWR:ObjectCreated:PUT",
  CreatedByPost: "OBS:DWR:ObjectCreated:POST",
  CreatedByCopy: "OBS:DWR:ObjectCreated:COPY",
  CreatedByParts: "OBS:DWR:ObjectCreated:CompleteMultipartUpload",
  Deleted: "OBS:DWR:ObjectRemoved:Delete",
  DeleteMarkerCreated: "OBS:DWR:ObjectRemoved:DeleteMarkerCreated",
} as const;
export type EventGridEvent = (typeof EventGridEvent)[keyof typeof EventGridEvent];

/** Arguments of an EventGrid trigger. */
export interface EventGridTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Id of the channel. */
  channelId: pulumi.Input<string>;
  /** Bucket whose objects are watched. */
  bucket: pulumi.Input<string>;
  /** What has to happen to an object; at least one. */
  eventTypes: pulumi.Input<EventGridEvent>[];
  /**
   * Name of the channel, for readers. Defaults to none.
   *
   * @default - none
   */
  channelName?: pulumi.Input<string>;
  /**
   * Event source. Defaults to `HC.OBS.DWR`, the objects of buckets.
   *
   * @default "HC.OBS.DWR"
   */
  sourceName?: pulumi.Input<string>;
  /**
   * Agency that EventGrid calls the function with. Defaults to none.
   *
   * @default - none
   */
  agency?: pulumi.Input<string>;
  /**
   * Whether names of objects are URL-encoded in events. Defaults to what EventGrid does.
   *
   * @default - as EventGrid does
   */
  keyEncode?: pulumi.Input<boolean>;
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
 * Calls a function for events of EventGrid, in the form of CloudEvents 1.0.
 *
 * ```ts
 * new fg.EventGridTrigger("uploads", {
 *   functionUrn: resize.functionUrn,
 *   channelId: "default",
 *   bucket: "photos",
 *   eventTypes: [fg.EventGridEvent.CreatedByPut],
 * });
 * ```
 */
export class EventGridTrigger extends SourceTrigger {
  constructor(name: string, args: EventGridTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["EVENTGRID", name], args, opts);
  }
}
