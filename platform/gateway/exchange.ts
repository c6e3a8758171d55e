import type { IncomingHttpHeaders } from "node:http";
import type { Duplex, Readable } from "node:stream";
import type { ResponseHead } from "../link/passage.ts";
import type { Peer } from "./apig-headers.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { ReplyStream, Watcher } from "./reply-stream.ts";

/** Who takes the body of a request; exactly one of the three is called, once. */
export interface BodyTaker {
  body(body: Buffer): void;
  /** More bytes came, or were announced, than `limit` (`size`: announced), or than the gateway has memory for (`busy`). */
  refused(reason: "size" | "busy"): void;
  /** The caller went away before the end of the body. */
  aborted(): void;
}

/** A reply to a caller. */
export interface Reply {
  readonly status: number;
  /** Names and values in turn, valid for HTTP; Content-Length and the connection's own headers are added. */
  readonly headers: readonly string[];
  readonly body: string | Buffer;
}

/** One HTTP request and its one reply, whichever way it came in. */
export interface Exchange {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** By lower-case name. Not to be changed. */
  readonly headers: IncomingHttpHeaders;
  readonly peer: Peer;
  /** The request asks for a WebSocket. */
  readonly handshake: boolean;
  /** Nobody waits for the reply any more. */
  readonly gone: boolean;
  /** The reply was sent, or has begun. */
  readonly answered: boolean;
  /** Headers and facts of the connection as members of a JSON object, without a final comma. */
  eventHeaders(): string;
  /** Reads the body within the budget and hands it over; its bytes stay counted until `release`. */
  readBody(taker: BodyTaker, limit: number, budget: ByteBudget): void;
  /** The body as it comes, instead of `readBody`; undefined when there is none. */
  bodyStream(): Buffer | Readable | undefined;
  /** The body is not needed any more. */
  release(): void;
  /** Sends the reply. Does nothing when the caller is gone or was answered. */
  send(reply: Reply): void;
  /** Tells what the caller does while the reply goes on; once at most. */
  watch(watcher: Watcher): void;
  /** Begins a reply that comes in pieces. */
  begin(head: ResponseHead): ReplyStream;
  /** Takes the handshake and joins the caller with the server; only where `handshake` is true. */
  join?(head: ResponseHead, server: Duplex): void;
}
