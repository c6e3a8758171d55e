import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { renderHeaders, renderPeer } from "./apig-headers.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { BodyTaker, Exchange, Reply } from "./exchange.ts";
import type { GatewayRequest } from "./gateway-request.ts";

/** Replies of this size and more may not fit into the kernel's buffers at once. */
const LARGE_BYTES = 64 * 1024;
/** A caller that takes nothing of a large reply for this long is cut off. */
const STALLED_MS = 60_000;

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

  release(): void {
    this.#request.release();
  }

  send({ status, headers, body }: Reply): void {
    const response = this.#response;
    if (response.destroyed || response.headersSent) return;
    const bodiless = status === 204 || status === 304;
    const length = String(typeof body === "string" ? Buffer.byteLength(body) : body.length);
    response.writeHead(status, bodiless ? [...headers] : [...headers, "Content-Length", length]);
    if (bodiless) response.end();
    else response.end(body);
    // No instance waits for a slow reader: its slot is free before.
    if (response.writableLength > LARGE_BYTES) response.setTimeout(STALLED_MS, cutOff);
  }
}

function cutOff(this: ServerResponse): void {
  this.destroy();
}
