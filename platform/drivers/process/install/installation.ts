import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What `fungraph runtimes install` can be asked for. */
type What = "dotnet" | "nodejs" | "nodejs-libraries" | "python-libraries";

/** One folder that can be installed beside what the machine has. */
export interface Installation {
  readonly what: What;
  /** Where it goes; when the folder is there, it is whole. */
  readonly folder: string;
  /** Makes it in an empty folder `work`. @returns the folder in it that is the result */
  make(work: string): Promise<string>;
}

/**
 * Installs one folder, whole or not at all, also when two programs do so at once.
 * @returns false when it was there already
 */
export async function install(one: Installation): Promise<boolean> {
  const { folder } = one;
  if (existsSync(folder)) return false;
  await makeFolder(dirname(folder));
  const work = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    await rename(await one.make(work), folder);
  } catch (error) {
    // Another program was faster.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return true;
}

/** One by one: Node's own way never ends where nothing can be made, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

/** Runs a package manager. @throws Error with the last of what it said */
export async function tool(
  program: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<void> {
  try {
    await run(program, args, { ...options, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { code, stderr = "", message } = error as { code?: unknown; stderr?: string; message: string };
    if (code === "ENOENT") throw new Error(`${program} was not found. Put it on PATH.`, { cause: error });
    const said = stderr.trim().split("\n").slice(-8).join("\n");
    throw new Error(`${basename(program)} ${args[0] ?? ""} failed: ${said || message}`, { cause: error });
  }
}
