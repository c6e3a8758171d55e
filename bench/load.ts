import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { treeCpuMs } from "./process-cpu.ts";
import { pinned } from "./server.ts";

/** What is asked, and how hard. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second of all connections together; default: as many as they can. */
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly failed: number;
  /** CPU time that the load itself took. */
  readonly cpuMs: number;
}

const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;

/** Which program makes the load. */
export const loadName = hasWrk ? "wrk" : "bench/load-process.ts";

/** Runs POST requests on core 1 over kept connections; one process, one thread. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-load-"));
  try {
    // wrk knows no pace.
    const wrk = hasWrk && load.perSecond === undefined;
    const { text, cpuMs } = await watch(wrk ? wrkCommand(folder, load) : ownCommand(load));
    const result = wrk ? readWrk(text) : (JSON.parse(text) as Omit<LoadResult, "cpuMs">);
    return { ...result, cpuMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wrkCommand(folder: string, load: Load): string[] {
  const script = join(folder, "post.lua");
  const headers = Object.entries(load.headers).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  );
  writeFileSync(script, [`wrk.method = "POST"`, `wrk.body = [==[${load.body}]==]`, ...headers].join("\n"));
  const url = `http://127.0.0.1:${load.port}${load.path}`;
  return ["wrk", "-t1", `-c${load.connections}`, `-d${load.seconds}s`, "--latency", "-s", script, url];
}

function ownCommand(load: Load): string[] {
  return [process.execPath, fileURLToPath(new URL("load-process.ts", import.meta.url)), JSON.stringify(load)];
}

function watch(command: readonly string[]): Promise<{ text: string; cpuMs: number }> {
  return new Promise((resolve, reject) => {
    const [program, args] = pinned(1, command);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    let cpuMs = 0;
    const timer = setInterval(() => (cpuMs = Math.max(cpuMs, treeCpuMs(child.pid ?? 0))), 100);
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", reject);
    child.on("close", () => {
      clearInterval(timer);
      resolve({ text, cpuMs });
    });
  });
}

function readWrk(text: string): Omit<LoadResult, "cpuMs"> {
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  return {
    requests: number(/(\d+) requests in/),
    perSecond: number(/Requests\/sec:\s+([\d.]+)/),
    p50Micros: micros(/50%\s+([\d.]+)(us|ms|s)/.exec(text)),
    p99Micros: micros(/99%\s+([\d.]+)(us|ms|s)/.exec(text)),
    failed: number(/Non-2xx or 3xx responses: (\d+)/),
  };
}

const MICROS: Record<string, number> = { us: 1, ms: 1000, s: 1_000_000 };

function micros(match: RegExpExecArray | null): number {
  return Number(match?.[1] ?? 0) * (MICROS[match?.[2] ?? ""] ?? 0);
}
