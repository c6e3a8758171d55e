import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";

/** A place in a file; undefined for frames of a stack that have none. */
type Place = { readonly uri: string; readonly line: number; readonly column: number } | undefined;

/** Where in which file; before it, and then in brackets, the name of a function if it has one. A path may hold blanks and brackets too. */
const FRAME = /^\s*at (?:async )?(?:[^/]*? \()?((?:file:|\/|[A-Za-z]:[\\/])[^<]*):(\d+):(\d+)\)?$/;
/** What is declared by the package itself is declared where it was called. */
const OWN = new URL("../", import.meta.url).href;

/**
 * Has Pulumi write down the line of the program where a resource is declared. Its SDK names a line of the package, where a resource's
 * class calls the next one, and knows neither paths nor the outermost code of ES modules, which have addresses instead.
 */
export function tellPlaces(): void {
  // The function is the SDK's own; a version that has none is left as it is.
  if (Reflect.has(pulumi.Resource, "stackTrace")) Reflect.set(pulumi.Resource, "stackTrace", callers);
}

/** Places of the callers, without the first ones; an error's text has its own first line, and this function's. */
function callers(skip: number): Place[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Infinity;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  // A program may have its errors written in another way.
  const places = String(stack)
    .split("\n")
    .slice(skip + 1)
    .map(placeOf);
  const first = places.findIndex((place) => place !== undefined && !place.uri.startsWith(OWN));
  return places.slice(Math.max(0, first));
}

const known = new Map<string, Place>();

/** The place that a frame tells of; most frames are the same for all resources. */
function placeOf(frame: string): Place {
  if (!known.has(frame)) known.set(frame, readPlace(frame));
  return known.get(frame);
}

function readPlace(frame: string): Place {
  const [, file = "", line, column] = FRAME.exec(frame) ?? [];
  if (file === "") return undefined;
  const uri = file.startsWith("file:") ? file : pathToFileURL(file).href;
  return { uri, line: Number(line), column: Number(column) };
}
