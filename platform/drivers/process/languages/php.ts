import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { nearest, numbers, type Interpreter, type Language } from "./language.ts";

const run = promisify(execFile);

/** The PHP versions on PATH. Start under `sh`, which puts the link where PHP can take it over (runtime-images/php/start.sh). */
export const php: Language = {
  family: "php",
  find,
  // PHP has no long support: the newest of a machine runs for what no machine has any more.
  choose: (found, version) => nearest(found, version) ?? newest(found),
  missing: () =>
    "No PHP with the extensions pcntl, posix and sockets was found on this machine. Install php-cli and put it on PATH.",
};

const EXTENSIONS = ["pcntl", "posix", "sockets"];
const ASK_PHP = `if (array_diff(${JSON.stringify(EXTENSIONS)}, array_map('strtolower', get_loaded_extensions())) === []) echo PHP_VERSION;`;

async function find(): Promise<readonly Interpreter[]> {
  const asked = await Promise.all([...programs()].map(ask));
  return asked.filter((one) => one !== undefined);
}

function programs(): Set<string> {
  const found = new Set<string>();
  for (const folder of (process.env["PATH"] ?? "").split(delimiter))
    for (const name of existsSync(folder) ? readdirSync(folder) : [])
      if (/^php(\d+(\.\d+)?)?$/.test(name)) found.add(realpathSync(join(folder, name)));
  return found;
}

async function ask(program: string): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await run(program, ["-r", ASK_PHP], { timeout: 5_000 });
    const [major, minor] = numbers(stdout);
    if (minor === undefined) return undefined;
    const shell = realpathSync("/bin/sh");
    return {
      family: "php",
      name: `php${major}.${minor}`,
      version: stdout,
      program: shell,
      // Where PHP looks for its extensions is compiled in: it runs where it is installed.
      prefix: "/usr",
      arguments: (image) => [join(image, "start.sh"), program],
    };
  } catch {
    // A broken interpreter is none.
    return undefined;
  }
}

function newest(found: readonly Interpreter[]): Interpreter | undefined {
  return found.toSorted((a, b) => b.version.localeCompare(a.version, "en", { numeric: true }))[0];
}
