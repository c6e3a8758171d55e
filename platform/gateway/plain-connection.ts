import type { Socket } from "node:net";
import type { ResponseHead } from "../link/passage.ts";
import { peerOf, renderHeaders, renderPeer, type Peer } from "./apig-headers.ts";
import type { Exchange, Reply } from "./exchange.ts";
import { PlainExchange } from "./plain-exchange.ts";
import { PlainReply } from "./plain-reply.ts";
import { renderReplyHead } from "./reply-head.ts";
import { hasBody, STALLED_MS, type ReplyStream, type Watcher } from "./reply-stream.ts";
import { readPlainHead, type RequestHead } from "./request-head.ts";

/** A request is plain only when it comes in one piece of at most this size. */
const PIECE_BYTES = 64 * 1024;
/** A head beyond this is for Node's server, which knows when it is too large. */
const HEAD_BYTES = 8 * 1024;
const HEAD_END = "\r\n\r\n";

/** Who serves plain connections. */
export interface PlainServer {
  /** Seconds that a connection stays open without a request; undefined when the server closes. */
  readonly keepAliveSeconds: number | undefined;
  /** Serves a request, or returns false for one that is not its own. */
  serve(exchange: Exchange): boolean;
  /** Takes over a connection whose next bytes are not a plain request; they are what the socket will read next. */
  handOver(socket: Socket): void;
  /** The connection closed or was handed over. */
  left(connection: PlainConnection): void;
}

/**
 * A connection on which plain requests come (see readPlainHead), one at a time and each in one piece, as those of most
 * callers do. They are served with a fraction of the work that a full HTTP server does for each. With the first request
 * that is anything else the connection goes to Node's own server, and stays there.
 */
export class PlainConnection {
  readonly #socket: Socket;
  readonly #server: PlainServer;
  /** performance.now() since when it waits for a request. */
  #idleSince = performance.now();
  #used = false;
  #busy = false;
  #ended = false;
  gone = false;
  /** Told what the caller does while its request is served. */
  watcher: Watcher | undefined = undefined;
  /** Bytes that came while a request was being served. */
  #waiting: Buffer | undefined = undefined;
  /** Callers repeat their head with request after request; what was made of the last one is kept. */
  #headBytes: Buffer = Buffer.alloc(0);
  #head: RequestHead | undefined = undefined;
  #rendered: string | undefined = undefined;

  constructor(socket: Socket, server: PlainServer) {
    this.#socket = socket;
    this.#server = server;
    socket.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onClose).on("error", ignore);
    socket.on("drain", this.#onDrain);
  }

