import * as pulumi from "@pulumi/pulumi";
import { type AsyncDestination, checkAsyncSettings } from "../model/async-settings.ts";
import { LIMITS } from "../model/limits.ts";
import { BUCKET } from "../model/obs-events.ts";
import { TOPIC } from "../model/topic.ts";
import { checkTakesEvents } from "./internal/cross-checks.ts";
import { type DeclaredFunction, targetOf } from "./internal/declared.ts";
import { failOn } from "./internal/errors.ts";
import { isKnown, knownOr } from "./internal/known.ts";
import { warn } from "./internal/warning.ts";
import { warnOfCircle, warnOfEcho } from "./internal/loops.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:AsyncInvoke";
const { asyncRetries, asyncAgeSeconds } = LIMITS;

/**
 * A bucket or a topic that is told of asynchronous requests: one of the two. Data streams (DIS) are no destination here; a function
 * passes results on to whatever else there is.
 */
export interface AsyncDestinationArgs {
  /**
   * Bucket that gets one object for each request. Defaults to none.
   *
   * @default - a topic
   */
  bucket?: pulumi.Input<string>;
  /**
   * Begin of the names of the objects; a folder. Defaults to the bucket itself.
   *
   * @default - the bucket itself
   */
  prefix?: pulumi.Input<string>;
  /**
   * Days after which the objects are deleted, 0–36500. Defaults to 0: never.
   *
   * @default 0
   */
  expiresDays?: pulumi.Input<number>;
  /**
   * Topic that gets one message for each request: `urn:smn:REGION:PROJECT:NAME`. Defaults to none.
   *
   * @default - a bucket
   */
  topicUrn?: pulumi.Input<string>;
}

/** How asynchronous requests are treated; for `fn.onAsync` and `alias.onAsync`, which know whose. */
export interface AsyncSettingsArgs {
  /**
   * Further tries of a request that failed, 0–3. Defaults to 1.
   *
   * @default 1
   */
  maxRetries?: pulumi.Input<number>;
  /**
   * Seconds after which a request that still waits is given up, 1–86400. Defaults to 3600.
   *
   * @default 3600
   */
  maxAgeSeconds?: pulumi.Input<number>;
  /**
   * Whether a record of every request is kept. Defaults to false.
   *
   * @default false
   */
  statusLog?: pulumi.Input<boolean>;
  /**
   * Function that is told of results: `other.functionUrn`. Defaults to none.
   *
   * @default - nobody is told
   */
  onSuccess?: pulumi.Input<string>;
  /**
   * Function that is told of requests that failed for good. Defaults to none.
   *
   * @default - nobody is told
   */
  onFailure?: pulumi.Input<string>;
  /**
   * Bucket or topic that is told of results, in the place of a function. Defaults to none.
   *
   * @default - nothing is told
   */
  onSuccessTo?: AsyncDestinationArgs;
  /**
   * Bucket or topic that is told of requests that failed for good, in the place of a function. Defaults to none.
   *
   * @default - nothing is told
   */
  onFailureTo?: AsyncDestinationArgs;
}

/** Arguments of the settings of asynchronous requests. */
export interface AsyncInvokeArgs extends AsyncSettingsArgs {
  /** Whose requests: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
}

/**
 * How asynchronous requests of a function are treated: tries, age and who is told of the end (guide 3.3.7).
 *
 * ```ts
 * resize.onAsync("queue", { maxRetries: 3, onFailure: alarm.functionUrn });
 * ```
 *
 * Destinations that lead back to the function go round for ever, over a topic too; the preview warns of it, and of results that go to the
 * bucket whose objects call the function. HTTP functions cannot be called asynchronously.
 */
export class AsyncInvoke extends Resource {
  constructor(name: string, args: AsyncInvokeArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, asyncInvokeInputs(name, args), opts);
    const declared = targetOf(args.functionUrn)?.declared;
    if (declared === undefined || !noteDestinations(declared, args, this)) this.#warnOfItself(args);
  }

  /** For URNs that say nothing of their functions before they are known. */
  #warnOfItself({ functionUrn, onSuccess, onFailure }: AsyncInvokeArgs): void {
    pulumi.all([functionUrn, onSuccess, onFailure]).apply(([own, ...destinations]) => {
      if (!destinations.some((urn) => urn !== undefined && nameOf(urn) === nameOf(own))) return;
      warn("The function is a destination of its own: each call goes round for ever.", this);
    });
  }
}

/** The function's name without its version: `urn:fss:region:project:function:package:name`. */
function nameOf(urn: string): string {
  return urn.split(":").slice(0, 7).join(":");
}

/** Remembers where results go; true when that is a circle, which is told. */
function noteDestinations(
  declared: DeclaredFunction,
  { onSuccess, onFailure, onSuccessTo, onFailureTo }: AsyncInvokeArgs,
  own: pulumi.Resource,
): boolean {
  for (const urn of [onSuccess, onFailure]) {
    const told = targetOf(urn)?.declared;
    if (told !== undefined) declared.tells.add(told);
  }
  for (const { bucket, prefix = "", topicUrn } of [onSuccessTo ?? {}, onFailureTo ?? {}]) {
    if (bucket !== undefined && isKnown(bucket) && isKnown(prefix)) declared.writes.push({ bucket, prefix });
    if (topicUrn !== undefined && isKnown(topicUrn)) declared.publishes.add(topicUrn);
  }
  warnOfEcho(declared, own);
  return warnOfCircle(declared, own);
}

function asyncInvokeInputs(name: string, args: AsyncInvokeArgs): pulumi.Inputs {
  const { functionUrn, statusLog = false, onSuccess, onFailure, onSuccessTo, onFailureTo } = args;
  const maxRetries = args.maxRetries ?? asyncRetries.default;
  const maxAgeSeconds = args.maxAgeSeconds ?? asyncAgeSeconds.default;
  const faults = checkAsyncSettings({
    maxRetries: knownOr(maxRetries, asyncRetries.default),
    maxAgeSeconds: knownOr(maxAgeSeconds, asyncAgeSeconds.default),
    statusLog: false,
    ...(onSuccess !== undefined && { onSuccess: "" }),
    ...(onFailure !== undefined && { onFailure: "" }),
    ...(onSuccessTo && { onSuccessTo: knownDestination(onSuccessTo) }),
    ...(onFailureTo && { onFailureTo: knownDestination(onFailureTo) }),
  });
  failOn({ kind: "AsyncInvoke", name }, [...checkTakesEvents(functionUrn), ...faults]);
  return {
    functionUrn,
    maxRetries,
    maxAgeSeconds,
    statusLog,
    onSuccess,
    onFailure,
    onSuccessTo: onSuccessTo && { ...onSuccessTo },
    onFailureTo: onFailureTo && { ...onFailureTo },
  };
}

function knownDestination({ bucket, prefix, expiresDays, topicUrn }: AsyncDestinationArgs): AsyncDestination {
  return {
    ...(bucket !== undefined && { bucket: knownOr(bucket, BUCKET.example) }),
    ...(prefix !== undefined && { prefix: knownOr(prefix, "") }),
    ...(expiresDays !== undefined && { expiresDays: knownOr(expiresDays, 0) }),
    ...(topicUrn !== undefined && { topicUrn: knownOr(topicUrn, TOPIC.example) }),
  };
}
