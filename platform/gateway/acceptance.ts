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
  readonly #settled: () => Promise<void> | undefined;
  #requests: NewAsyncRequest[] = [];
  #told: Told[] = [];

  /** @param settled resolves when what the queue has accepted is on the disk */
  constructor(
    queue: AsyncQueue,
    settled: () => Promise<void> | undefined,
    failed: (error: unknown) => Refusal,
  ) {
    this.#queue = queue;
    this.#settled = settled;
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
    try {
      this.#queue.accept(requests);
    } catch (error) {
      return tell(told, this.#failed(error));
    }
    const settled = this.#settled();
    if (settled === undefined) return tell(told, undefined);
    settled.then(
      () => tell(told, undefined),
      (error: unknown) => tell(told, this.#failed(error)),
    );
  }
}

function tell(told: readonly Told[], refusal: Refusal | undefined): void {
  for (const one of told) one(refusal);
}
