import type { Postgres } from "../../cluster/connection.ts";
import type { AsyncOutcome } from "../async-requests.ts";
import type { PostgresDeadRequests } from "./dead-requests.ts";

/** Records of successes that are kept, all functions together. */
const RECORDS = 100_000;
/** Ends between two looks for what is beyond the limits, and the time between two looks for what is too old. */
const PRUNE_EVERY = 1000;
const PRUNE_MS = 3_600_000;

/** Keeps within limits what is kept of requests that ended. */
export class RequestHistory {
  readonly #postgres: Postgres;
  readonly #dead: PostgresDeadRequests;
  #unpruned = 0;
  #prunedAt = 0;

  constructor(postgres: Postgres, dead: PostgresDeadRequests) {
    this.#postgres = postgres;
    this.#dead = dead;
  }

  /** Counts ends that leave something, and forgets the oldest now and then. */
  async ended(outcomes: readonly AsyncOutcome[]): Promise<void> {
    for (const { status, recorded } of outcomes)
      if (status !== "retry" && (status !== "success" || recorded === true)) this.#unpruned++;
    const now = Date.now();
    if (this.#unpruned < PRUNE_EVERY && now - this.#prunedAt < PRUNE_MS) return;
    this.#unpruned = 0;
    this.#prunedAt = now;
    // What is beyond the limits now is so after the next thousand as well.
    await this.#prune().catch(() => undefined);
  }

  async #prune(): Promise<void> {
    await this.#postgres.query(
      `DELETE FROM ended_requests WHERE seq <= (SELECT seq FROM ended_requests ORDER BY seq DESC LIMIT 1 OFFSET ${RECORDS})`,
    );
    await this.#dead.prune();
  }
}
