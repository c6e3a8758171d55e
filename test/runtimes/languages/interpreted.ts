import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Interpreter } from "../../../platform/drivers/process/languages/language.ts";
import { copySources, IMAGES, type Family, type Language, type Program } from "./language.ts";

const run = promisify(execFile);

/**
 * A language whose sources run as they stand.
 * @param given.programs what `fungraph` would run it with here; the oldest and the newest are tested, all of them when
 * FUNGRAPH_TEST_VERSIONS is `all`. @param given.missing what is said when there are fewer than two
 */
export function interpreted(given: {
  readonly family: Family;
  readonly ending: string;
  programs(): Promise<readonly Interpreter[]>;
  readonly missing: string;
}): Language {
  const { family, ending } = given;
  return {
    family,
    handler: (name) => name,
    putCode: (id, folder) => copySources(family, { id, ending }, folder),
    async subjects() {
      const programs = chosen(await given.programs());
      const asked = await Promise.all(programs.map((command) => subject(family, command, ending)));
      return {
        found: asked.filter((one) => typeof one !== "string"),
        missing: [
          ...asked.filter((one) => typeof one === "string"),
          ...(programs.length < 2 ? [given.missing] : []),
        ],
      };
    },
  };
}

function chosen(found: readonly Interpreter[]): string[] {
  const sorted = found
    .toSorted((one, other) => compare(one.version, other.version))
    .map(({ program }) => program);
  return process.env["FUNGRAPH_TEST_VERSIONS"] === "all"
    ? sorted
    : sorted.filter((_, at) => at === 0 || at === sorted.length - 1);
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

async function subject(family: Family, command: string, ending: string): Promise<Program | string> {
  try {
    const { stdout, stderr } = await run(command, ["--version"]);
    // Python 2 tells its version on standard error.
    const version = (stdout || stderr).trim().replace(/^(Python |v)/, "");
    const args = [join(IMAGES, family, `bootstrap${ending}`)];
    return { title: `${family} ${version}`, version, command, args };
  } catch {
    return `${family}: ${command} does not run on this machine`;
  }
}
