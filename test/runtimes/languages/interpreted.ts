import { execFile } from "node:child_process";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { copySources, IMAGES, type Family, type Language, type Subject } from "./language.ts";

const run = promisify(execFile);

/**
 * A language whose sources run as they stand.
 * @param given.own programs to test always
 * @param given.programs names of programs in FUNGRAPH_TEST_INTERPRETERS (paths, separated as in PATH) that are of the language
 */
export function interpreted(given: {
  readonly family: Family;
  readonly ending: string;
  readonly own: readonly string[];
  readonly programs: RegExp;
}): Language {
  const { family, ending } = given;
  return {
    family,
    handler: (name) => name,
    putCode: (id, folder) => copySources(family, { id, ending }, folder),
    async subjects() {
      const listed = (process.env["FUNGRAPH_TEST_INTERPRETERS"] ?? "").split(delimiter);
      const programs = [...given.own, ...listed.filter((path) => given.programs.test(basename(path)))];
      const asked = await Promise.all(programs.map((command) => subject(family, command, ending)));
      return {
        found: asked.filter((one) => typeof one !== "string"),
        missing: asked.filter((one) => typeof one === "string"),
      };
    },
  };
}

async function subject(family: Family, command: string, ending: string): Promise<Subject | string> {
  try {
    const { stdout, stderr } = await run(command, ["--version"]);
    // Python 2 tells its version on standard error.
    const version = (stdout || stderr).trim().replace(/^(Python |v)/, "");
    return { title: `${family} ${version}`, command, args: [join(IMAGES, family, `bootstrap${ending}`)] };
  } catch {
    return `${family}: ${command} does not run on this machine`;
  }
}
