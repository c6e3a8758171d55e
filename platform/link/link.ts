import type { Duplex } from "node:stream";
import { FAILURES, failureOf, type FailureKind } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Call } from "./call.ts";
import type { CallLink } from "./call-link.ts";
import { CallTable, type Slot } from "./call-table.ts";
import { joinSweep, leaveSweep } from "./deadline-sweep.ts";
import { FrameType, MAX_FRAME_BYTES } from "./frame.ts";
import { FrameReader, type FrameView } from "./frame-reader.ts";
import { FrameWriter } from "./frame-writer.ts";
import { checkHello } from "./hello.ts";
import { InstanceLog } from "./instance-log.ts";
import { failureBody, RuntimeFailure } from "./runtime-failure.ts";
import { Waiters } from "./waiters.ts";

const EMPTY = Buffer.alloc(0);
/** u32 milliseconds left and u8 length of the request id. */
const INVOKE_FIXED_BYTES = 5;
const LEVEL_ERROR = 4;
/** Frames by which an instance answers one of the platform's about itself. */
const ANSWERS: readonly number[] = [
  FrameType.Loaded,
  FrameType.Initialized,
  FrameType.Alive,
  FrameType.Stopped,
];

/** LOAD's payload (runtime-images/PROTOCOL.md). */
export interface LoadMessage {
  readonly codeRoot: string;
  readonly handler: string;
  readonly initializer?: { readonly handler: string; readonly timeoutSeconds: number };
  readonly preStop?: { readonly handler: string; readonly timeoutSeconds: number };
  /** A method that HEARTBEAT asks. */
  readonly heartbeat?: { readonly handler: string };
  readonly concurrency: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly userData: Readonly<Record<string, string>>;
  readonly function: {
    readonly name: string;
    readonly version: string;
    readonly package: string;
    readonly projectId: string;
    readonly instanceId: string;
    readonly timeoutSeconds: number;
    readonly memoryMb: number;
    readonly cpuMillicores: number;
  };
  readonly credentials: Readonly<Record<string, string>>;
  readonly maxResponseBytes: number;
  /** Time for the load; instances that tell what is missing do so before it is over. */
  readonly loadTimeoutMs: number;
}

/** The platform's end of the runtime protocol. */
export class Link implements CallLink {
  /** Log lines that belong to no call. */
  readonly log = new InstanceLog();
  onClose: CallLink["onClose"];
  onTimeout: CallLink["onTimeout"];
  /**
   * Called when the peer ended the stream by itself. Who sets it finds out why (exit, memory) and must then call
   * `close(kind, message)`; until then calls in flight wait, at most for their deadlines. Unset: closes as `crash` at once.
   */
  onEnd: (() => void) | undefined;

  readonly #stream: Duplex;
  readonly #token: string;
  readonly #reader: FrameReader;
  readonly #writer: FrameWriter;
  readonly #calls = new CallTable();
  readonly #waiters = new Waiters();
  readonly #expired = (call: Call): void => this.onTimeout?.(call);
  #open = true;
  #closed = false;
  #greeted = false;
  #stopping = false;
  #reason = "";
  #maxResponseBytes: number = LIMITS.responseBytes;

