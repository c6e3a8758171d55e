import type { AsyncRequest } from "../store/async-requests.ts";
import type { AsyncQueue } from "./ports.ts";
import type { Refusal } from "./refusal.ts";

type Accepted = Omit<AsyncRequest, "attempts" | "acceptedAt" | "dueAt">;

/** Told when a request is durable, or why it is not. */
type Told = (refusal: Refusal | undefined) => void;

/** Writes the asynchronous requests of one event-loop turn in one commit and answers them after it. */
export class Acceptance {
  readonly #queue: AsyncQueue;
  readonly #failed: (error: unknown) => Refusal;
  #requests: Omit<AsyncRequest, "attempts">[] = [];
  #told: Told[] = [];

  constructor(queue: AsyncQueue, failed: (error: unknown) => Refusal) {
    this.#queue = queue;
    this.#failed = failed;
  }

  accept(request: Accepted, told: Told): void {
    const now = Date.now();
    this.#requests.push({ ...request, acceptedAt: now, dueAt: now });
    if (this.#told.push(told) === 1) setImmediate(() => this.#commit());
  }

  #commit(): void {
    const [requests, told] = [this.#requests, this.#told];
    this.#requests = [];
    this.#told = [];
    let refusal: Refusal | undefined;
    try {
      this.#queue.accept(requests);
    } catch (error) {
      refusal = this.#failed(error);
    }
    for (const one of told) one(refusal);
  }
}
