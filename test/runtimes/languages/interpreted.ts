import { join } from "node:path";
import type { Interpreter } from "../../../platform/drivers/process/languages/language.ts";
import { copySources, IMAGES, type Family, type Language, type Program } from "./language.ts";

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
      const found = chosen(await given.programs());
      return { found: found.map(programOf), missing: found.length < 2 ? [given.missing] : [] };
    },
  };
}

/** The start of an interpreter, as the platform does it. */
export function programOf(interpreter: Interpreter): Program {
  const { family, version, program, libraries } = interpreter;
  return {
    title: `${family} ${version}`,
    version,
    command: program,
    args: interpreter.arguments(join(IMAGES, family), process.cwd()),
    env: libraries === undefined ? {} : { [libraries.variable]: libraries.folder },
  };
}

function chosen(found: readonly Interpreter[]): readonly Interpreter[] {
  const sorted = found.toSorted((one, other) => compare(one.version, other.version));
  return process.env["FUNGRAPH_TEST_VERSIONS"] === "all"
    ? sorted
    : sorted.filter((_, at) => at === 0 || at === sorted.length - 1);
}

function compare(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
