import type { Dispatcher } from "undici";
import type { Duplex } from "node:stream";
import type { FailureKind } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Call } from "./call.ts";
import { droppedLine } from "./call-table.ts";
import { onlyValue, passedOn } from "./http-headers.ts";
import type { Flight, Passage, ResponseHead } from "./passage.ts";
import { failureBody } from "./runtime-failure.ts";

type Controller = Dispatcher.DispatchController;

const LEVEL_WARN = 3;
/** An instance that ends takes its connections with it: so long is waited for its end, which says more, before the server is blamed. */
const EXIT_MS = 1_000;

/** What a flight needs of its link. */
export interface Airport {
  readonly maxResponseBytes: number;
  /** Resident memory in KiB as it was known last. */
  memoryKib(): number;
  /** The flight is over; called before its call ends. */
  landed(flight: HttpFlight): void;
  /** Sends a request again that an idle connection lost. @returns false when the link is closed */
  again(flight: HttpFlight): boolean;
}

/** One request on its way to the function's server and back. */
export class HttpFlight implements Flight, Dispatcher.DispatchHandler {
  readonly call: Call;
  readonly passage: Passage;
  /** It may ride on a connection that the server closes for being idle at this very moment. */
  onUsedConnection = false;
  readonly #airport: Airport;
  #controller: Controller | undefined;
  #startedAt = performance.now();
  #ended = false;
  #answered = false;
  #received = 0;
  #logged = 0;
  #dropped = 0;
  #socket: Duplex | undefined;

  constructor(call: Call, passage: Passage, airport: Airport) {
    this.call = call;
    this.passage = passage;
    this.#airport = airport;
    passage.begin(this);
  }

  log(level: number, text: Buffer): void {
    this.#logged += text.length;
    if (this.#logged <= LIMITS.logBytesPerInvocation) this.call.log(level, text);
    else this.#dropped += text.length;
  }

  abort(kind: FailureKind, message: string): void {
    this.fail(kind, failureBody(kind, message));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** The call's time is over. @returns true when the instance hangs in it */
  expire(now: number): boolean {
    if (this.#ended || this.call.deadline > now) return false;
    // A WebSocket is not a call that hangs: it may last as long as the function's timeout.
    if (this.#socket !== undefined) {
      this.#socket.destroy();
      return false;
    }
    // Nor is one whose caller is slow: nobody from outside may end an instance.
    if (this.passage.callerLags) {
      this.abort("cancelled", "the function's time was over before its caller had sent or taken everything");
      return false;
    }
    const allowed = Math.round(this.call.deadline - this.#startedAt);
    this.abort("timeout", `invocation timed out: no whole response within ${allowed} ms`);
    return true;
  }

  /** Ends the call with a failure and the request with it. */
  fail(kind: FailureKind, body: Buffer): void {
    if (!this.#end()) return;
    this.#controller?.abort(new Error(kind));
    this.#socket?.destroy();
    this.call.fail(kind, body, this.#micros(), this.#airport.memoryKib());
  }

  onRequestStart(controller: Controller): void {
    if (this.#ended) return controller.abort(new Error("the call has ended"));
    this.#controller = controller;
    this.#startedAt = performance.now();
  }

  onResponseStart(controller: Controller, status: number): void {
    if (this.#ended || status < 200) return;
    const head = readHead(controller, status);
    this.#answered = true;
    if (head.length !== undefined && this.passage.method !== "HEAD" && this.#tooLarge(head.length)) return;
    this.passage.head(head);
  }

  onResponseData(_controller: Controller, chunk: Buffer): void {
    if (this.#ended) return;
    this.#received += chunk.length;
    if (!this.#tooLarge(this.#received)) this.passage.data(chunk);
  }

  onResponseEnd(controller: Controller): void {
    if (this.#ended) return;
    const ending = this.passage.end(rawList(controller.rawTrailers));
    if (Buffer.isBuffer(ending)) this.#succeed(ending);
    else this.fail(ending.kind, ending.body);
  }

  onRequestUpgrade(controller: Controller, status: number, _headers: unknown, socket: Duplex): void {
    if (this.#ended) return void socket.destroy();
    this.#socket = socket;
    this.#answered = true;
    socket.once("close", () => this.#succeed(Buffer.alloc(0)));
    this.passage.upgraded(readHead(controller, status), socket);
  }

  onResponseError(_controller: Controller | undefined, error: Error): void {
    if (this.#ended) return;
    if (this.onUsedConnection && !this.#answered && isLoss(error) && this.#airport.again(this)) return;
    const kind = this.#answered ? "stream-broken" : "code";
    const body = failureBody(kind, explain(error, this.#answered));
    if (isLoss(error)) setTimeout(() => this.fail(kind, body), EXIT_MS).unref();
    else this.fail(kind, body);
  }

  #succeed(payload: Buffer): void {
    if (this.#end()) this.call.succeed(payload, this.#micros(), this.#airport.memoryKib());
  }

  #tooLarge(bytes: number): boolean {
    const limit = this.#airport.maxResponseBytes;
    if (bytes <= limit) return false;
    this.abort(
      "too-large",
      `the body of the response is larger than ${limit} bytes, the most that is allowed`,
    );
    return true;
  }

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#airport.landed(this);
    if (this.#dropped > 0) this.call.log(LEVEL_WARN, droppedLine(this.#dropped));
    return true;
  }

  #micros(): number {
    return Math.round((performance.now() - this.#startedAt) * 1000);
  }
}

/** Headers of a response that the gateway writes itself. */
const OWN = ["date", "x-cff-request-id"];

function readHead(controller: Controller, status: number): ResponseHead {
  const raw = rawList(controller.rawHeaders);
  const length = onlyValue(raw, "content-length");
  return {
    status,
    headers: passedOn(raw, (name) => OWN.includes(name)),
    length: length === undefined ? undefined : Number(length),
  };
}

/** Names and values in turn, as text. */
function rawList(raw: Controller["rawHeaders"]): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((part) => (typeof part === "string" ? part : part.toString("latin1")));
}

/** The way in is gone: nothing of the request was sent. */
const REFUSALS = ["ECONNREFUSED", "ENOENT"];
const LOSSES = ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE", ...REFUSALS];

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

function isLoss(error: Error): boolean {
  return LOSSES.includes(codeOf(error));
}

function explain(error: Error, answered: boolean): string {
  const code = codeOf(error);
  if (REFUSALS.includes(code)) return "the function's server takes no connections";
  if (LOSSES.includes(code))
    return answered
      ? "the function's server closed the connection in the middle of its response"
      : "the function's server closed the connection without a response";
  if (code === "UND_ERR_HEADERS_OVERFLOW") return "the headers of the response are too large";
  return `the function's server sent no valid HTTP response: ${error.message}${code === "" ? "" : ` (${code})`}`;
}
