import type { Fault } from "../../model/fault.ts";
import { type CodeTree, isElf, readContent } from "../code-file.ts";
import { codeFault } from "../packaging-error.ts";
import { missingEntry } from "./missing-entry.ts";

/** Up to the field that names the machine. */
const HEADER_BYTES = 20;
const X86_64 = 0x3e;

/** The binary is at the root, named as the handler, and made for x86-64 Linux (guide 3.3.2 and 4.2.2). */
export async function checkGo(tree: CodeTree, handler: string): Promise<Fault[]> {
  const name = entryOf(tree, handler);
  const entry = tree.get(name);
  if (entry === undefined) return [isSource(tree) ? noModule() : missingEntry(tree, [name])];
  if (isLinuxBinary(await readContent(entry, HEADER_BYTES))) return [];
  return [
    codeFault(
      name,
      "is not a program for x86-64 Linux",
      `Build it with: GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build -o ${name}`,
    ),
  ];
}

/** Sources without a go.mod: with one they are compiled (compile-go.ts). */
function isSource(tree: CodeTree): boolean {
  return [...tree.keys()].some((name) => name.endsWith(".go"));
}

function noModule(): Fault {
  return codeFault(
    "go.mod",
    "is missing beside the Go sources",
    "Run go mod init there, and they are compiled when they are packed; or name a folder that holds the compiled program.",
  );
}

/** The binary itself, or the plugin of the older form `plugin.Handler` (guide 3.2.1). */
function entryOf(tree: CodeTree, handler: string): string {
  const plugin = `${handler.slice(0, handler.lastIndexOf("."))}.so`;
  return !tree.has(handler) && tree.has(plugin) ? plugin : handler;
}

function isLinuxBinary(bytes: Buffer): boolean {
  const is64Bit = bytes[4] === 2;
  return isElf(bytes) && is64Bit && bytes.length === HEADER_BYTES && bytes.readUInt16LE(18) === X86_64;
}
