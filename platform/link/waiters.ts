import type { FailureKind } from "../../model/failure.ts";
import { FrameType } from "./frame.ts";
import { RuntimeFailure } from "./runtime-failure.ts";

/** What did not come, for the sentence of a wait that took too long. */
const MISSING: Readonly<Record<number, string>> = {
  [FrameType.Hello]: "the instance did not greet",
  [FrameType.Loaded]: "the code did not load",
  [FrameType.Initialized]: "the initializer did not end",
  [FrameType.Alive]: "the instance gave no sign of life",
  [FrameType.Stopped]: "the instance did not stop",
};

interface Waiter {
  readonly timer: NodeJS.Timeout;
  settle(failure?: RuntimeFailure): void;
}

/** Those who wait for one frame of the instance, at most one for each type. */
export class Waiters {
  readonly #waiting: (Waiter | undefined)[] = [];

  /** Resolves with the frame; rejects with RuntimeFailure: `late` when the time is over, or what `settle` or `failAll` give. */
  wait(type: FrameType, timeoutMs: number, late: FailureKind): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (failure?: RuntimeFailure): void => {
        clearTimeout(waiter.timer);
        this.#waiting[type] = undefined;
        if (failure === undefined) resolve();
        else reject(failure);
      };
      const expire = (): void => {
        if (this.#waiting[type] === waiter)
          settle(new RuntimeFailure(late, `${MISSING[type]} within ${timeoutMs} ms`));
      };
      // What the socket has brought by now is read first: it came in time, this process was late.
      const waiter: Waiter = { timer: setTimeout(() => setImmediate(expire), timeoutMs), settle };
      this.#waiting[type] = waiter;
    });
  }

  /** Ends the wait for a type; false when nobody waits. */
  settle(type: number, failure?: RuntimeFailure): boolean {
    const waiter = this.#waiting[type];
    waiter?.settle(failure);
    return waiter !== undefined;
  }

  failAll(failure: RuntimeFailure): void {
    for (const waiter of this.#waiting) waiter?.settle(failure);
  }
}
