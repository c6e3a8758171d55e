import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { FailureKind } from "../../model/failure.ts";
import type { Call, CallMeta } from "../../platform/link/call.ts";
import { Link, type LoadMessage } from "../../platform/link/link.ts";

const IMAGES = join(dirname(fileURLToPath(import.meta.url)), "../../runtime-images");
const TOKEN = "one-time";

/** How an interpreter starts its bootstrap. */
export interface Interpreter {
  readonly command: string;
  readonly bootstrap: string;
}

/** An interpreter of a family with the bootstrap of this repository. */
export function interpreter(family: "nodejs" | "python", command: string): Interpreter {
  return { command, bootstrap: join(IMAGES, family, family === "nodejs" ? "bootstrap.js" : "bootstrap.py") };
}

export type LoadChanges = Partial<Omit<LoadMessage, "codeRoot">>;

/** How a call ended, and what it logged. */
export interface Ended {
  readonly kind: FailureKind | "ok";
  readonly text: string;
  readonly micros: number;
  readonly memoryKib: number;
  readonly logs: readonly string[];
  readonly levels: readonly number[];
}

let lastId = 0;

/** A call that remembers what came. */
export class RecordedCall implements Call {
  readonly requestId: string;
  readonly event: Buffer;
  readonly meta: CallMeta | undefined;
  readonly deadline: number;
  readonly logs: string[] = [];
  readonly levels: number[] = [];
  readonly #end = Promise.withResolvers<Ended>();
  constructor(event: string | Buffer, timeoutMs = 10_000, meta?: CallMeta) {
    this.requestId = `request-${++lastId}`;
    this.event = Buffer.from(event);
    this.meta = meta;
    this.deadline = performance.now() + timeoutMs;
  }
  get ended(): Promise<Ended> {
    return this.#end.promise;
  }
  log(level: number, text: Buffer): void {
    this.levels.push(level);
    this.logs.push(text.toString());
  }
  succeed(payload: Buffer, micros: number, memoryKib: number): void {
    this.#finish("ok", payload, micros, memoryKib);
  }
  fail(kind: FailureKind, payload: Buffer, micros: number, memoryKib: number): void {
    this.#finish(kind, payload, micros, memoryKib);
  }
  #finish(kind: FailureKind | "ok", payload: Buffer, micros: number, memoryKib: number): void {
    const { logs, levels } = this;
    this.#end.resolve({ kind, text: payload.toString(), micros, memoryKib, logs, levels });
  }
}

/** A real child process with its link and its code folder. */
export class TestInstance {
  readonly link: Link;
  readonly child: ChildProcess;
  readonly folder: string;
  readonly codeRoot: string;
  readonly instanceLogs: string[] = [];
  readonly exited: Promise<number | null>;
  readonly #raw: string[] = [];

  constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    this.codeRoot = join(folder, "code");
    this.link = new Link(child.stdio[3] as Duplex, TOKEN);
    this.link.onInstanceLog = (_level, text) => this.instanceLogs.push(text.toString());
    this.exited = once(child, "exit").then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (data: Buffer) => this.#raw.push(String(data)));
  }

  /** What the process wrote past its bootstrap. */
  get rawOutput(): string {
    return this.#raw.join("");
  }

  load(changes: LoadChanges = {}): Promise<void> {
    return this.link.load(loadMessage(this.codeRoot, changes), 10_000);
  }

  invoke(event: string | Buffer, timeoutMs?: number, meta?: CallMeta): Promise<Ended> {
    const call = new RecordedCall(event, timeoutMs, meta);
    this.link.invoke(call);
    return call.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.link.close();
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGKILL");
      await this.exited;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts a generic instance whose code folder holds `files`. */
export async function startInstance(
  { command, bootstrap }: Interpreter,
  files: Readonly<Record<string, string>>,
): Promise<TestInstance> {
  const folder = await mkdtemp(join(tmpdir(), "fungraph-instance-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, "code", name)), { recursive: true });
    await writeFile(join(folder, "code", name), text);
  }
  await mkdir(join(folder, "code"), { recursive: true });
  const child = spawn(command, [bootstrap], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      FUNGRAPH_LINK: "fd:3",
      FUNGRAPH_TOKEN: TOKEN,
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  const instance = new TestInstance(child, folder);
  await instance.link.hello(10_000);
  return instance;
}

/** LOAD for a function of ordinary settings. */
export function loadMessage(codeRoot: string, changes: LoadChanges = {}): LoadMessage {
  return {
    codeRoot,
    handler: "index.handler",
    concurrency: 1,
    environment: {},
    userData: {},
    function: {
      name: "hello",
      version: "latest",
      package: "default",
      projectId: "0123456789abcdef",
      timeoutSeconds: 3,
      memoryMb: 128,
      cpuMillicores: 300,
    },
    credentials: {
      accessKey: "",
      secretKey: "",
      securityAccessKey: "",
      securitySecretKey: "",
      securityToken: "",
      token: "",
    },
    maxResponseBytes: 6_291_456,
    ...changes,
  };
}
