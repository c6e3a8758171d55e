import { relative } from "node:path";

/** A path as the user would type it: from the working folder when it lies below, else in full. */
export function displayPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
