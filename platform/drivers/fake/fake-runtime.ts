import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { FailureKind } from "../../../model/failure.ts";
import { FAILURES } from "../../../model/failure.ts";
import type { LoadMessage } from "../../link/link.ts";
import { FrameReader, type FrameView } from "../../link/frame-reader.ts";
import { FrameType } from "../../link/frame.ts";
import { FrameWriter } from "../../link/frame-writer.ts";

/** What a fake function may do besides answering. */
export interface FakeControls {
  readonly instanceId: string;
  /** What LOAD said. */
  readonly load: LoadMessage;
  /** A log line of this call, with the protocol's level. */
  log(level: number, text: string): void;
  /** Writes to the instance's standard output. */
  readonly print: (text: string) => void;
  /** The instance exits in the middle of the call. */
  readonly exit: (how?: { code?: number; outOfMemory?: boolean; temporaryFull?: boolean }) => void;
}

/**
 * A function as plain code: text and bytes are the result as they are, anything else as JSON. A FakeFailure becomes an ERROR of its kind, any
 * other error one of kind `code`. A promise that never settles is a call that hangs.
 */
type FakeHandler = (event: Buffer, controls: FakeControls) => unknown;

/** An ERROR frame with this kind's inner code. */
export class FakeFailure extends Error {
  readonly kind: FailureKind;
  constructor(kind: FailureKind, message: string) {
    super(message);
    this.name = "FakeFailure";
    this.kind = kind;
  }
}

/** Knobs; all times in milliseconds. */
export interface FakeKnobs {
  readonly handler?: FakeHandler;
  /** From the start to HELLO. */
  readonly helloMs?: number;
  /** Runs at LOAD; may throw, wait or exit. */
  readonly load?: (controls: FakeControls) => unknown;
  /** Runs at INIT, likewise. */
  readonly initialize?: (controls: FakeControls) => unknown;
  /** Runs at HEARTBEAT once it is loaded; what it throws is the answer that the code is not well. */
  readonly heartbeat?: (controls: FakeControls) => unknown;
  /** Runs at STOP, before STOPPED. */
  readonly stop?: (controls: FakeControls) => unknown;
}

interface FakeRuntimeHost {
  readonly id: string;
  readonly token: string;
  readonly print: FakeControls["print"];
  readonly exit: FakeControls["exit"];
}

const EMPTY = Buffer.alloc(0);

interface Waiting {
  readonly call: number;
  readonly event: Buffer;
}

/** The instance's end of the runtime protocol, in this process. */
export class FakeRuntime {
  readonly #knobs: FakeKnobs;
  readonly #host: FakeRuntimeHost;
  readonly #writer: FrameWriter;
  readonly #queue: Waiting[] = [];
  #load: LoadMessage | undefined;
  #running = 0;

  private constructor(stream: Duplex, host: FakeRuntimeHost, knobs: FakeKnobs) {
    this.#knobs = knobs;
    this.#host = host;
    this.#writer = new FrameWriter(stream);
    const reader = new FrameReader((frame) => this.#frame(frame));
    stream.on("data", (chunk: Buffer) => {
      if (reader.push(chunk) !== undefined) host.exit({ code: 1 });
    });
  }

  /** Serves `stream` until it ends. */
  static start(stream: Duplex, host: FakeRuntimeHost, knobs: FakeKnobs): void {
    void new FakeRuntime(stream, host, knobs).#hello();
  }

  async #hello(): Promise<void> {
    await delay(this.#knobs.helloMs ?? 0);
    const { token } = this.#host;
    const hello = { protocol: 1, token, runtime: "fake", version: "1", pid: process.pid };
    this.#writer.frame(FrameType.Hello, 0, EMPTY, Buffer.from(JSON.stringify(hello)));
  }

  #frame({ type, call, buffer, payload, end }: FrameView): string | undefined {
    const bytes = Buffer.from(buffer.subarray(payload, end));
    if (type === FrameType.Load) {
      this.#load = JSON.parse(bytes.toString()) as LoadMessage;
      void this.#phase(this.#knobs.load, FrameType.Loaded, "load");
    } else if (type === FrameType.Init)
      void this.#phase(this.#knobs.initialize, FrameType.Initialized, "init");
    else if (type === FrameType.Stop) void this.#stop();
    else if (type === FrameType.Heartbeat)
      void this.#phase(this.#load && this.#knobs.heartbeat, FrameType.Alive, "heartbeat");
    else if (type === FrameType.Invoke) {
      this.#queue.push({ call, event: bytes });
      this.#next();
    } else return `unexpected frame ${type}`;
    return undefined;
  }

  async #phase(
    action: FakeKnobs["load"],
    done: FrameType,
    kind: "load" | "init" | "heartbeat",
  ): Promise<void> {
    try {
      if (action !== undefined) await action(this.#controls(0));
      this.#writer.frame(done, 0, EMPTY);
    } catch (error) {
      this.#fail(0, kind, error);
    }
  }

  async #stop(): Promise<void> {
    await this.#knobs.stop?.(this.#controls(0));
    this.#writer.frame(FrameType.Stopped, 0, EMPTY);
    this.#writer.flush();
    this.#host.exit({ code: 0 });
  }

  /** In the order they came, at most `concurrency` at the same time. */
  #next(): void {
    while (this.#running < (this.#load?.concurrency ?? 1)) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      this.#running += 1;
      void this.#run(waiting);
    }
  }

  async #run({ call, event }: Waiting): Promise<void> {
    const started = performance.now();
    try {
      const result = await (this.#knobs.handler ?? echo)(event, this.#controls(call));
      this.#writer.frame(FrameType.Result, call, measures(started, 8), resultBytes(result));
    } catch (error) {
      this.#fail(call, error instanceof FakeFailure ? error.kind : "code", error, started);
    }
    this.#running -= 1;
    this.#next();
  }

  // oxlint-disable-next-line max-params -- the four fields of an ERROR frame
  #fail(call: number, kind: FailureKind, error: unknown, started = performance.now()): void {
    const head = measures(started, 10);
    head.writeUInt16LE(FAILURES[kind].code, 8);
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const body = { errorMessage: message, errorType: name, stackTrace: [] };
    this.#writer.frame(FrameType.Error, call, head, Buffer.from(JSON.stringify(body, undefined, 4)));
  }

  #controls(call: number): FakeControls {
    const host = this.#host;
    if (this.#load === undefined) throw new Error("LOAD comes before everything else");
    return {
      instanceId: host.id,
      load: this.#load,
      log: (level, text) => this.#writer.frame(FrameType.Log, call, Buffer.of(level), Buffer.from(text)),
      print: host.print,
      exit: host.exit,
    };
  }
}

function echo(event: Buffer): Buffer {
  return event;
}

/** Duration in µs and resident memory in KiB, in a head of `length` bytes. */
function measures(started: number, length: number): Buffer {
  const head = Buffer.alloc(length);
  head.writeUInt32LE(Math.round((performance.now() - started) * 1000), 0);
  head.writeUInt32LE(10 * 1024, 4);
  return head;
}

function resultBytes(result: unknown): Buffer {
  if (Buffer.isBuffer(result)) return result;
  if (typeof result === "string") return Buffer.from(result);
  return Buffer.from(result === undefined ? "" : JSON.stringify(result));
}
