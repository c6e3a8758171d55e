import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ZipArchive } from "archiver";
import { Client } from "../../client/client.ts";
import { Transport } from "../../client/transport.ts";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import type { PlatformConfig, RunningPlatform } from "../../platform/main.ts";
import type { LogAnswer } from "../../platform/telemetry/log-answer.ts";

/** A data folder, and the platforms that run on it one after the other. */
class DataFolder implements AsyncDisposable {
  readonly path: string;
  readonly #platforms: PlatformProcess[] = [];

  constructor(path: string) {
    this.path = path;
  }

  /** The next one; who was there before has ended. */
  async start(config: Omit<PlatformConfig, "dataDir"> = {}): Promise<PlatformProcess> {
    const platform = await PlatformProcess.start({ ...config, dataDir: this.path });
    this.#platforms.push(platform);
    return platform;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const platform of this.#platforms) await platform.stop();
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A data folder, gone with the scope, and what runs on it too. */
export async function dataFolder(): Promise<DataFolder> {
  return new DataFolder(await mkdtemp(join(tmpdir(), "fungraph-platform-")));
}

/** A platform in a process of its own, and a client for it. */
export class PlatformProcess {
  readonly child: ChildProcess;
  readonly facts: Omit<RunningPlatform, "close">;
  readonly client: Client;
  readonly transport: Transport;
  readonly #dataDir: string;

  private constructor(child: ChildProcess, facts: Omit<RunningPlatform, "close">, dataDir: string) {
    this.child = child;
    this.facts = facts;
    this.client = new Client({ ...facts, retries: 0 });
    this.transport = new Transport({ ...facts, retries: 0 });
    this.#dataDir = dataDir;
  }

  static async start(config: PlatformConfig): Promise<PlatformProcess> {
    const script = fileURLToPath(new URL("serve.ts", import.meta.url));
    const child = spawn(process.execPath, [script, JSON.stringify(config)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout }))
      return new PlatformProcess(child, JSON.parse(line) as RunningPlatform, config.dataDir);
    throw new Error("the platform ended before it served");
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** How commands find it. */
  get environment(): Record<string, string> {
    const { endpoint, projectId, accessKey, secretKey } = this.facts;
    return {
      FUNGRAPH_ENDPOINT: endpoint,
      FUNGRAPH_PROJECT: projectId,
      FUNGRAPH_ACCESS_KEY: accessKey,
      FUNGRAPH_SECRET_KEY: secretKey,
    };
  }

  /** Inline Node.js code as a function; `more` changes its configuration. */
  async deploy(name: string, code: string, more: Partial<FunctionSpec> = {}): Promise<string> {
    const spec = normalizeFunction({ name, runtime: "Node.js20.15", handler: "index.handler", ...more });
    const file = Buffer.from(code);
    const reply = await this.client.functions.create(spec, { type: "inline", file, filename: "index.js" });
    return reply.urn;
  }

  logs(name: string, query: Record<string, string | number> = {}): Promise<LogAnswer> {
    return this.get("logs", { function: name, ...query });
  }

  get<T>(extra: string, query: Record<string, string | number> = {}): Promise<T> {
    const call = { method: "GET", path: `/fungraph/v1/${extra}`, query } as const;
    return this.transport.json(call, (body) => body as T);
  }

  kill(): Promise<unknown> {
    return this.#end("SIGKILL");
  }

  /** Ends it in good order; resolves with its exit code. */
  async stop(): Promise<unknown> {
    const [code] = (await this.#end("SIGTERM")) as [number];
    return code;
  }

  /** What it holds: processes below it, open sockets and pipes, run folders and control groups. */
  holdings(): { processes: number; descriptors: number; folders: number; groups: number } {
    return {
      processes: descendants(this.pid).length,
      descriptors: readdirSync(`/proc/${String(this.pid)}/fd`).length,
      folders: runFolders(this.#dataDir, this.pid),
      groups: controlGroups(this.pid),
    };
  }

  async #end(signal: NodeJS.Signals): Promise<unknown> {
    this.client.close();
    this.transport.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return [this.child.exitCode];
    const exited = once(this.child, "exit");
    this.child.kill(signal);
    return exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Waits until `look` gives something true; throws after a bounded time, so that what the test holds is given back. */
export async function until<T>(look: () => T | Promise<T>, everyMs = 50, seconds = 25): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(everyMs)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited ${String(seconds)} seconds for ${look.toString()}`);
}

/** Processes below one, all generations. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (let next = [pid]; next.length > 0; found.push(...next))
    next = next.flatMap((one) => children.get(one) ?? []);
  return found;
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 4).split(" ", 1)[0]);
  } catch {
    return undefined;
  }
}

/** True when the process is there and not only its exit status. */
export function runs(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** A zip of files by name. */
export async function archive(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipArchive();
  for (const [name, content] of Object.entries(files)) zip.append(content, { name });
  void zip.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of zip) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Folders of instances that a platform process keeps. */
export function runFolders(dataDir: string, pid: number): number {
  const parent = join(dataDir, "run");
  if (!existsSync(parent)) return 0;
  const own = readdirSync(parent).filter((name) => name.startsWith(`${String(pid)}-`));
  return own.reduce((sum, name) => sum + readdirSync(join(parent, name)).length, 0);
}

/** Control groups of a platform process, in every hierarchy. */
export function controlGroups(pid: number): number {
  const roots = ["memory", "cpu", "pids", "freezer", "."].map((name) => `/sys/fs/cgroup/${name}/fungraph`);
  const own = roots
    .filter((root) => existsSync(root))
    .flatMap((root) => readdirSync(root).map((name) => join(root, name)))
    .filter((path) => path.includes(`/fungraph/${String(pid)}-`));
  return own.reduce(
    (sum, path) =>
      sum + 1 + readdirSync(path, { withFileTypes: true }).filter((one) => one.isDirectory()).length,
    0,
  );
}
