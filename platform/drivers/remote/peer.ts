import type { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

/** The other process is gone; whether it did what was asked nobody can tell. */
export class PeerGoneError extends Error {
  override readonly name = "PeerGoneError";
}

/** What a process does for the other, by name. Whatever one returns or rejects with is the answer. */
export type Handlers = Readonly<Record<string, (given: never) => unknown>>;

type Handler = (given: unknown) => unknown;

/** One line of JSON each way: a question, an answer, or something that is told. */
interface Message {
  readonly method?: string;
  readonly given?: unknown;
  /** Of a question and its answer. */
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Bytes that may wait for a peer that does not read; then it counts as gone. */
const MOST_WAITING = 64 * 1024 * 1024;

/** Two processes of one platform on one connection, each asking the other. */
export class Peer {
  /** Settles when the connection has ended. */
  readonly gone: Promise<void>;
  readonly #socket: Socket;
  readonly #handlers: Handlers;
  readonly #asked = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  #last = 0;
  #open = true;

  constructor(socket: Socket, handlers: Handlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on("data", (chunk) => this.#read(chunk));
    socket.on("error", () => {
      // Its close follows.
    });
    this.gone = new Promise((resolve) => {
      socket.once("close", () => {
        this.#open = false;
        for (const one of this.#asked.values()) one.reject(lost());
        this.#asked.clear();
        resolve();
      });
    });
  }

  get open(): boolean {
    return this.#open;
  }

  /** The answer to a question. Rejects with what the other rejected with, and with PeerGoneError. */
  ask<Answer>(method: string, given: unknown): Promise<Answer> {
    if (!this.#open) return Promise.reject(lost());
    this.#last += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#asked.set(this.#last, answer);
    this.#write({ method, given, id: this.#last });
    return answer.promise as Promise<Answer>;
  }

  /** Says something that needs no answer. */
  tell(method: string, given: unknown): void {
    if (this.#open) this.#write({ method, given });
  }

  close(): void {
    this.#socket.destroy();
  }

  #write(message: Message): void {
    this.#socket.write(`${JSON.stringify(message)}\n`);
    if (this.#socket.writableLength > MOST_WAITING) this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = readMessage(line);
      // Somebody else, or another version: nothing that it says can be trusted to mean what it seems to.
      if (message === undefined) return this.close();
      this.#take(message);
    }
    return undefined;
  }

  #take({ method, given, id, result, error }: Message): void {
    if (method !== undefined) {
      void this.#serve(method, given, id);
      return;
    }
    const answer = this.#asked.get(id ?? 0);
    this.#asked.delete(id ?? 0);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(error));
  }

  async #serve(method: string, given: unknown, id: number | undefined): Promise<void> {
    try {
      const handler = Object.hasOwn(this.#handlers, method) && (this.#handlers[method] as Handler);
      if (handler === false)
        throw new Error(`this process knows no "${method}". Run the same version everywhere.`);
      const pending = handler(given);
      // What is told is done in the order it comes.
      const result = pending instanceof Promise ? ((await pending) as unknown) : pending;
      if (id !== undefined && this.#open) this.#write({ id, result });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (id !== undefined && this.#open) this.#write({ id, error: message });
    }
  }
}

/** Undefined for what is none. */
function readMessage(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function lost(): PeerGoneError {
  return new PeerGoneError("the other process of the platform is gone");
}
