import type { Fault } from "../model/fault.ts";
import { splitHandler } from "../model/handler.ts";
import type { Runtime } from "../model/runtimes.ts";
import { type CodeFile, memoryFile } from "./code-file.ts";
import { codeFault, PackagingError } from "./packaging-error.ts";

/**
 * The one file that inline source text becomes, named as the handler says; undefined for bytes that are an archive
 * already: some clients send one and call it inline. Throws PackagingError where a runtime takes no source.
 */
export function inlineFile(source: Buffer, runtime: Runtime, handler: string): CodeFile | undefined {
  if (source.subarray(0, 4).toString("latin1") === "PK\x03\x04") return undefined;
  const name = fileNameOf(runtime, handler);
  if (name === undefined) throw new PackagingError([noSource(runtime)]);
  return memoryFile(name, source, runtime.handlerForm === "bootstrap");
}

function fileNameOf(runtime: Runtime, handler: string): string | undefined {
  if (runtime.handlerForm === "bootstrap") return "bootstrap";
  const ending = runtime.entryEndings[0];
  const parts = splitHandler(handler);
  return ending === undefined || parts === undefined ? undefined : parts.file + ending;
}

function noSource(runtime: Runtime): Fault {
  return codeFault(
    "inline",
    `the runtime ${runtime.name} takes no source text`,
    "Send an archive with the compiled code.",
    "FSS.1006",
  );
}
