import { attempt } from "../store/awaitable.ts";
import type { NewAsyncRequest } from "../store/async-requests.ts";
import type { AsyncQueue } from "./ports.ts";
import type { Refusal } from "./refusal.ts";

type Accepted = Omit<NewAsyncRequest, "acceptedAt" | "dueAt">;

/** Told when a request is durable, or why it is not. */
type Told = (refusal: Refusal | undefined) => void;

/** While each turn of the event loop brings more, the first request waits for so long at most. */
const GATHER_MS = 2;

/**
 * Writes the asynchronous requests that come close together in one commit, and answers them once that is on the disk. One
 * that comes alone is committed a turn of the event loop later. The disk works beside the event loop: what comes meanwhile
 * shares the next flush.
 */
export class Acceptance {
  readonly #queue: AsyncQueue;
  readonly #failed: (error: unknown) => Refusal;
  #requests: NewAsyncRequest[] = [];
  #told: Told[] = [];
  /** How many there were when it was looked last, and when they are committed at the latest. */
  #seen = 0;
  #until = 0;

  constructor(queue: AsyncQueue, failed: (error: unknown) => Refusal) {
    this.#queue = queue;
    this.#failed = failed;
  }

  accept(request: Accepted, told: Told): void {
    const full = this.#queue.full(request.key);
    if (full !== undefined) return told(this.#failed(full));
    const now = Date.now();
    this.#requests.push({ ...request, acceptedAt: now, dueAt: now });
    if (this.#told.push(told) > 1) return;
    this.#seen = 0;
    this.#until = performance.now() + GATHER_MS;
    setImmediate(this.#gather);
  }

  /** Commits when a turn of the event loop has brought nothing more, or the first has waited long enough. */
  readonly #gather = (): void => {
    const { length } = this.#told;
    if (length === this.#seen || performance.now() > this.#until) return this.#commit();
    this.#seen = length;
    setImmediate(this.#gather);
  };

  #commit(): void {
    const [requests, told] = [this.#requests, this.#told];
    this.#requests = [];
    this.#told = [];
    void attempt<void, void>(
      () => this.#queue.accept(requests),
      () => tell(told, undefined),
      (error) => tell(told, this.#failed(error)),
    );
  }
}

function tell(told: readonly Told[], refusal: Refusal | undefined): void {
  for (const one of told) one(refusal);
}
