import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { ResponseHead } from "../link/passage.ts";
import { peerOf, renderHeaders, renderPeer, type Peer } from "./apig-headers.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { BodyTaker, Exchange, Reply } from "./exchange.ts";
import type { GatewayRequest } from "./gateway-request.ts";
import { AHEAD_BYTES, hasBody, STALLED_MS, type ReplyStream, type Watcher } from "./reply-stream.ts";

/** Replies of this size and more may not fit into the kernel's buffers at once. */
const LARGE_BYTES = 64 * 1024;

/** An exchange by way of Node's own HTTP server: any request that HTTP allows. */
export class NodeExchange implements Exchange {
  readonly #request: GatewayRequest;
  readonly #response: ServerResponse;

  constructor(request: GatewayRequest, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
  }

  get method(): string {
    return this.#request.method ?? "GET";
  }

  get url(): string {
    return this.#request.url ?? "/";
  }

  get headers(): IncomingHttpHeaders {
    return this.#request.headers;
  }

  get peer(): Peer {
    return peerOf(this.#request.socket);
  }

  readonly handshake = false;

  get gone(): boolean {
    return this.#response.destroyed;
  }

  get answered(): boolean {
    return this.#response.headersSent;
  }

  eventHeaders(): string {
    return renderHeaders(this.#request.headers) + renderPeer(this.#request.socket);
  }

  readBody(taker: BodyTaker, limit: number, budget: ByteBudget): void {
    this.#request.readBody(taker, limit, budget);
  }

  bodyStream(): Readable | undefined {
    const { "content-length": length, "transfer-encoding": encoding } = this.#request.headers;
    return (length ?? "0") === "0" && encoding === undefined ? undefined : this.#request;
  }

  release(): void {
    this.#request.release();
  }

  send({ status, headers, body }: Reply): void {
    const response = this.#response;
    if (response.destroyed || response.headersSent) return;
    const bodiless = !hasBody(status);
    const length = String(typeof body === "string" ? Buffer.byteLength(body) : body.length);
    response.writeHead(status, bodiless ? [...headers] : [...headers, "Content-Length", length]);
    if (bodiless) response.end();
    else response.end(body);
    // No instance waits for a slow reader: its slot is free before.
    if (response.writableLength > LARGE_BYTES) response.setTimeout(STALLED_MS, cutOff);
  }

  watch(watcher: Watcher): void {
    const response = this.#response;
    response.on("drain", () => watcher.drained());
    response.once("close", () => {
      if (!response.writableFinished) watcher.left();
    });
  }

  begin({ status, headers, length }: ResponseHead): ReplyStream {
    const response = this.#response;
    const known = length !== undefined && hasBody(status);
    response.writeHead(status, known ? [...headers, "Content-Length", String(length)] : [...headers]);
    // What comes in the same turn leaves in one write; the head waits for no body. (A corked response writes chunks in a wrong order.)
    const { socket } = this.#request;
    socket.cork();
    response.flushHeaders();
    process.nextTick(() => socket.uncork());
    return new NodeReply(response);
  }
}

class NodeReply implements ReplyStream {
  readonly #response: ServerResponse;
  /** The caller is slower than the function, and its clock runs. */
  #behind = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  write(chunk: Buffer): boolean {
    const response = this.#response;
    if (response.destroyed) return true;
    response.write(chunk);
    if (response.writableLength <= AHEAD_BYTES) return true;
    if (this.#behind) return false;
    this.#behind = true;
    // The clock starts anew with every byte that leaves, and stops when it is the function that is waited for. Node's server cuts off.
    response.setTimeout(STALLED_MS);
    response.once("drain", () => {
      this.#behind = false;
      response.setTimeout(0);
    });
    return false;
  }

  end(trailers: readonly string[]): void {
    const response = this.#response;
    const pairs: [string, string][] = [];
    for (let at = 0; at + 1 < trailers.length; at += 2)
      pairs.push([trailers[at] ?? "", trailers[at + 1] ?? ""]);
    if (pairs.length > 0) response.addTrailers(pairs);
    response.end();
  }

  cut(): void {
    this.#response.destroy();
  }
}

function cutOff(this: ServerResponse): void {
  this.destroy();
}