  constructor(stream: Duplex, token: string) {
    this.#stream = stream;
    this.#token = token;
    this.#reader = new FrameReader((frame) => this.#frame(frame));
    this.#writer = new FrameWriter(stream);
    stream.on("data", (chunk: Buffer) => {
      const broken = this.#reader.push(chunk);
      if (broken !== undefined) this.close("crash", `the instance broke the runtime protocol: ${broken}`);
    });
    stream.on("error", () => this.#ended());
    stream.on("end", () => this.#ended());
    stream.on("close", () => this.#ended());
    joinSweep(this);
  }

  get inFlight(): number {
    return this.#calls.live;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Waits for HELLO; rejects with RuntimeFailure on a wrong token, protocol version, or time. */
  hello(timeoutMs: number): Promise<void> {
    if (this.#greeted) return Promise.resolve();
    return this.#wait(FrameType.Hello, timeoutMs, "system");
  }

  /** Loads the function's code. Rejects with RuntimeFailure `load`, or `crash` when the link ends meanwhile. */
  load(message: LoadMessage, timeoutMs: number): Promise<void> {
    const payload = Buffer.from(JSON.stringify(message));
    this.#maxResponseBytes = message.maxResponseBytes;
    this.#writer.frame(FrameType.Load, 0, EMPTY, payload);
    return this.#wait(FrameType.Loaded, timeoutMs, "load");
  }

  /** Runs the initializer. Rejects with RuntimeFailure `init` or `init-timeout`, or `crash` when the link ends meanwhile. */
  init(timeoutMs: number): Promise<void> {
    this.#writer.frame(FrameType.Init, 0, EMPTY);
    return this.#wait(FrameType.Initialized, timeoutMs, "init-timeout");
  }

  /** Synchronous; frames of one turn go out in one write. */
  invoke(call: Call): void {
    const now = performance.now();
    const meta = call.meta === undefined ? EMPTY : Buffer.from(JSON.stringify(call.meta));
    const headLength = INVOKE_FIXED_BYTES + call.requestId.length + meta.length;
    const refused = this.#refuse(call, headLength);
    if (refused !== undefined) {
      call.fail("system", failureBody("system", refused), 0, 0);
      return;
    }
    this.log.renew();
    const writer = this.#writer;
    let at = writer.begin({
      type: FrameType.Invoke,
      call: this.#calls.add(call, now),
      headLength,
      payloadLength: call.event.length,
    });
    const block = writer.block;
    const left = call.deadline - now;
    at = block.writeUInt32LE(left > 0 ? Math.min(Math.ceil(left), 0xffffffff) : 0, at);
    at = block.writeUInt8(call.requestId.length, at);
    at += block.write(call.requestId, at, "latin1");
    at += meta.copy(block, at);
    writer.finish(at, call.event);
  }

  printed(level: number, text: Buffer): void {
    const slot = this.#calls.only();
    if (slot === undefined) this.log.take(level, text);
    else slot.log(level, text);
  }

  /** Asks for a sign of life; rejects with RuntimeFailure when none comes in time. An instance that computes without pause gives none. */
  heartbeat(timeoutMs: number): Promise<void> {
    this.#writer.frame(FrameType.Heartbeat, 0, EMPTY);
    return this.#wait(FrameType.Alive, timeoutMs, "system");
  }

  /** STOP; resolves when STOPPED came, the link ended or the time is over. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const head = Buffer.alloc(4);
    head.writeUInt32LE(graceMs);
    this.#writer.frame(FrameType.Stop, 0, head);
    await this.#wait(FrameType.Stopped, graceMs, "system").catch(() => undefined);
  }

  close(kind: FailureKind = "crash", message = "the instance was ended"): void {
    if (this.#closed) return;
    this.#open = false;
    this.#closed = true;
    this.#reason = message;
    leaveSweep(this);
    this.#stream.destroy();
    this.log.renew();
    this.#calls.failAll(kind, message);
    this.#waiters.failAll(new RuntimeFailure(kind, message));
    this.onClose?.(message);
  }

  /** For the deadline sweep. */
  sweep(now: number): void {
    this.#calls.expire(now, this.#expired);
  }

  #refuse(call: Call, headLength: number): string | undefined {
    if (!this.#open) return `the instance is gone: ${this.#reason}`;
    if (call.requestId.length > 255) return "a request id has 255 characters at most";
    const length = headLength + call.event.length;
    if (length > MAX_FRAME_BYTES || headLength > 0xffff) {
      return `an event and its head take ${length} bytes; ${MAX_FRAME_BYTES} fit`;
    }
    return undefined;
  }

  #ended(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#reason = "the instance exited";
    if (this.onEnd === undefined) this.close("crash", this.#reason);
    else this.onEnd();
  }

  #wait(type: FrameType, timeoutMs: number, late: FailureKind): Promise<void> {
    if (!this.#open) return Promise.reject(new RuntimeFailure("crash", this.#reason));
    return this.#waiters.wait(type, timeoutMs, late);
  }

  /** Takes a frame; returns the rule it breaks. */
  #frame(frame: FrameView): string | undefined {
    if (this.#closed) return this.#reason;
    if (!this.#greeted) return this.#hello(frame);
    if (frame.call === 0) return this.#instanceFrame(frame);
    const slot = this.#calls.find(frame.call);
    if (slot === undefined) return `no call has the number ${frame.call}`;
    switch (frame.type) {
      case FrameType.Result:
        return this.#result(frame, slot);
      case FrameType.Error:
        return this.#error(frame, slot);
      case FrameType.Log:
        return this.#log(frame, slot);
      default:
        return `a frame of type ${frame.type} does not belong to a call`;
    }
  }

  #result(frame: FrameView, slot: Slot): string | undefined {
    const { buffer, head, payload, end } = frame;
    if (payload - head !== 8) return `RESULT has a head of 8 bytes, got ${payload - head}`;
    const call = this.#calls.answer(slot);
    if (call === undefined) return undefined;
    const micros = buffer.readUInt32LE(head);
    const kib = buffer.readUInt32LE(head + 4);
    if (end - payload <= this.#maxResponseBytes) call.succeed(buffer.subarray(payload, end), micros, kib);
    else
      call.fail(
        "too-large",
        failureBody("too-large", tooLarge(end - payload, this.#maxResponseBytes)),
        micros,
        kib,
      );
    return undefined;
  }

  #error(frame: FrameView, slot: Slot): string | undefined {
    const { buffer, head, payload, end } = frame;
    if (payload - head !== 10) return `ERROR has a head of 10 bytes, got ${payload - head}`;
    const kind = failureOf(buffer.readUInt16LE(head + 8));
    this.#calls
      .answer(slot)
      ?.fail(kind, buffer.subarray(payload, end), buffer.readUInt32LE(head), buffer.readUInt32LE(head + 4));
    return undefined;
  }

  #log(frame: FrameView, slot: Slot | undefined): string | undefined {
    const { buffer, head, payload, end } = frame;
    const level = buffer[head] ?? 0;
    if (payload - head !== 1 || level > LEVEL_ERROR) return "LOG has one head byte, a level from 0 to 4";
    if (end - payload > LIMITS.logLineBytes) return `LOG carries ${LIMITS.logLineBytes} bytes at most`;
    const text = buffer.subarray(payload, end);
    if (slot === undefined) this.log.take(level, text);
    else slot.log(level, text);
    return undefined;
  }

  /** A frame that speaks of the instance, not of a call. */
  #instanceFrame(frame: FrameView): string | undefined {
    const { type, head, payload } = frame;
    if (type === FrameType.Log) return this.#log(frame, undefined);
    if (type === FrameType.Error) return this.#failed(frame);
    if (payload !== head || frame.end !== payload) return `a frame of type ${type} carries nothing`;
    if (type === FrameType.Stopped && !this.#stopping) return "STOPPED without STOP";
    if (!ANSWERS.includes(type)) return `an instance sends no frame of type ${type} now`;
    const awaited = this.#waiters.settle(type);
    // A sign of life or of the end may come late.
    if (!awaited && type !== FrameType.Alive && type !== FrameType.Stopped)
      return `a frame of type ${type} that was not asked for`;
    return undefined;
  }

  #failed(frame: FrameView): string | undefined {
    const { buffer, head, payload, end } = frame;
    if (payload - head !== 10) return `ERROR has a head of 10 bytes, got ${payload - head}`;
    const kind = failureOf(buffer.readUInt16LE(head + 8));
    const body = Buffer.from(buffer.subarray(payload, end));
    const failure = new RuntimeFailure(kind, FAILURES[kind].reason, body);
    if (kind === "heartbeat") {
      this.close(kind, messageOf(body));
      return undefined;
    }
    if (
      !this.#waiters.settle(FrameType.Loaded, failure) &&
      !this.#waiters.settle(FrameType.Initialized, failure)
    )
      return "ERROR of the instance outside LOAD, INIT and HEARTBEAT";
    return undefined;
  }

  #hello(frame: FrameView): string | undefined {
    const { type, call, buffer, head, payload, end } = frame;
    if (type !== FrameType.Hello || call !== 0 || head !== payload) return "the first frame must be HELLO";
    const fault = checkHello(buffer.toString("utf8", payload, end), this.#token);
    if (fault !== undefined) return fault;
    this.#greeted = true;
    this.#waiters.settle(FrameType.Hello);
    return undefined;
  }
}

function messageOf(body: Buffer): string {
  try {
    const { errorMessage } = JSON.parse(body.toString()) as { errorMessage?: unknown };
    return typeof errorMessage === "string" ? errorMessage : FAILURES.heartbeat.reason;
  } catch {
    // The instance is not trusted to write JSON.
    return FAILURES.heartbeat.reason;
  }
}

function tooLarge(bytes: number, limit: number): string {
  return `the result has ${bytes} bytes, more than the limit of ${limit}`;
}
