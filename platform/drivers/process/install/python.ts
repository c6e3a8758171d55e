import { cp } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Interpreter } from "../languages/language.ts";
import { moduleSet, python } from "../languages/python.ts";
import { tool, type Installation } from "./installation.ts";

/** Nothing but what the lists name, each file checked against its checksum. */
const PIP = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"];

/** The modules of guide table 3-43, for each Python of this machine that has a list of them. */
export async function pythonModules(): Promise<Installation[]> {
  const found = await python.find();
  return found.flatMap(({ name, program }) => {
    const set = moduleSet(name);
    if (set === undefined) return [];
    return [{ what: "python-libraries", folder: set.folder, make: (work) => make(work, program, set) }];
  });
}

async function make(
  work: string,
  program: Interpreter["program"],
  { list, installer, old }: NonNullable<ReturnType<typeof moduleSet>>,
): Promise<string> {
  const tools = join(work, "tools");
  const modules = join(work, "modules");
  // The interpreter's own pip may be too old to know today's packages.
  await tool(program, [...PIP, "--target", tools, "-r", installer], { cwd: work });
  await tool(program, [...PIP, "--no-build-isolation", "--target", modules, "-r", list], {
    cwd: work,
    env: { ...process.env, PYTHONPATH: tools },
  });
  await cp(old, join(modules, basename(old)), { recursive: true });
  return modules;
}
