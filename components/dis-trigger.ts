import type * as pulumi from "@pulumi/pulumi";
import { SourceTrigger } from "./internal/source-trigger.ts";

const TYPE = "fungraph:index:DisTrigger";

/** Where the reading of a stream starts. */
export const StreamStart = {
  /** With the oldest record that is still there. */
  Oldest: "TRIM_HORIZON",
  /** With the records that come after the trigger. */
  Newest: "LATEST",
} as const;
export type StreamStart = (typeof StreamStart)[keyof typeof StreamStart];

/** Units of `pollingInterval`. */
export const PollingUnit = { Seconds: "s", Milliseconds: "ms" } as const;
export type PollingUnit = (typeof PollingUnit)[keyof typeof PollingUnit];

/** Arguments of a trigger of a data stream. */
export interface DisTriggerArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
  /** Name of the stream. */
  stream: pulumi.Input<string>;
  /**
   * Where reading starts. Defaults to `LATEST`.
   *
   * @default "LATEST"
   */
  startAt?: pulumi.Input<StreamStart>;
  /**
   * Time between two readings, 1–60000 in `pollingUnit`. Defaults to 30.
   *
   * @default 30
   */
  pollingInterval?: pulumi.Input<number>;
  /**
   * Unit of `pollingInterval`. Defaults to `s`.
   *
   * @default "s"
   */
  pollingUnit?: pulumi.Input<PollingUnit>;
  /**
   * Bytes that one reading takes at most, 1024–4194304. Defaults to what the stream gives.
   *
   * @default - as the stream gives
   */
  maxFetchBytes?: pulumi.Input<number>;
  /**
   * Whether a call waits for the end of the one before. Defaults to true.
   *
   * @default true
   */
  serial?: pulumi.Input<boolean>;
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
 * Calls a function for records of a data stream (DIS).
 *
 * ```ts
 * new fg.DisTrigger("clicks", { functionUrn: count.functionUrn, stream: "clicks" });
 * ```
 *
 * `pollingInterval`, `pollingUnit`, `maxFetchBytes`, `serial` and `enabled` change while the trigger lives; another value of
 * the rest makes a new one.
 */
export class DisTrigger extends SourceTrigger {
  constructor(name: string, args: DisTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, ["DIS", name], args, opts);
  }
}
