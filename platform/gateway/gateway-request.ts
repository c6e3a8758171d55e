import type { ByteBudget } from "./byte-budget.ts";
import type { BodyTaker } from "./exchange.ts";

// An import of node:http evaluates every export of it, a second HTTP client among them: 35 ms of each start.
const { IncomingMessage } = process.getBuiltinModule("node:http");

const EMPTY = Buffer.alloc(0);
/** What is left of a refused body is read for so long. */
const DRAIN_MS = 2000;

/**
 * A request whose body is read without an object or a closure of its own, within the gateway's byte budget.
 * Bytes stay counted until `release`.
 */
export class GatewayRequest extends IncomingMessage {
  #taker: BodyTaker | undefined = undefined;
  #budget: ByteBudget | undefined = undefined;
  #limit = 0;
  #size = 0;
  #counted = 0;
  #first: Buffer | undefined = undefined;
  #rest: Buffer[] | undefined = undefined;

  /** Reads the body and hands it over. */
  readBody(taker: BodyTaker, limit: number, budget: ByteBudget): void {
    const announced = this.headers["content-length"];
    if (announced === undefined && this.headers["transfer-encoding"] === undefined) return taker.body(EMPTY);
    if (announced !== undefined && Number(announced) > limit) return this.#refuse(taker, "size");
    this.#taker = taker;
    this.#budget = budget;
    this.#limit = limit;
    this.on("data", onData);
    this.on("end", onEnd);
    this.on("error", onError);
  }

  /** The body is not needed any more. */
  release(): void {
    this.#budget?.give(this.#counted);
    this.#counted = 0;
  }

  /** For the listeners below. */
  chunk(chunk: Buffer): void {
    const taker = this.#taker;
    if (taker === undefined) return;
    this.#size += chunk.length;
    if (this.#size > this.#limit) return this.#refuse(taker, "size");
    if (this.#budget?.take(chunk.length) !== true) return this.#refuse(taker, "busy");
    this.#counted += chunk.length;
    if (this.#first === undefined) this.#first = chunk;
    else if (this.#rest === undefined) this.#rest = [this.#first, chunk];
    else this.#rest.push(chunk);
  }

  /** For the listeners below. */
  done(aborted: boolean): void {
    const taker = this.#taker;
    if (taker === undefined) return;
    this.#taker = undefined;
    const body = this.#rest === undefined ? this.#first : Buffer.concat(this.#rest, this.#size);
    this.#first = undefined;
    this.#rest = undefined;
    if (!aborted) return taker.body(body ?? EMPTY);
    this.release();
    taker.aborted();
  }

  #refuse(taker: BodyTaker, reason: "size" | "busy"): void {
    this.#taker = undefined;
    this.#first = undefined;
    this.#rest = undefined;
    this.release();
    // A connection that closes with bytes unread is cut before the caller reads the answer: what still comes is read
    // and dropped for a while.
    let told = false;
    const tell = (): void => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      taker.refused(reason);
    };
    const timer = setTimeout(tell, DRAIN_MS);
    this.once("end", tell).once("close", tell).resume();
  }
}

function onData(this: GatewayRequest, chunk: Buffer): void {
  this.chunk(chunk);
}

function onEnd(this: GatewayRequest): void {
  this.done(false);
}

function onError(this: GatewayRequest): void {
  this.done(true);
}