  /** For Exchange.eventHeaders. */
  eventHeaders(head: RequestHead): string {
    if (head !== this.#head) return renderHeaders(head.headers) + renderPeer(this.#socket);
    return (this.#rendered ??= renderHeaders(head.headers) + renderPeer(this.#socket));
  }

  /** Answers the request that is being served. */
  reply({ status, headers, body }: Reply): void {
    if (this.gone) return;
    const keepAliveSeconds = this.#ended ? undefined : this.#server.keepAliveSeconds;
    const socket = this.#socket;
    const bodiless = !hasBody(status);
    const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
    const head = renderReplyHead(headers, {
      status,
      length: bodiless ? undefined : length,
      keepAliveSeconds,
    });
    if (bodiless) socket.write(head, "latin1");
    else if (typeof body === "string" && length === body.length) socket.write(head + body, "latin1");
    else {
      socket.cork();
      socket.write(head, "latin1");
      socket.write(body);
      socket.uncork();
    }
    this.#replied(keepAliveSeconds);
  }

  /** Begins a reply to the request that is being served. */
  begin(head: ResponseHead): ReplyStream {
    const keepAliveSeconds = this.#ended ? undefined : this.#server.keepAliveSeconds;
    const ended = (): void => {
      if (!this.gone) this.#replied(keepAliveSeconds);
    };
    return new PlainReply(this.#socket, head, { keepAliveSeconds, ended });
  }

  get peer(): Peer {
    return peerOf(this.#socket);
  }

  /** Closes the connection when it waits for a request since before `before`, or for its first since before `firstBefore`. */
  sweep(before: number, firstBefore: number): void {
    if (!this.#busy && this.#idleSince < (this.#used ? before : firstBefore)) this.#socket.destroy();
  }

  /** Closes the connection now, or after the reply that is due. */
  close(): void {
    this.#ended = true;
    if (!this.#busy) this.#socket.end();
  }

  /** Closes the connection, whatever is due. */
  destroy(): void {
    this.#socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    // What comes after the goodbye could not be answered.
    if (this.#ended) return;
    if (!this.#busy) return this.#take(chunk);
    this.#waiting = this.#waiting === undefined ? chunk : Buffer.concat([this.#waiting, chunk]);
    if (this.#farAhead()) this.#socket.pause();
  };

  /** A caller that closes its side does not wait for a reply; Node's server takes it so too. */
  readonly #onEnd = (): void => {
    this.#leave();
    // No reply is due any more; what it does not take of earlier ones is swept away.
    this.#busy = false;
    this.#socket.end();
  };

  readonly #onClose = (): void => {
    this.#leave();
    this.#server.left(this);
  };

  readonly #onDrain = (): void => {
    this.watcher?.drained();
  };

  #leave(): void {
    this.gone = true;
    const { watcher } = this;
    this.watcher = undefined;
    watcher?.left();
  }

  /** The reply is written to its end. */
  #replied(keepAliveSeconds: number | undefined): void {
    this.watcher = undefined;
    const socket = this.#socket;
    if (keepAliveSeconds === undefined) socket.end();
    else if (socket.writableNeedDrain) this.#waitForReader();
    else this.#next();
  }

  /** Serves the request that `chunk` is, or hands the connection over. */
  #take(chunk: Buffer): void {
    const from = this.#readHead(chunk);
    const head = this.#head;
    if (head === undefined || chunk.length - from < head.bodyLength) return this.#handOver(chunk);
    const to = from + head.bodyLength;
    if (to < chunk.length) this.#waiting = chunk.subarray(to);
    this.#busy = true;
    this.#used = true;
    if (this.#server.serve(new PlainExchange(this, head, chunk.subarray(from, to)))) return;
    this.#busy = false;
    this.#waiting = undefined;
    this.#handOver(chunk);
  }

  /** Reads the head, unless it is the last one again. @returns where the body begins */
  #readHead(chunk: Buffer): number {
    const known = this.#headBytes;
    if (
      known.length > 0 &&
      chunk.length >= known.length &&
      chunk.compare(known, 0, known.length, 0, known.length) === 0
    )
      return known.length;
    const end = chunk.length > PIECE_BYTES ? -1 : chunk.indexOf(HEAD_END);
    const plain = end !== -1 && end <= HEAD_BYTES;
    this.#head = plain ? readPlainHead(chunk.toString("latin1", 0, end)) : undefined;
    // A copy: a connection that waits must not keep the body in memory that came in the same piece.
    this.#headBytes = Buffer.from(chunk.subarray(0, this.#head === undefined ? 0 : end + HEAD_END.length));
    this.#rendered = undefined;
    return this.#headBytes.length;
  }

  #next(): void {
    this.#idleSince = performance.now();
    // In a turn of its own: a caller that pipelines does not keep others waiting.
    if (this.#waiting === undefined) this.#busy = false;
    else setImmediate(this.#takeWaiting);
  }

  readonly #takeWaiting = (): void => {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#busy = false;
    if (this.gone || waiting === undefined) return;
    this.#take(waiting);
    if (this.#socket.isPaused() && !this.#farAhead()) this.#socket.resume();
  };

  /** A caller that sends faster than it is answered is not read further until what it sent was served. */
  #farAhead(): boolean {
    return this.#waiting !== undefined && this.#waiting.length > PIECE_BYTES;
  }

  #waitForReader(): void {
    const socket = this.#socket;
    // The socket's own clock starts anew with every byte that leaves, so a slow reader is not taken for one that stopped.
    socket.setTimeout(STALLED_MS, this.#cutOff);
    socket.once("drain", () => {
      socket.setTimeout(0, this.#cutOff);
      this.#next();
    });
  }

  readonly #cutOff = (): void => {
    this.#socket.destroy();
  };

  #handOver(chunk: Buffer): void {
    const socket = this.#socket;
    socket.off("data", this.#onData).off("end", this.#onEnd).off("close", this.#onClose).off("error", ignore);
    socket.off("drain", this.#onDrain);
    this.#server.left(this);
    socket.pause();
    socket.unshift(chunk);
    this.#server.handOver(socket);
    socket.resume();
  }
}

function ignore(): void {
  // "close" follows.
}
