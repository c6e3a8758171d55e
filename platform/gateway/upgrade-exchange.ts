import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ResponseHead } from "../link/passage.ts";
import { peerOf, renderHeaders, renderPeer, type Peer } from "./apig-headers.ts";
import type { BodyTaker, Exchange, Reply } from "./exchange.ts";
import { renderReplyHead } from "./reply-head.ts";
import { AHEAD_BYTES, hasBody, type ReplyStream, type Watcher } from "./reply-stream.ts";

const EMPTY = Buffer.alloc(0);
const SWITCHING = ["Connection", "Upgrade", "Upgrade", "websocket"];

/** An exchange that begins with a WebSocket handshake. Answered otherwise than with 101, its connection closes. */
export class UpgradeExchange implements Exchange {
  readonly handshake = true;
  answered = false;
  readonly #request: IncomingMessage;
  readonly #socket: Socket;
  /** What the caller sent right behind the handshake. */
  readonly #first: Buffer;

  constructor(request: IncomingMessage, socket: Socket, first: Buffer) {
    this.#request = request;
    this.#socket = socket;
    this.#first = first;
    // "close" follows.
    socket.on("error", () => undefined);
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
    return peerOf(this.#socket);
  }

  get gone(): boolean {
    return this.#socket.destroyed;
  }

  eventHeaders(): string {
    return renderHeaders(this.headers) + renderPeer(this.#socket);
  }

  readBody(taker: BodyTaker): void {
    taker.body(EMPTY);
  }

  bodyStream(): undefined {
    return undefined;
  }

  release(): void {
    // A handshake has no body.
  }

  watch(watcher: Watcher): void {
    this.#socket.once("close", () => watcher.left()).on("drain", () => watcher.drained());
  }

  send({ status, headers, body }: Reply): void {
    if (this.answered) return;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const reply = this.begin({ status, headers, length: bytes.length });
    reply.write(bytes);
    reply.end([]);
  }

  begin({ status, headers, length }: ResponseHead): ReplyStream {
    this.answered = true;
    const socket = this.#socket;
    const facts = { status, length: hasBody(status) ? length : undefined, keepAliveSeconds: undefined };
    socket.write(renderReplyHead(headers, facts), "latin1");
    return {
      write: (chunk) => socket.destroyed || socket.write(chunk) || socket.writableLength <= AHEAD_BYTES,
      end: () => void socket.end(),
      cut: () => void socket.destroy(),
    };
  }

  join({ headers }: ResponseHead, server: Duplex): void {
    this.answered = true;
    const caller = this.#socket;
    let head = "HTTP/1.1 101 Switching Protocols\r\n";
    const fields = [...SWITCHING, ...headers];
    for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
    caller.write(`${head}\r\n`, "latin1");
    if (this.#first.length > 0) server.write(this.#first);
    caller.pipe(server);
    server.pipe(caller);
    // Whoever closes one direction is done with both, after what it sent before.
    caller.once("end", () => caller.destroySoon());
    server.on("error", () => caller.destroy());
    server.once("close", () => caller.destroySoon());
    caller.once("close", () => server.end(() => server.destroy()));
  }
}
