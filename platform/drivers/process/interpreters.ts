import { execFile } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { RuntimeFamily } from "../../../model/runtimes.ts";
import { findRuntime, RUNTIMES } from "../../../model/runtimes.ts";
import type { RuntimeAvailability } from "../driver.ts";

const run = promisify(execFile);

/** A program on this machine that runs the bootstrap of a runtime family. */
export interface Interpreter {
  /** Short name, for example `python3.12`; also the name of its folder inside a sandbox. */
  readonly name: string;
  /** Version of the language, for example `3.12.1`. */
  readonly version: string;
  /** Absolute path of the program. */
  readonly program: string;
  /** Folder that holds all that the program needs, the program included. */
  readonly prefix: string;
  /** Arguments that come before the bootstrap. */
  readonly flags: readonly string[];
  /** The bootstrap, relative to `runtime-images/`. */
  readonly bootstrap: string;
}

/** How the interpreters of one family are found; a family without a row cannot run here. */
const FINDERS: Partial<Record<RuntimeFamily, () => Promise<readonly Interpreter[]>>> = {
  nodejs: findNode,
  python: findPython,
};

/** The interpreters of this machine, looked up once a family. */
export class Interpreters {
  readonly #found = new Map<RuntimeFamily, Promise<readonly Interpreter[]>>();

  /** The interpreters that serve some runtime. */
  async all(): Promise<readonly Interpreter[]> {
    const served = await Promise.all(
      RUNTIMES.map(({ family, version }) => this.#family(family).then((found) => nearest(found, version))),
    );
    return [...new Set(served)].filter((one) => one !== undefined);
  }

  /**
   * The interpreter for a runtime: the very version, else the nearest newer one.
   * @throws Error that says why there is none
   */
  async find(runtime: string): Promise<Interpreter> {
    const row = findRuntime(runtime);
    if (row === undefined) throw new Error(`there is no runtime named ${JSON.stringify(runtime)}`);
    const found = nearest(await this.#family(row.family), row.version);
    if (found === undefined) throw new Error(reason(row.family, row.version));
    return found;
  }

  /** One row for every runtime of the model. */
  availability(): Promise<readonly RuntimeAvailability[]> {
    return Promise.all(
      RUNTIMES.map(async ({ name, family }) => {
        try {
          const { program, version } = await this.find(name);
          return { runtime: name, family, available: true, detail: `${program} (version ${version})` };
        } catch (error) {
          return { runtime: name, family, available: false, detail: (error as Error).message };
        }
      }),
    );
  }

  #family(family: RuntimeFamily): Promise<readonly Interpreter[]> {
    const known = this.#found.get(family) ?? FINDERS[family]?.() ?? Promise.resolve([]);
    this.#found.set(family, known);
    return known;
  }
}

function reason(family: RuntimeFamily, version: string): string {
  if (family === "python" && version.startsWith("2."))
    return "Python 2 ended in 2020 and its programs do not run on Python 3. Choose Python3.12.";
  if (FINDERS[family] === undefined)
    return `The process driver has no bootstrap for ${family} runtimes yet. Choose a Node.js or Python runtime.`;
  return `No ${family} ${version} or newer was found on this machine. Install one and put it on PATH.`;
}

/** All versions are of one language generation, or the runtime has none to offer. */
function nearest(found: readonly Interpreter[], version: string): Interpreter | undefined {
  const [major = 0, minor = 0] = numbers(version);
  const rank = ({ version: has }: Interpreter) => (numbers(has)[0] ?? 0) * 1000 + (numbers(has)[1] ?? 0);
  const newer = found.filter((one) => rank(one) >= major * 1000 + minor).sort((a, b) => rank(a) - rank(b))[0];
  // Node.js keeps old programs running across generations; Python 2 and 3 are two languages.
  if (newer?.name.startsWith("python") && numbers(newer.version)[0] !== major) return undefined;
  return newer;
}

function numbers(version: string): number[] {
  return version.split(".").map(Number);
}

/** The Node that runs the platform: it comes with the package. */
function findNode(): Promise<readonly Interpreter[]> {
  const program = realpathSync(process.execPath);
  const version = process.versions.node;
  return Promise.resolve([
    {
      name: `nodejs${numbers(version)[0]}`,
      version,
      program,
      prefix: dirname(dirname(program)),
      flags: [],
      bootstrap: "nodejs/bootstrap.js",
    },
  ]);
}

const ASK_PYTHON =
  "import sys, os; print(os.path.realpath(sys.executable)); print(sys.base_prefix); print('%d.%d.%d' % sys.version_info[:3])";

async function findPython(): Promise<readonly Interpreter[]> {
  const asked = await Promise.all([...pythonPrograms()].map(askPython));
  const byName = new Map<string, Interpreter>();
  for (const one of asked) if (one !== undefined && !byName.has(one.name)) byName.set(one.name, one);
  return [...byName.values()];
}

/** Programs named python3 or python3.N on PATH, and those that pyenv keeps; its shims are scripts that only find these. */
function pythonPrograms(): Set<string> {
  const pyenv = process.env["PYENV_ROOT"] ?? join(homedir(), ".pyenv");
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => basename(folder) !== "shims");
  const kept = entries(join(pyenv, "versions")).map((version) => join(pyenv, "versions", version, "bin"));
  const programs = new Set<string>();
  for (const folder of [...path, ...kept])
    for (const name of entries(folder))
      if (/^python3(\.\d+)?$/.test(name) && existsSync(join(folder, name)))
        programs.add(realpathSync(join(folder, name)));
  return programs;
}

async function askPython(program: string): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await run(program, ["-I", "-c", ASK_PYTHON], { timeout: 5_000 });
    const [real = "", prefix = "", version = ""] = stdout.split("\n");
    const [major, minor] = numbers(version);
    const name = `python${major}.${minor}`;
    return { name, version, program: real, prefix, flags: ["-u"], bootstrap: "python/bootstrap.py" };
  } catch {
    // A broken interpreter is none.
    return undefined;
  }
}

function entries(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
