import { attempt } from "../store/awaitable.ts";
import type { NewAsyncRequest } from "../store/async-requests.ts";
import type { AsyncQueue } from "./ports.ts";
import type { Refusal } from "./refusal.ts";

type Accepted = Omit<NewAsyncRequest, "acceptedAt" | "dueAt">;

/** Told when a request is durable, or why it is not. */
type Told = (refusal: Refusal | undefined) => void;

/**
 * Writes the asynchronous requests of one event-loop turn in one commit, and answers them once that is on the disk. The
 * disk works beside the event loop: what comes meanwhile shares the next flush.
 */
export class Acceptance {
  readonly #queue: AsyncQueue;
  readonly #failed: (error: unknown) => Refusal;
  #requests: NewAsyncRequest[] = [];
  #told: Told[] = [];

  constructor(queue: AsyncQueue, failed: (error: unknown) => Refusal) {
    this.#queue = queue;
    this.#failed = failed;
  }

  accept(request: Accepted, told: Told): void {
    const full = this.#queue.full(request.key);
    if (full !== undefined) return told(this.#failed(full));
    const now = Date.now();
    this.#requests.push({ ...request, acceptedAt: now, dueAt: now });
    if (this.#told.push(told) === 1) setImmediate(() => this.#commit());
  }

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
