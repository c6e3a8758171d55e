import { buffer } from "node:stream/consumers";

import { ZipArchive } from "archiver";

import type { FunctionSpec } from "../../model/function.ts";
import { splitHandler } from "../../model/handler.ts";
import { findRuntime } from "../../model/runtimes.ts";

/** Any fixed time makes the same source the same archive. */
const DATE = new Date("1980-01-01T00:00:00Z");

/** The file that inline source is stored as: what the handler names, or `bootstrap`. */
export function inlineFileName({ runtime, handler }: Pick<FunctionSpec, "runtime" | "handler">): string {
  const [ending] = findRuntime(runtime)?.entryEndings ?? [];
  const file = splitHandler(handler)?.file;
  return ending === undefined || file === undefined ? "bootstrap" : `${file}${ending}`;
}

/** An archive with the source as its one file. */
export async function packInline(source: Buffer, fileName: string): Promise<Buffer> {
  const archive = new ZipArchive();
  archive.append(source, { name: fileName, date: DATE, mode: 0o755 });
  await archive.finalize();
  return buffer(archive);
}
