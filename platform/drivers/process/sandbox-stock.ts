import { once } from "node:events";
import type { Interpreter } from "./languages/language.ts";
import type { Sandbox } from "./sandbox.ts";

/** Kept of each interpreter in use: a third start in a row builds its sandbox itself. */
const SIZE = 2;
/** Refilling waits this long after a start, which has the processors to itself. */
const REFILL_DELAY_MS = 150;

/** Sandboxes without a program in them, made ahead of need: each saves a start all that its isolation costs, and holds hardly any memory. */
export class SandboxStock {
  readonly #make: (interpreter: Interpreter) => Promise<Sandbox>;
  readonly #shelves = new Map<Interpreter, Sandbox[]>();
  /** Those that ended by themselves, until nothing is left of them. */
  readonly #ending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  /** Settles when the one that is being made is on its shelf. */
  #making: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(make: (interpreter: Interpreter) => Promise<Sandbox>) {
    this.#make = make;
  }

  /** Keeps sandboxes for the interpreter from now on. */
  expect(interpreter: Interpreter): void {
    if (!this.#shelves.has(interpreter)) this.#shelves.set(interpreter, []);
    this.#refillSoon();
  }

  /** A sandbox that was made ahead. */
  take(interpreter: Interpreter): Sandbox | undefined {
    this.expect(interpreter);
    return this.#shelves.get(interpreter)?.shift();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#making;
    const left = [...this.#shelves.values()].flatMap((shelf) => shelf.splice(0));
    await Promise.all([...left.map(end), ...this.#ending]);
  }

  #refillSoon(): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => this.#refill(), REFILL_DELAY_MS).unref();
  }

  /** One at a time: the processors are for functions. */
  #refill(): void {
    this.#timer = undefined;
    for (const [interpreter, shelf] of this.#shelves) {
      if (shelf.length >= SIZE) continue;
      this.#making = this.#fill(shelf, interpreter);
      return;
    }
  }

  async #fill(shelf: Sandbox[], interpreter: Interpreter): Promise<void> {
    try {
      this.#add(shelf, await this.#make(interpreter));
      this.#refillSoon();
    } catch {
      // The next start tells.
    }
  }

  #add(shelf: Sandbox[], sandbox: Sandbox): void {
    shelf.push(sandbox);
    sandbox.child.once("exit", () => {
      const at = shelf.indexOf(sandbox);
      // Nothing to do when it was taken. The next start makes up for it: a machine that ends them all is not kept busy.
      if (at === -1) return;
      shelf.splice(at, 1);
      const ending = end(sandbox).finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
    });
  }
}

async function end(sandbox: Sandbox): Promise<void> {
  if (sandbox.stands) {
    const exited = once(sandbox.child, "exit");
    sandbox.kill();
    await exited;
  }
  for (const stream of sandbox.child.stdio) stream?.destroy();
  await sandbox.clear();
}
