import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { FailureKind } from "../../model/failure.ts";
import type { Call, CallMeta } from "../../platform/link/call.ts";
import { Link, type LoadMessage } from "../../platform/link/link.ts";
import type { Ending, Language, Program, Started, Subject } from "./languages/language.ts";

const TOKEN = "one-time";

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
  deadline: number;
  readonly logs: string[] = [];
  readonly levels: number[] = [];
  #lastLine = Infinity;
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
  /** Its time is over with so many lines. */
  overAfter(lines: number): void {
    this.#lastLine = lines;
  }
  log(level: number, text: Buffer): void {
    this.levels.push(level);
    this.logs.push(text.toString());
    if (this.logs.length >= this.#lastLine) this.deadline = performance.now();
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

/** A real instance with its link and its code folder. */
export class TestInstance {
  readonly link: Link;
  readonly folder: string;
  readonly codeRoot: string;
  readonly instanceLogs: string[] = [];
  readonly exited: Promise<number | null>;
  readonly #started: Started;
  readonly #language: Language;
  readonly #raw: string[] = [];

  constructor(started: Started, folder: string, language: Language) {
    this.#started = started;
    this.folder = folder;
    this.#language = language;
    this.codeRoot = started.codeRoot;
    this.link = new Link(started.stream, started.token);
    this.link.log.sink = (_level, text) => this.instanceLogs.push(text.toString());
    this.exited = started.exited.then(({ code }) => code);
    started.onOutput((data) => this.#raw.push(String(data)));
  }

  /** How it ended. */
  get ending(): Promise<Ending> {
    return this.#started.exited;
  }

  /** What the process wrote past its bootstrap. */
  get rawOutput(): string {
    return this.#raw.join("");
  }

  load(changes: LoadChanges = {}): Promise<void> {
    return this.link.load(this.#named(loadMessage(this.codeRoot, changes)), 10_000);
  }

  /** The message with the handlers as the language names them. */
  #named(message: LoadMessage): LoadMessage {
    const name = (handler: string): string => this.#language.handler(handler);
    const { initializer, preStop } = message;
    return {
      ...message,
      handler: name(message.handler),
      ...(initializer && { initializer: { ...initializer, handler: name(initializer.handler) } }),
      ...(preStop && { preStop: { ...preStop, handler: name(preStop.handler) } }),
    };
  }

  invoke(event: string | Buffer, timeoutMs?: number, meta?: CallMeta): Promise<Ended> {
    const call = new RecordedCall(event, timeoutMs, meta);
    this.link.invoke(call);
    return call.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.link.close();
    await this.#started.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Starts a generic instance whose code folder holds the code of a case; without an id the folder is empty. */
export async function startInstance(
  language: Language,
  subject: Subject,
  id?: string,
): Promise<TestInstance> {
  const folder = await mkdtemp(join(tmpdir(), "fungraph-instance-"));
  await mkdir(join(folder, "code"));
  if (id !== undefined) await language.putCode(id, join(folder, "code"));
  const code = join(folder, "code");
  const started = "start" in subject ? await subject.start(code) : startProcess(subject, code);
  const instance = new TestInstance(started, folder, language);
  await instance.link.hello(10_000);
  return instance;
}

/** Starts the bootstrap as a child of this process, with the link as descriptor 3. */
function startProcess(subject: Program, codeRoot: string): Started {
  const child = spawn(subject.command, subject.args, {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    detached: true,
    env: { ...bareEnvironment(subject), FUNGRAPH_LINK: "fd:3", FUNGRAPH_TOKEN: TOKEN },
  });
  const exited = once(child, "exit").then(([code, signal]): Ending => ({ code, signal }));
  return {
    codeRoot,
    exited,
    stream: child.stdio[3] as Duplex,
    token: TOKEN,
    onOutput: (listener) => {
      for (const stream of [child.stdout, child.stderr]) stream?.on("data", listener);
    },
    end: async () => {
      // With what it started: a program of the function's own.
      if (child.pid !== undefined) endGroup(child.pid);
      await exited;
    },
  };
}

function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** What a bootstrap finds in its environment besides the link. */
export function bareEnvironment(subject: Program): NodeJS.ProcessEnv {
  const { PATH, TMPDIR } = process.env;
  return { PATH, TMPDIR, PYTHONDONTWRITEBYTECODE: "1", ...subject.env };
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
      instanceId: "instance-1",
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
    loadTimeoutMs: 30_000,
    ...changes,
  };
}
