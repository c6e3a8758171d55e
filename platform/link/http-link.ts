import type { Socket } from "node:net";
import { callbackify } from "node:util";
import { Pool, type Dispatcher } from "undici";
import type { FailureKind } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Call } from "./call.ts";
import type { CallLink } from "./call-link.ts";
import { joinSweep, leaveSweep } from "./deadline-sweep.ts";
import { HttpFlight, type Airport } from "./http-flight.ts";
import type { InstanceLog } from "./instance-log.ts";
import type { Passage } from "./passage.ts";
import { failureBody, RuntimeFailure } from "./runtime-failure.ts";

/** Where every function's server listens, as it sees itself (guide 1.5.2). */
const ORIGIN = "http://127.0.0.1:8000";
/** Servers that say nothing else keep an idle connection for at least this long. */
const KEEP_ALIVE_MS = 4_000;
const HEADER_BYTES = 32 * 1024;
/** Methods that may be sent again (RFC 9110, 9.2.2) when they have no body. */
const REPEATABLE = ["GET", "HEAD", "OPTIONS"];

export interface HttpLinkOptions {
  /** A new connection to the function's server. */
  connect(): Promise<Socket>;
  /** Requests that the instance works on at the same time; others wait here. */
  readonly concurrency: number;
  /** Headers of the platform that every request gets beside its id: names and values in turn. */
  readonly headers: readonly string[];
  /** How a call that is an event becomes a request; a text says why it cannot. */
  form(call: Call): Passage | string;
  /** Resident memory of the instance in KiB as it was known last. */
  memoryKib(): number;
  /** Takes what is printed outside of any call. */
  readonly log: InstanceLog;
}

/** The platform's end of HTTP to an instance: kept-alive connections, one request at a time on each. */
export class HttpLink implements CallLink, Airport {
  onClose: CallLink["onClose"];
  onTimeout: CallLink["onTimeout"];
  readonly maxResponseBytes = LIMITS.responseBytes;
  readonly #options: HttpLinkOptions;
  readonly #pool: Pool;
  readonly #flights = new Set<HttpFlight>();
  /** Connections made so far. */
  #connections = 0;
  #ending = false;
  #closed: string | undefined;

  constructor(options: HttpLinkOptions) {
    this.#options = options;
    const connect = callbackify(() => {
      this.#connections++;
      return options.connect();
    });
    this.#pool = new Pool(ORIGIN, {
      connect: (_options, callback) =>
        connect((error, socket) => (error === null ? callback(null, socket) : callback(error, null))),
      connections: options.concurrency,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: HEADER_BYTES,
      // Calls have deadlines of their own.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    joinSweep(this);
  }

  get inFlight(): number {
    return this.#flights.size;
  }

  get open(): boolean {
    return this.#closed === undefined && !this.#ending;
  }

  /** The instance has ended or is about to; whoever finds out why calls `close`. */
  ending(): void {
    this.#ending = true;
  }

  invoke(call: Call): void {
    if (this.#closed !== undefined) {
      call.fail("system", failureBody("system", `the instance is gone: ${this.#closed}`), 0, 0);
      return;
    }
    this.#options.log.renew();
    const passage = call.passage ?? this.#options.form(call);
    if (typeof passage === "string") call.fail("code", failureBody("code", passage), 0, 0);
    else this.#dispatch(new HttpFlight(call, passage, this));
  }

  printed(level: number, text: Buffer): void {
    const [only, ...more] = this.#flights;
    if (only === undefined || more.length > 0) this.#options.log.take(level, text);
    else only.log(level, text);
  }

  /**
   * Sends one request that belongs to no call, such as POST /init of a container image.
   * @returns status and the first bytes of the body. Rejects with RuntimeFailure: `late` when the time is over, else `kind`
   */
  async request(path: string, options: InitOptions): Promise<{ status: number; body: string }> {
    const signal = AbortSignal.timeout(options.timeoutMs);
    const headers = ["x-cff-request-id", options.requestId, ...this.#options.headers];
    try {
      const reply = await this.#pool.request({ path, method: "POST", headers, signal });
      return { status: reply.statusCode, body: (await reply.body.text()).slice(0, options.bodyBytes) };
    } catch (error) {
      if (signal.aborted)
        throw new RuntimeFailure(options.late, `no response to ${path} within ${options.timeoutMs} ms`);
      throw new RuntimeFailure(options.kind, `no response to ${path}: ${(error as Error).message}`);
    }
  }

  close(kind: FailureKind = "crash", message = "the instance was ended"): void {
    if (this.#closed !== undefined) return;
    this.#closed = message;
    leaveSweep(this);
    const body = failureBody(kind, message);
    for (const flight of this.#flights) flight.fail(kind, body);
    this.#options.log.renew();
    // Nothing is left to wait for.
    void this.#pool.destroy().catch(() => undefined);
    this.onClose?.(message);
  }

  /** For the deadline sweep. */
  sweep(now: number): void {
    for (const flight of this.#flights) if (flight.expire(now)) this.onTimeout?.(flight.call);
  }

  memoryKib(): number {
    return this.#options.memoryKib();
  }

  landed(flight: HttpFlight): void {
    this.#flights.delete(flight);
  }

  again(flight: HttpFlight): boolean {
    if (this.#closed !== undefined) return false;
    this.#dispatch(flight);
    flight.onUsedConnection = false;
    return true;
  }

  #dispatch(flight: HttpFlight): void {
    const { passage, call } = flight;
    this.#flights.add(flight);
    const connections = this.#connections;
    const request: Dispatcher.DispatchOptions = {
      path: passage.path,
      method: passage.method,
      headers: [...passage.headers, "x-cff-request-id", call.requestId, ...this.#options.headers],
      ...(passage.content === undefined ? {} : { body: passage.content }),
      ...(passage.upgrade ? { upgrade: "websocket" } : {}),
    };
    try {
      this.#pool.dispatch(request, flight);
    } catch (error) {
      // Refused before anything was sent.
      flight.abort("system", `the request cannot be sent: ${(error as Error).message}`);
    }
    flight.onUsedConnection =
      connections === this.#connections &&
      passage.content === undefined &&
      REPEATABLE.includes(passage.method);
  }
}

interface InitOptions {
  readonly requestId: string;
  readonly timeoutMs: number;
  /** Bytes of the reply that are of interest. */
  readonly bodyBytes: number;
  readonly kind: FailureKind;
  readonly late: FailureKind;
}
