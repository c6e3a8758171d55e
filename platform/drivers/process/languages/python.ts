import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { installed, librariesFolder } from "./installed.ts";
import { nearest, numbers, type Interpreter, type Language, type Libraries } from "./language.ts";

const run = promisify(execFile);

const LISTS = fileURLToPath(new URL("../../../../runtime-images/python/libraries", import.meta.url));

/** The Python versions of this machine: on PATH, those that pyenv keeps, and those that are installed for functions. */
export const python: Language = {
  family: "python",
  find,
  // Python 2 and 3 are two languages.
  choose: (found, version) =>
    nearest(
      found.filter((one) => sameMajor(one.version, version)),
      version,
    ),
  missing: (version) =>
    version.startsWith("2.")
      ? "No python2.7 was found on this machine, and its programs do not run on Python 3. Install one and put it on PATH, or choose Python3.12."
      : `No python ${version} or newer was found on this machine. Install one and put it on PATH.`,
  // Instances cannot write byte code beside a bootstrap that is read-only; it saves a third of their start.
  polish: (interpreter, image) => run(interpreter.program, ["-m", "compileall", "-q", image]),
};

const ASK_PYTHON =
  "import sys, os; print(os.path.realpath(sys.executable)); print(getattr(sys, 'base_prefix', sys.prefix)); print('%d.%d.%d' % sys.version_info[:3])";

async function find(): Promise<readonly Interpreter[]> {
  const asked = await Promise.all([...programs()].map(ask));
  const byName = new Map<string, Interpreter>();
  for (const one of asked) if (one !== undefined && !byName.has(one.name)) byName.set(one.name, one);
  return [...byName.values()];
}

/** Programs named python2.7, python3 or python3.N on PATH, and those in folders of versions; pyenv's shims are scripts that only find these. */
function programs(): Set<string> {
  const pyenv = process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv");
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => basename(folder) !== "shims");
  const kept = entries(join(pyenv, "versions")).map((version) => join(pyenv, "versions", version, "bin"));
  const own = installed("python").map(({ folder }) => join(folder, "bin"));
  const found = new Set<string>();
  for (const folder of [...own, ...path, ...kept])
    for (const name of entries(folder))
      if (/^python(2\.7|3(\.\d+)?)$/.test(name) && existsSync(join(folder, name)))
        found.add(realpathSync(join(folder, name)));
  return found;
}

async function ask(program: string): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await run(program, ["-E", "-s", "-c", ASK_PYTHON], { timeout: 5_000 });
    const [real = "", prefix = "", version = ""] = stdout.split("\n");
    const [major, minor] = numbers(version);
    const name = `python${major}.${minor}`;
    const start = major === 2 ? startOld : startNew;
    return {
      family: "python",
      name,
      version,
      program: real,
      prefix,
      arguments: start,
      forks: true,
      ...libraries(name),
    };
  } catch {
    // A broken interpreter is none.
    return undefined;
  }
}

/** What the modules of guide table 3-43 are made from; undefined for versions without a list. @param name for example `python3.12` */
export function moduleSet(
  name: string,
):
  | { readonly list: string; readonly installer: string; readonly old: string; readonly folder: string }
  | undefined {
  const list = join(LISTS, `${name}.txt`);
  if (!existsSync(list)) return undefined;
  return {
    list,
    installer: join(LISTS, `${name}.installer.txt`),
    old: join(LISTS, "com"),
    folder: librariesFolder(name, [list]),
  };
}

function libraries(name: string): { readonly libraries?: Libraries } {
  const folder = moduleSet(name)?.folder;
  if (folder === undefined || !existsSync(folder)) return {};
  return { libraries: { folder, inside: "/opt/function/libraries", variable: "FUNGRAPH_LIBRARIES" } };
}

function startOld(image: string): string[] {
  return ["-u", join(image, "bootstrap.py")];
}

/** Packages of the machine and of the user are none of the runtime's: without them code finds what it finds elsewhere, and starts sooner. */
function startNew(image: string): string[] {
  return ["-E", "-s", "-S", ...startOld(image)];
}

function sameMajor(one: string, other: string): boolean {
  return numbers(one)[0] === numbers(other)[0];
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
