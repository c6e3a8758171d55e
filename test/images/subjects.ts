import { csharp } from "../runtimes/languages/csharp.ts";
import { go } from "../runtimes/languages/go.ts";
import { java } from "../runtimes/languages/java.ts";
import type { Language } from "../runtimes/languages/language.ts";
import { nodejs } from "../runtimes/languages/nodejs.ts";
import { php } from "../runtimes/languages/php.ts";
import { python } from "../runtimes/languages/python.ts";

/** Languages whose images can be made here, with the runtime that the image is of. */
export const SUBJECTS: readonly (readonly [runtime: string, language: Language])[] = [
  ["Node.js20.15", nodejs],
  ["Python3.10", python],
  ["PHP7.3", php],
  ["Go1.x", go],
  ["Java17", java],
  // On Mono, which Debian has.
  ["C#(.NET Core 3.1)", csharp],
];

/** Their runtimes. */
export const RUNTIMES_IN_IMAGES = SUBJECTS.map(([runtime]) => runtime);
