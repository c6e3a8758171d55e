import type { Fault } from "../model/fault.ts";
import { LIMITS } from "../model/limits.ts";
import { codeFault } from "./packaging-error.ts";

/** Characters that are no part of a path on some system the code may pass. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f\\]/;

/** Longer paths, and longer parts of them, cannot be made where code runs: what lies above it counts too. */
const PATH_BYTES = 1024;
const PART_BYTES = 255;
/** A part that may have more bytes: a character has three at most for each of a string's units. */
const LONG_PART = /[^/]{86}/;

/** Faults of one file's name (FAQ 6.2 for the tilde). */
export function checkFileName(name: string): Fault[] {
  if (Buffer.byteLength(name) > PATH_BYTES)
    return [codeFault(name, `is a path of more than ${PATH_BYTES} bytes`, "Shorten it.")];
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name))
    return [codeFault(name, "is an absolute path", "Pack the files by paths from the root of the code.")];
  if (/(^|\/)\.{0,2}(\/|$)/.test(name))
    return [
      codeFault(name, "is a path that leaves its folder", "Pack the files by plain paths, without . and .."),
    ];
  if (FORBIDDEN.test(name))
    return [codeFault(name, "has a backslash or a control character in its name", "Rename the file.")];
  if (/~(\/|$)/.test(name))
    return [
      codeFault(name, "a name cannot end in ~", "Delete the file if it is an editor's backup, or rename it."),
    ];
  if (LONG_PART.test(name) && name.split("/").some((part) => Buffer.byteLength(part) > PART_BYTES))
    return [codeFault(name, `has a name of more than ${PART_BYTES} bytes in its path`, "Shorten it.")];
  return [];
}

/** Faults of the amount of code (guide 1.6 and 3.2.1, FAQ 6.2). */
export function checkAmount(files: number, bytes: number): Fault[] {
  const faults: Fault[] = [];
  if (files > LIMITS.archiveFiles)
    faults.push(
      codeFault(
        `${files} files`,
        `code has at most ${LIMITS.archiveFiles} files`,
        "List what the function does not need in .fungraphignore.",
      ),
    );
  if (bytes > LIMITS.unpackedBytes)
    faults.push(
      codeFault(
        `${bytes} bytes`,
        `unpacked code has at most ${LIMITS.unpackedBytes} bytes`,
        "List what the function does not need in .fungraphignore.",
      ),
    );
  return faults;
}

/** Faults of a packed archive's size (guide 3.2.1). */
export function checkArchiveSize(name: string, bytes: number): Fault[] {
  if (bytes <= LIMITS.zipBytes) return [];
  return [
    codeFault(
      name,
      `the archive has ${bytes} bytes, at most ${LIMITS.zipBytes} are allowed`,
      "List what the function does not need in .fungraphignore.",
      "FSS.1071",
    ),
  ];
}
