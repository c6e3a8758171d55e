import type { Duplex, Readable } from "node:stream";
import type { FailureKind } from "../../model/failure.ts";
import { passedOn } from "../link/http-headers.ts";
import type { Ending, Flight, Passage, ResponseHead } from "../link/passage.ts";
import { isOwnHeader } from "./apig-headers.ts";
import type { BodyTaker, Exchange } from "./exchange.ts";
import { LimitedBody } from "./limited-body.ts";
import { BUSY, type Refusal } from "./refusal.ts";
import type { ReplyStream, Watcher } from "./reply-stream.ts";
import type { Resolution } from "./resolution.ts";
import { TriggerCall } from "./trigger-call.ts";

const EMPTY = Buffer.alloc(0);
const NO_ASYNC: Refusal = {
  status: 400,
  code: "FSS.0400",
  message:
    "HTTP functions cannot be called asynchronously (guide 3.2.2.2). Let the trigger call the function synchronously, or use an event function.",
};

const NO_PATH: Refusal = {
  status: 400,
  code: "FSS.0400",
  message: 'The target of the request is no path. Send one that begins with a slash, for example "/".',
};
const TOO_SLOW: Refusal = {
  status: 408,
  code: "FSS.0408",
  message: "The request did not come whole within the function's time. Send it faster, or raise the timeout.",
};

/** One request through an HTTP trigger to an HTTP function: it passes as it is, and so does the response, piece by piece. */
export class WebCall extends TriggerCall implements Passage, BodyTaker, Watcher {
  headers: string[] = [];
  content: Buffer | Readable | undefined = undefined;
  #flight: Flight | undefined;
  #reply: ReplyStream | undefined;
  /** The caller takes the response more slowly than it comes. */
  #behind = false;

  /** The request itself is what the link sends. */
  get passage(): Passage {
    return this;
  }

  get method(): string {
    return this.exchange.method;
  }

  get path(): string {
    return this.exchange.url;
  }

  get upgrade(): boolean {
    return this.exchange.handshake;
  }

  get callerLags(): boolean {
    const { content } = this;
    const owed = content !== undefined && !Buffer.isBuffer(content) && !content.readableEnded;
    return this.#behind || (owed && content.readableLength === 0);
  }

  /** A signature covers the whole body, so that one is read first; every other is passed on while it comes. */
  start(): void {
    const { exchange, room, route } = this;
    if (!this.path.startsWith("/")) return this.reject(NO_PATH);
    const { requestBytes } = room.limits;
    const announced = Number(exchange.headers["content-length"] ?? 0);
    if (route.data.auth !== "NONE" || announced > requestBytes)
      return exchange.readBody(this, requestBytes, room.bytes);
    const stream = exchange.bodyStream();
    const whole = stream === undefined || Buffer.isBuffer(stream);
    this.content = whole ? stream : new LimitedBody(stream, requestBytes, () => this.refused("size"));
    return this.resolve();
  }

  body(body: Buffer): void {
    if (!this.admitted(body)) return;
    this.content = body.length === 0 ? undefined : body;
    this.resolve();
  }

  refused(reason: "size" | "busy"): void {
    const { requestBytes } = this.room.limits;
    const message = `The body of the request has more than ${requestBytes} bytes, the most that is allowed. Put large files into an object store.`;
    this.reject(reason === "busy" ? BUSY : { status: 413, code: "FSS.1201", message });
    this.#flight?.abort("cancelled", "the body of the request is too large");
  }

  aborted(): void {
    // Nobody is left to answer.
  }

  begin(flight: Flight): void {
    this.#flight = flight;
  }

  head(head: ResponseHead): void {
    // The trigger's patience is for the first byte.
    this.beContent();
    if (this.exchange.answered) return;
    this.#reply = this.exchange.begin({ ...head, headers: this.#replyHeaders(head) });
  }

  data(chunk: Buffer): void {
    if (this.#reply?.write(chunk) !== false) return;
    this.#behind = true;
    this.#flight?.pause();
  }

  end(trailers: readonly string[]): Ending {
    this.#reply?.end(passedOn(trailers, () => false));
    return EMPTY;
  }

  upgraded(head: ResponseHead, socket: Duplex): void {
    this.beContent();
    const { exchange } = this;
    if (exchange.gone || exchange.answered || exchange.join === undefined) return void socket.destroy();
    exchange.join({ ...head, headers: this.#replyHeaders(head) }, socket);
  }

  left(): void {
    this.#flight?.abort("cancelled", "the caller closed the connection before the end of the response");
  }

  drained(): void {
    this.#behind = false;
    this.#flight?.resume();
  }

  answer(): void {
    // The reply went out as it came.
    this.settle();
  }

  override answerFailure(kind: FailureKind): void {
    if (this.#reply === undefined && kind === "cancelled") return this.reject(TOO_SLOW);
    if (this.#reply === undefined) return super.answerFailure(kind);
    this.settle();
    return this.#reply.cut();
  }

  override giveUp(): void {
    super.giveUp();
    this.#flight?.abort("cancelled", "the trigger's time was over before the response began");
  }

  protected run(resolution: Resolution): void {
    if (this.route.data.func_info.invocation_type === "async") return this.reject(NO_ASYNC);
    const lane = resolution.pick().laneFor(undefined);
    if ("status" in lane) return this.reject(lane);
    this.headers = requestHeaders(this.exchange, this.requestId);
    // Not every server reads chunks.
    const length = this.exchange.headers["content-length"];
    if (this.content !== undefined && length !== undefined) this.headers.push("content-length", length);
    this.exchange.watch(this);
    return this.enter(lane, resolution);
  }

  #replyHeaders({ headers }: ResponseHead): string[] {
    return [...headers, "X-Cff-Request-Id", this.requestId];
  }
}

/** The caller's headers without those of its connection and those that only the platform may say. */
function requestHeaders({ headers, peer }: Exchange, requestId: string): string[] {
  const list: string[] = [];
  for (const [name, value] of Object.entries(headers))
    for (const one of Array.isArray(value) ? value : [value ?? ""]) list.push(name, one);
  const kept = passedOn(list, isPlatformHeader);
  kept.push("x-request-id", requestId, "x-forwarded-for", peer.address, "x-real-ip", peer.address);
  kept.push("x-forwarded-port", peer.port, "x-forwarded-proto", "http");
  return kept;
}

function isPlatformHeader(name: string): boolean {
  return name.startsWith("x-cff-") || name === "expect" || isOwnHeader(name);
}
