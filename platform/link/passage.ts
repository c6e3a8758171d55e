import type { Duplex, Readable } from "node:stream";
import type { FailureKind } from "../../model/failure.ts";

/** How a passage ends that got its whole response: what the call succeeds with, or why it fails all the same. */
export type Ending = Buffer | { readonly kind: FailureKind; readonly body: Buffer };

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  /** Names and values in turn, as the server sent them, without those of the connection and the length. */
  readonly headers: readonly string[];
  /** Bytes of the body; undefined when the server did not say. */
  readonly length: number | undefined;
}

/** A request that is under way. Does nothing once the call has ended. */
export interface Flight {
  /** Ends the request: the server sees its connection close. The call fails with `kind`. */
  abort(kind: FailureKind, message: string): void;
  /** Stops reading the response until `resume`. */
  pause(): void;
  resume(): void;
}

/** One HTTP request to a function that is a web server, and the taker of its response. */
export interface Passage {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn, without those of a connection, a length and the platform's own. */
  readonly headers: readonly string[];
  /** The body. */
  readonly content: Buffer | Readable | undefined;
  /** True for a WebSocket handshake. */
  readonly upgrade: boolean;
  /** True when the caller is what is waited for: for more of the request, or for room to write the response. */
  readonly callerLags: boolean;
  /** Called once before all others. */
  begin(flight: Flight): void;
  head(head: ResponseHead): void;
  data(chunk: Buffer): void;
  /** The response is whole; `trailers` are names and values in turn. */
  end(trailers: readonly string[]): Ending;
  /** The server took the handshake: from now on both sides talk freely; the call ends when `socket` closes. */
  upgraded(head: ResponseHead, socket: Duplex): void;
}
