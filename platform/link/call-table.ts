import { LIMITS } from "../../model/limits.ts";
import type { FailureKind } from "../../model/failure.ts";
import type { Call } from "./call.ts";
import { failureBody } from "./runtime-failure.ts";

const LEVEL_WARN = 3;
/** A number is the slot's index and, above it, the generation that its last use had. */
const SLOT_BITS = 16;
const SLOT_MASK = (1 << SLOT_BITS) - 1;

/** One place in the table; used again and again, so that a call costs no allocation. */
export class Slot {
  readonly index: number;
  /** The call's number on the link; a frame with another number of this slot is from no call. */
  number = 0;
  call: Call | undefined;
  sentAt = 0;
  logged = 0;
  dropped = 0;
  generation = 0;
  constructor(index: number) {
    this.index = index;
  }

  log(level: number, text: Buffer): void {
    // An expired call has no listener any more.
    if (this.call === undefined) return;
    this.logged += text.length;
    if (this.logged <= LIMITS.logBytesPerInvocation) this.call.log(level, text);
    else this.dropped += text.length;
  }

  micros(now: number): number {
    return Math.round((now - this.sentAt) * 1000);
  }
}

/** The calls that an instance works on, found by their number. */
export class CallTable {
  readonly #slots: Slot[] = [];
  readonly #free: Slot[] = [];
  /** Calls sent and not yet ended. */
  live = 0;

  /** A number for the call, never 0. */
  add(call: Call, now: number): number {
    const slot = this.#free.pop() ?? this.#grow();
    slot.generation = slot.generation === SLOT_MASK ? 1 : slot.generation + 1;
    slot.number = ((slot.generation << SLOT_BITS) | slot.index) >>> 0;
    slot.call = call;
    slot.sentAt = now;
    slot.logged = 0;
    slot.dropped = 0;
    this.live++;
    return slot.number;
  }

  /** The slot of a number that was sent and not yet answered by the instance. */
  find(number: number): Slot | undefined {
    const slot = this.#slots[number & SLOT_MASK];
    return slot !== undefined && slot.number === number && number !== 0 ? slot : undefined;
  }

  /** The slot of the one call that has not ended, if there is exactly one. */
  only(): Slot | undefined {
    return this.live === 1 ? this.#slots.find(({ call }) => call !== undefined) : undefined;
  }

  /**
   * Takes the answered call out of its slot and tells it what log was dropped.
   * @returns the call, or undefined when it had expired before
   */
  answer(slot: Slot): Call | undefined {
    const call = this.#detach(slot);
    slot.number = 0;
    this.#free.push(slot);
    return call;
  }

  /** Fails calls past their deadline; their slots stay taken until the instance answers, so a late frame finds no other call. */
  expire(now: number, onExpired: (call: Call) => void): void {
    if (this.live === 0) return;
    for (const slot of this.#slots) {
      if (slot.call === undefined || slot.call.deadline > now) continue;
      const allowed = Math.round(slot.call.deadline - slot.sentAt);
      const call = this.#detach(slot);
      const message = `invocation timed out: no result within ${allowed} ms`;
      call?.fail("timeout", failureBody("timeout", message), slot.micros(now), 0);
      if (call !== undefined) onExpired(call);
    }
  }

  /** Fails every call that has not ended. */
  failAll(kind: FailureKind, message: string): void {
    if (this.live === 0) return;
    const now = performance.now();
    const body = failureBody(kind, message);
    for (const slot of this.#slots) this.#detach(slot)?.fail(kind, body, slot.micros(now), 0);
  }

  #detach(slot: Slot): Call | undefined {
    const call = slot.call;
    if (call === undefined) return undefined;
    slot.call = undefined;
    this.live--;
    if (slot.dropped > 0) call.log(LEVEL_WARN, droppedLine(slot.dropped));
    return call;
  }

  #grow(): Slot {
    if (this.#slots.length > SLOT_MASK) throw new RangeError(`a link carries ${SLOT_MASK + 1} calls at most`);
    const slot = new Slot(this.#slots.length);
    this.#slots.push(slot);
    return slot;
  }
}

/** The line that stands for log text beyond the limit. */
export function droppedLine(bytes: number): Buffer {
  return Buffer.from(
    `${bytes} bytes of log were dropped: one invocation keeps ${LIMITS.logBytesPerInvocation} bytes`,
  );
}
