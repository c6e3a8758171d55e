// Types of one file are stripped once. What is left of it is kept under a name made of the source and of Node's version,
// with a hash of itself at its end, so that what a crash has cut off is not run.
import { hash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { threadId } from "node:worker_threads";

const MARK = "\n// ";

/** The JavaScript of a file in TypeScript; `folder` is where it is kept. */
export function strip(file, folder) {
  const source = readFileSync(file, "utf8");
  const place = join(folder, `${hash("sha256", process.version + source)}.js`);
  const known = readKept(place);
  if (known !== undefined) return known;
  const stripped = stripTypeScriptTypes(source);
  keep(place, stripped);
  return stripped;
}

function readKept(place) {
  try {
    const text = readFileSync(place, "utf8");
    const end = text.lastIndexOf(MARK);
    const stripped = text.slice(0, end);
    return text.slice(end) === MARK + hash("sha256", stripped) ? stripped : undefined;
  } catch {
    return undefined;
  }
}

function keep(place, stripped) {
  const draft = `${place}.${process.pid}-${threadId}`;
  try {
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(draft, stripped + MARK + hash("sha256", stripped));
    renameSync(draft, place);
  } catch {
    // It is stripped again the next time.
  }
}
