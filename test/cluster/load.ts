import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A request that was not answered as it should be. Times as performance.now() tells them. */
export interface Failure {
  readonly port: number;
  readonly began: number;
  readonly ended: number;
  readonly what: string;
}

/** Pause of a caller between two calls, milliseconds. */
const PAUSE_MS = 25;
const EXPECTED = "ok";

/**
 * Callers of one path, each with one call at a time and each call on a connection of its own. A caller has a gateway as its home, and goes to the
 * other one only when its home refuses the connection.
 */
export class Load {
  readonly failures: Failure[] = [];
  answered = 0;
  readonly #ports: readonly number[];
  readonly #path: string;
  readonly #callers: Promise<void>[];
  #over = false;

  constructor(ports: readonly number[], path: string, callersEach: number) {
    this.#ports = ports;
    this.#path = path;
    this.#callers = ports.flatMap((_, home) => Array.from({ length: callersEach }, () => this.#call(home)));
  }

  /** Lets the last calls end. */
  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#callers);
  }

  async #call(home: number): Promise<void> {
    while (!this.#over) {
      for (let turn = 0; turn < this.#ports.length; turn += 1)
        if (await this.#ask(this.#ports[(home + turn) % this.#ports.length] ?? 0, turn)) break;
      await sleep(PAUSE_MS);
    }
  }

  /** False when nobody listens there. */
  async #ask(port: number, turn: number): Promise<boolean> {
    const began = performance.now();
    const what = await answerOf(port, this.#path);
    if (what === "ECONNREFUSED" && turn + 1 < this.#ports.length) return false;
    if (what === EXPECTED) this.answered += 1;
    else this.failures.push({ port, began, ended: performance.now(), what });
    return true;
  }
}

/** The body of a good answer, else what was wrong. */
function answerOf(port: number, path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ port, path, host: "127.0.0.1", agent: false, timeout: 25_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () =>
        resolve(response.statusCode === 200 ? body : `${response.statusCode} ${body}`),
      );
      response.on("error", () => resolve("the answer broke off"));
    });
    request.on("timeout", () => request.destroy(new Error("no answer in time")));
    request.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}
