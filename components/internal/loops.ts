import type * as pulumi from "@pulumi/pulumi";
import { hearersOf, type DeclaredFunction, type Place } from "./declared.ts";
import { warn } from "./warning.ts";

/**
 * Warns when functions tell each other of their results in a circle; false when they do not.
 * @param closes true of a function that may be the last before the start; default: all of them
 */
export function warnOfCircle(
  start: DeclaredFunction,
  own: pulumi.Resource,
  closes: (last: DeclaredFunction) => boolean = () => true,
): boolean {
  const way = wayBack(start, { home: start, closes }, new Set());
  if (way === undefined) return false;
  const circle = [start, ...way].map(({ name }) => name).join(" -> ");
  warn(
    `Destinations lead in a circle: ${circle}. Each call goes round for ever; take one of the destinations out.`,
    own,
  );
  return true;
}

/** Warns when results go where objects call the function that makes them. */
export function warnOfEcho(declared: DeclaredFunction, own: pulumi.Resource): void {
  const place = echoOf(declared);
  if (place === undefined) return;
  warn(
    `Results of ${declared.name} go to the bucket ${place.bucket}, where new objects call it: each call goes round for ever. ` +
      "Write to another bucket, or under a prefix that the trigger does not watch.",
    own,
  );
}

function wayBack(
  from: DeclaredFunction,
  end: { readonly home: DeclaredFunction; readonly closes: (last: DeclaredFunction) => boolean },
  seen: Set<DeclaredFunction>,
): DeclaredFunction[] | undefined {
  for (const next of hearersOf(from)) {
    if (next === end.home && end.closes(from)) return [next];
    if (seen.has(next)) continue;
    seen.add(next);
    const way = wayBack(next, end, seen);
    if (way !== undefined) return [next, ...way];
  }
  return undefined;
}

function echoOf({ writes, watches }: DeclaredFunction): Place | undefined {
  return writes.find((written) =>
    watches.some(
      ({ bucket, prefix }) =>
        bucket === written.bucket && (prefix.startsWith(written.prefix) || written.prefix.startsWith(prefix)),
    ),
  );
}
