import type { Socket } from "node:net";
import type { ResponseHead } from "../link/passage.ts";
import { renderReplyHead } from "./reply-head.ts";
import { AHEAD_BYTES, hasBody, STALLED_MS, type ReplyStream } from "./reply-stream.ts";

const LAST_CHUNK = "0\r\n\r\n";

/** How a streamed reply is written and what comes after it. */
interface PlainReplyOptions {
  /** Seconds that the connection stays open without a request; undefined when it closes. */
  readonly keepAliveSeconds: number | undefined;
  /** The reply is written to its end. */
  ended(): void;
}

/** A streamed reply on a plain connection: by length where the function said it, else in chunks. */
export class PlainReply implements ReplyStream {
  readonly #socket: Socket;
  readonly #options: PlainReplyOptions;
  readonly #chunked: boolean;
  readonly #bodiless: boolean;
  #corked = true;
  /** The caller is slower than the function, and its clock runs. */
  #behind = false;

  constructor(socket: Socket, head: ResponseHead, options: PlainReplyOptions) {
    this.#socket = socket;
    this.#options = options;
    const { status, headers } = head;
    this.#bodiless = !hasBody(status);
    this.#chunked = !this.#bodiless && head.length === undefined;
    const framed = this.#chunked ? [...headers, "Transfer-Encoding", "chunked"] : headers;
    const length = this.#bodiless ? undefined : head.length;
    // What comes in the same turn leaves in one write.
    socket.cork();
    process.nextTick(this.#uncork);
    socket.write(
      renderReplyHead(framed, { status, length, keepAliveSeconds: options.keepAliveSeconds }),
      "latin1",
    );
  }

  write(chunk: Buffer): boolean {
    const socket = this.#socket;
    if (this.#bodiless || chunk.length === 0 || !socket.writable) return true;
    if (this.#chunked) {
      socket.cork();
      socket.write(`${chunk.length.toString(16)}\r\n`, "latin1");
      socket.write(chunk);
      socket.write("\r\n", "latin1");
      socket.uncork();
    } else socket.write(chunk);
    if (socket.writableLength <= AHEAD_BYTES) return true;
    this.#uncork();
    if (this.#behind) return false;
    this.#behind = true;
    // The socket's own clock starts anew with every byte that leaves, so a slow reader is not taken for one that stopped.
    socket.setTimeout(STALLED_MS, this.#stalled);
    socket.once("drain", this.#caughtUp);
    return false;
  }

  end(): void {
    const socket = this.#socket;
    this.#caughtUp();
    if (this.#chunked && socket.writable) socket.write(LAST_CHUNK, "latin1");
    this.#options.ended();
    this.#uncork();
  }

  cut(): void {
    this.#socket.destroy();
  }

  /** From now on it is the function that is waited for. */
  readonly #caughtUp = (): void => {
    this.#behind = false;
    this.#socket.setTimeout(0, this.#stalled);
  };

  readonly #stalled = (): void => this.cut();

  readonly #uncork = (): void => {
    if (this.#corked) this.#socket.uncork();
    this.#corked = false;
  };
}
