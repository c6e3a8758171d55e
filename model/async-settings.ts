import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import { checkWholeNumber } from "./number.ts";
import { BUCKET } from "./obs-events.ts";
import { TOPIC } from "./topic.ts";

/** How asynchronous requests of one version or alias are treated (guide 3.3.7). */
export interface AsyncSettings {
  /** Further tries of a request that failed. Default 1. */
  readonly maxRetries: number;
  /** Seconds after which a request that still waits is given up. Default 3600. */
  readonly maxAgeSeconds: number;
  /** Keeps a record of every request. Default false. */
  readonly statusLog: boolean;
  /** URN of the function that is told of results. */
  readonly onSuccess?: string;
  /** URN of the function that is told of requests that failed for good. */
  readonly onFailure?: string;
  /** Where results go instead of to a function. */
  readonly onSuccessTo?: AsyncDestination;
  /** Where requests go that failed for good, instead of to a function. */
  readonly onFailureTo?: AsyncDestination;
}

/** A bucket or a topic: one of the two. */
export interface AsyncDestination {
  readonly bucket?: string;
  /** Begin of the names of the objects; only with a bucket. */
  readonly prefix?: string;
  /** Days after which the objects are deleted, 0 for never; only with a bucket. */
  readonly expiresDays?: number;
  readonly topicUrn?: string;
}

/** All faults of the settings; whether destinations exist only the platform knows. */
export function checkAsyncSettings(settings: AsyncSettings): Fault[] {
  const code = "FSS.0400";
  return [
    ...checkWholeNumber("maxRetries", settings.maxRetries, { ...LIMITS.asyncRetries, unit: "retries", code }),
    ...checkWholeNumber("maxAgeSeconds", settings.maxAgeSeconds, {
      ...LIMITS.asyncAgeSeconds,
      unit: "seconds",
      code,
    }),
    ...checkDestination("onSuccess", settings.onSuccess, settings.onSuccessTo),
    ...checkDestination("onFailure", settings.onFailure, settings.onFailureTo),
  ];
}

const DAYS = 36_500;

function checkDestination(
  name: "onSuccess" | "onFailure",
  functionUrn: string | undefined,
  to: AsyncDestination | undefined,
): Fault[] {
  if (to === undefined) return [];
  const { bucket, prefix, expiresDays = 0, topicUrn } = to;
  const property = `${name}To`;
  const code = "FSS.0400";
  const given = [functionUrn, bucket, topicUrn].filter((one) => one !== undefined);
  if (given.length !== 1) {
    const rule = "has one destination: a function, a bucket or a topic";
    return [{ property: `${name}, ${property}`, rule, fix: "Leave out all but one of them.", code }];
  }
  if (bucket === undefined && (prefix !== undefined || expiresDays !== 0)) {
    const rule = "prefix and expiresDays are settings of a bucket";
    return [{ property, rule, fix: "Leave them out, or name a bucket.", code }];
  }
  const named =
    bucket === undefined
      ? matches(`${property}.topicUrn`, topicUrn ?? "", TOPIC)
      : matches(`${property}.bucket`, bucket, BUCKET);
  const range = { min: 0, max: DAYS, unit: "days", note: "0: never deleted", code };
  return [...named, ...checkWholeNumber(`${property}.expiresDays`, expiresDays, range)];
}

function matches(property: string, value: string, form: typeof BUCKET): Fault[] {
  if (form.test.test(value)) return [];
  return [
    { property, value, rule: form.rule, fix: `Write "${form.example}", for example.`, code: "FSS.0400" },
  ];
}
