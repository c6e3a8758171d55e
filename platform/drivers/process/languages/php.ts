import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
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
  build: async ({ name, launched = "" }, image) => {
    await writeFile(join(image, settingsOf(name)), await settings(launched));
  },
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
    const name = `php${major}.${minor}`;
    return {
      family: "php",
      name,
      version: stdout,
      program: realpathSync("/bin/sh"),
      launched: program,
      // Where PHP looks for its extensions is compiled in: it runs where it is installed.
      prefix: "/usr",
      arguments: (image) => [join(image, "start.sh"), program, join(image, settingsOf(name))],
    };
  } catch {
    // A broken interpreter is none.
    return undefined;
  }
}

/** Where the machine's settings are for the instances, which do not see its /etc. */
function settingsOf(name: string): string {
  return `${name}.ini`;
}

/** All settings of the machine, one file after the other as PHP reads them. */
async function settings(program: string): Promise<string> {
  const { stdout } = await run(program, ["-r", "echo php_ini_loaded_file(), ',', php_ini_scanned_files();"]);
  const files = stdout.split(",").map((file) => file.trim());
  const texts = await Promise.all(files.filter((file) => file !== "").map((file) => readFile(file, "utf8")));
  return texts.join("\n");
}

function newest(found: readonly Interpreter[]): Interpreter | undefined {
  return found.toSorted((a, b) => b.version.localeCompare(a.version, "en", { numeric: true }))[0];
}
