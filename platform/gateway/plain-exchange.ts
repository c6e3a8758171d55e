import type { IncomingHttpHeaders } from "node:http";
import type { ResponseHead } from "../link/passage.ts";
import type { Peer } from "./apig-headers.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { BodyTaker, Exchange, Reply } from "./exchange.ts";
import type { PlainConnection } from "./plain-connection.ts";
import type { ReplyStream, Watcher } from "./reply-stream.ts";
import type { RequestHead } from "./request-head.ts";

const EMPTY = Buffer.alloc(0);

/** An exchange of a plain connection: the request has come whole. */
export class PlainExchange implements Exchange {
  readonly #connection: PlainConnection;
  readonly #head: RequestHead;
  #body: Buffer;
  #budget: ByteBudget | undefined = undefined;
  answered = false;
  readonly handshake = false;

  constructor(connection: PlainConnection, head: RequestHead, body: Buffer) {
    this.#connection = connection;
    this.#head = head;
    this.#body = body;
  }

  get method(): string {
    return this.#head.method;
  }

  get url(): string {
    return this.#head.url;
  }

  get headers(): IncomingHttpHeaders {
    return this.#head.headers;
  }

  get peer(): Peer {
    return this.#connection.peer;
  }

  get gone(): boolean {
    return this.#connection.gone;
  }

  eventHeaders(): string {
    return this.#connection.eventHeaders(this.#head);
  }

  readBody(taker: BodyTaker, limit: number, budget: ByteBudget): void {
    const body = this.#body;
    if (body.length > limit) return taker.refused("size");
    if (!budget.take(body.length)) return taker.refused("busy");
    this.#budget = budget;
    taker.body(body);
  }

  bodyStream(): Buffer | undefined {
    return this.#body.length === 0 ? undefined : this.#body;
  }

  release(): void {
    this.#budget?.give(this.#body.length);
    this.#budget = undefined;
    this.#body = EMPTY;
  }

  send(reply: Reply): void {
    if (this.answered) return;
    this.answered = true;
    this.#connection.reply(reply);
  }

  watch(watcher: Watcher): void {
    this.#connection.watcher = watcher;
  }

  begin(head: ResponseHead): ReplyStream {
    this.answered = true;
    return this.#connection.begin(head);
  }
}
