import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import type { FakeKnobs } from "../../platform/drivers/fake/fake-runtime.ts";
import { ProcessDriver } from "../../platform/drivers/process/process-driver.ts";
import type { Subject } from "./contract.ts";

export interface ProcessSubject extends Subject {
  readonly driver: ProcessDriver;
  readonly folder: string;
}

/** The process driver in a data folder of its own. */
export async function processSubject(isolation: "auto" | "bare"): Promise<ProcessSubject> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-driver-"));
  const options = { runDir: join(folder, "run"), codeRoot: join(folder, "code"), isolation };
  mkdirSync(options.codeRoot, { mode: 0o700 });
  return {
    folder,
    driver: await ProcessDriver.open(options),
    code: (name, source) => writeCode(options.codeRoot, name, source),
    print: (text) => `require("fs").writeSync(1, ${JSON.stringify(`${text}\n`)})`,
    exit: (code) => `process.exit(${code})`,
    leftovers: () => leftoversOf(options.runDir),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const require = createRequire(import.meta.url);
type Code = { handler(event: unknown, context: unknown): unknown };

/** A fake runtime that loads real files. */
export const LOADING: FakeKnobs = {
  handler: (event, { load, ...controls }) => {
    const code = require(join(load.codeRoot, "index.js")) as Code;
    return code.handler(JSON.parse(event.toString()), { load, ...controls });
  },
};

/** The fake driver, with a runtime that loads real files. */
export function fakeSubject(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-driver-"));
  return Promise.resolve({
    driver: new FakeDriver(LOADING),
    code: (name, source) => writeCode(folder, name, source),
    print: (text) => `context.print(${JSON.stringify(text)})`,
    exit: (code) => `context.exit({ code: ${code} })`,
    leftovers: () => [],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  });
}

/** Folders, mounts and control groups of platforms of this process that are still there. */
export function leftoversOf(runDir: string): string[] {
  const mounts = existsSync("/proc/mounts") ? readFileSync("/proc/mounts", "utf8").split("\n") : [];
  return [
    ...(existsSync(runDir) ? readdirSync(runDir) : []),
    ...mounts.filter((line) => line.includes(runDir)),
    ...controlGroups(process.pid),
  ];
}

/** Control groups that a platform process has. */
export function controlGroups(pid: number): string[] {
  const roots = ["memory", "cpu", "pids", "freezer", "."].map((name) =>
    join("/sys/fs/cgroup", name, "fungraph"),
  );
  return roots
    .filter((root) => existsSync(root))
    .flatMap((root) =>
      readdirSync(root)
        .filter((name) => name.startsWith(`${pid}-`))
        .map((name) => join(root, name)),
    );
}

export function writeCode(root: string, name: string, source: string): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, "index.js"), source);
  return folder;
}
