import type { Fault } from "./fault.ts";

/** What can happen to an object of a bucket; `:*` stands for every event of its family. */
export const OBS_EVENTS = [
  "s3:ObjectCreated:*",
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:*",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
];

/** The form of a bucket's name. */
export const BUCKET = {
  test: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  rule: "must have 3 to 63 small letters, digits, dots and hyphens, with a letter or digit at both ends",
  example: "photos",
};

/** `event_data` of an OBS trigger, in the API's own words. */
export interface ObsEventData {
  readonly bucket: string;
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

/** A fault for each event whose whole family is given too. */
export function checkObsEvents(events: readonly string[], code: string): Fault[] {
  const families = events.filter((event) => event.endsWith(":*"));
  return events
    .filter((event) => !event.endsWith(":*") && families.includes(familyOf(event)))
    .map((event) => ({
      property: "events",
      value: event,
      rule: `is one of "${familyOf(event)}", which is given too`,
      fix: "Leave one of the two out.",
      code,
    }));
}

/** True when one object's event could call both triggers. */
export function overlaps(one: ObsEventData, other: ObsEventData): boolean {
  return (
    one.bucket === other.bucket &&
    one.events.some((event) => other.events.some((each) => meet(event, each))) &&
    nested(one.prefix, other.prefix, (long, short) => long.startsWith(short)) &&
    nested(one.suffix, other.suffix, (long, short) => long.endsWith(short))
  );
}

function meet(one: string, other: string): boolean {
  return one === other || familyOf(one) === other || one === familyOf(other);
}

/** `s3:ObjectCreated:*` for `s3:ObjectCreated:Put`. */
function familyOf(event: string): string {
  return `${event.slice(0, event.lastIndexOf(":"))}:*`;
}

function nested(
  one: string | undefined,
  other: string | undefined,
  has: (long: string, short: string) => boolean,
): boolean {
  const [a, b] = [one ?? "", other ?? ""];
  return has(a, b) || has(b, a);
}
