import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { nearest, numbers, type Interpreter, type Language } from "./language.ts";

const run = promisify(execFile);

/** The Python versions of this machine: on PATH, and those that pyenv keeps. */
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
      ? "Python 2 ended in 2020 and its programs do not run on Python 3. Choose Python3.12."
      : `No python ${version} or newer was found on this machine. Install one and put it on PATH.`,
  // Instances cannot write byte code beside a bootstrap that is read-only; it saves a third of their start.
  polish: (interpreter, image) => run(interpreter.program, ["-m", "compileall", "-q", image]),
};

const ASK_PYTHON =
  "import sys, os; print(os.path.realpath(sys.executable)); print(sys.base_prefix); print('%d.%d.%d' % sys.version_info[:3])";

async function find(): Promise<readonly Interpreter[]> {
  const asked = await Promise.all([...programs()].map(ask));
  const byName = new Map<string, Interpreter>();
  for (const one of asked) if (one !== undefined && !byName.has(one.name)) byName.set(one.name, one);
  return [...byName.values()];
}

/** Programs named python3 or python3.N on PATH, and those that pyenv keeps; its shims are scripts that only find these. */
function programs(): Set<string> {
  const pyenv = process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv");
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => basename(folder) !== "shims");
  const kept = entries(join(pyenv, "versions")).map((version) => join(pyenv, "versions", version, "bin"));
  const found = new Set<string>();
  for (const folder of [...path, ...kept])
    for (const name of entries(folder))
      if (/^python3(\.\d+)?$/.test(name) && existsSync(join(folder, name)))
        found.add(realpathSync(join(folder, name)));
  return found;
}

async function ask(program: string): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await run(program, ["-I", "-c", ASK_PYTHON], { timeout: 5_000 });
    const [real = "", prefix = "", version = ""] = stdout.split("\n");
    const [major, minor] = numbers(version);
    const name = `python${major}.${minor}`;
    return { family: "python", name, version, program: real, prefix, arguments: start };
  } catch {
    // A broken interpreter is none.
    return undefined;
  }
}

function start(image: string): string[] {
  return ["-u", join(image, "bootstrap.py")];
}

function sameMajor(one: string, other: string): boolean {
  return numbers(one)[0] === numbers(other)[0];
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
