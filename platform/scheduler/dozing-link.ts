import type { FailureKind } from "../../model/failure.ts";
import type { DriverInstance } from "../drivers/driver.ts";
import type { Call } from "../link/call.ts";
import type { CallLink } from "../link/call-link.ts";

/** An instance is paused when nothing called it for this long: pausing between the calls of a busy one would only cost. */
const PAUSE_AFTER_MS = 1_000;

/**
 * The way to an instance in idle mode (guide 3.10): its CPU is paused while nothing calls it, and a call wakes it. What is sent to a paused
 * instance waits in its socket, so a call goes out at once and the instance finds it when it goes on.
 */
export class DozingLink implements CallLink {
  readonly #link: CallLink;
  readonly #body: Pick<DriverInstance, "pause" | "resume">;
  readonly #broken: (error: unknown) => void;
  #usedAt = performance.now();
  #wanted: "awake" | "paused" = "awake";
  #state: "awake" | "paused" = "awake";
  #settling: Promise<void> = Promise.resolve();
  #busy = false;
  #ended = false;

  /** @param broken told when the instance could be neither paused nor resumed; it cannot serve any more */
  constructor(
    link: CallLink,
    body: Pick<DriverInstance, "pause" | "resume">,
    broken: (error: unknown) => void,
  ) {
    this.#link = link;
    this.#body = body;
    this.#broken = broken;
  }

  get onClose(): CallLink["onClose"] {
    return this.#link.onClose;
  }

  set onClose(listener: CallLink["onClose"]) {
    this.#link.onClose = listener;
  }

  get onTimeout(): CallLink["onTimeout"] {
    return this.#link.onTimeout;
  }

  set onTimeout(listener: CallLink["onTimeout"]) {
    this.#link.onTimeout = listener;
  }

  get inFlight(): number {
    return this.#link.inFlight;
  }

  get open(): boolean {
    return this.#link.open;
  }

  /** True while it stands still. */
  get paused(): boolean {
    return this.#state === "paused";
  }

  /** True while it may not answer: it stands still, is about to, or is on its way back. */
  get dozing(): boolean {
    return this.#busy || this.#state === "paused";
  }

  invoke(call: Call): void {
    this.#usedAt = performance.now();
    if (this.#wanted === "paused") void this.#want("awake");
    this.#link.invoke(call);
  }

  printed(level: number, text: Buffer): void {
    this.#link.printed(level, text);
  }

  close(kind?: FailureKind, message?: string): void {
    this.#link.close(kind, message);
  }

  /** Pauses the instance when it had nothing to do for long enough; to be called now and then. */
  doze(): void {
    const now = performance.now();
    if (this.#link.inFlight > 0) this.#usedAt = now;
    if (this.#ended || !this.#link.open || now - this.#usedAt < PAUSE_AFTER_MS) return;
    if (this.#wanted === "awake") void this.#want("paused");
  }

  /** Wakes the instance, for good; resolves when it is awake. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#want("awake");
  }

  #want(state: "awake" | "paused"): Promise<void> {
    this.#wanted = state;
    if (!this.#busy) this.#settling = this.#settle();
    return this.#settling;
  }

  /** One step after the other: an engine that is asked for both at once may do them in any order. */
  async #settle(): Promise<void> {
    this.#busy = true;
    try {
      while (this.#state !== this.#wanted && this.#link.open) {
        const next = this.#wanted;
        await (next === "paused" ? this.#body.pause() : this.#body.resume());
        this.#state = next;
      }
    } catch (error) {
      this.#ended = true;
      this.#broken(error);
    }
    this.#busy = false;
  }
}
