import type { Fault } from "../../model/fault.ts";
import { splitHandler } from "../../model/handler.ts";
import type { Runtime } from "../../model/runtimes.ts";
import { type CodeTree, readContent } from "../code-file.ts";
import { missingEntry } from "./missing-entry.ts";

/** Ways to define a name without writing it; where one is used, a text cannot tell. */
const INDIRECT: Readonly<Record<string, RegExp>> = {
  nodejs:
    /\bexports\s*(=\s*[^{\s]|\[|,|\))|\bexport\s*\*|\bObject\s*\.\s*(assign|define|entries|keys)|\.\.\.|\beval\b|__export/,
  python: /\bimport\s*\*|\bimport\s*\(|\b(globals|locals|vars|exec|eval|setattr|__getattr__|__dict__)\b/,
  php: /\b(include|include_once|require|require_once|eval)\b/,
};

/** Before and after the list of all that a bundle made by esbuild exports. */
const BUNDLE_EXPORTS = ["\n0 && (module.exports = {", "})"] as const;

const TEXT_BYTES = 4 * 1024 * 1024;

/** The entry file is there and its text has the function's name, or a way to get it from elsewhere. */
export async function checkScript(tree: CodeTree, handler: string, runtime: Runtime): Promise<Fault[]> {
  const parts = splitHandler(handler);
  if (parts === undefined) return []; // the handler's own check tells
  const wanted = runtime.entryEndings.map((ending) => parts.file + ending);
  const entry = wanted.map((name) => tree.get(name)).find((file) => file !== undefined);
  if (entry === undefined) return [missingEntry(tree, wanted)];
  if (entry.size > TEXT_BYTES) return []; // nobody wrote it by hand, so no text check tells
  const source = (await readContent(entry)).toString("utf8");
  const text = bundleExports(source) ?? source;
  if (hasWord(text, parts.name) || INDIRECT[runtime.family]?.test(text)) return [];
  return [
    {
      property: "handler",
      value: handler,
      rule: `${entry.name} has no function ${parts.name}`,
      fix: `Define ${parts.name} in ${entry.name}${runtime.family === "nodejs" ? " and export it" : ""}, or name another function in the handler.`,
      code: "FSS.1003",
    },
  ];
}

/** The list stands near the end of a bundle. A pattern would look through the rest of a text at each place where one could begin. */
function bundleExports(source: string): string | undefined {
  const [before, after] = BUNDLE_EXPORTS;
  const start = source.lastIndexOf(before) + before.length;
  const end = source.indexOf("}", start);
  return start >= before.length && source.startsWith(after, end) ? source.slice(start, end) : undefined;
}

function hasWord(text: string, word: string): boolean {
  const escaped = word.replaceAll("$", "\\$");
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`).test(text);
}
