import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const README = fileURLToPath(new URL("README.md", import.meta.url));
const FORMATTER = fileURLToPath(new URL("../node_modules/.bin/oxfmt", import.meta.url));

/** Puts a report into this folder's README.md, in place of the one between the marks of that name, formatted as all files here are. */
export function writeSection(name: string, report: string): void {
  writeFileSync(README, withSection(readFileSync(README, "utf8"), name, report));
  execFileSync(FORMATTER, [README], { stdio: "ignore" });
}

/** `text` with `report` between the marks `<!-- name -->` and `<!-- end of name -->`. Throws when one is missing. */
export function withSection(text: string, name: string, report: string): string {
  const [opening, closing] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = text.indexOf(opening) + opening.length;
  const to = text.indexOf(closing);
  if (from < opening.length || to < from)
    throw new Error(`The marks ${opening} and ${closing} are not there.`);
  return `${text.slice(0, from)}\n\n${report.trim()}\n\n${text.slice(to)}`;
}
