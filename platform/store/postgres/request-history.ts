import type { Postgres } from "../../cluster/connection.ts";
import type { AsyncOutcome } from "../async-requests.ts";
import type { PostgresDeadRequests } from "./dead-requests.ts";

/** Records of successes that are kept, all functions together. */
const RECORDS = 100_000;
/** Ends between two looks for what is beyond the limits, and the time between two looks for what is too old. */
const PRUNE_EVERY = 1000;
const PRUNE_MS = 3_600_000;

/** An end, and the function (`keyText`) of its request. */
interface KnownEnd {
  readonly key: string;
  readonly outcome: AsyncOutcome;
}

/** Keeps within limits what is kept of requests that ended. */
export class RequestHistory {
  readonly #postgres: Postgres;
  readonly #dead: PostgresDeadRequests;
  /** Functions (`keyText`) with new dead requests since the last look. */
  #buried = new Set<string>();
  #unpruned = 0;
  /** Of what is too old, performance.now(). */
  #pruneAt = 0;

  constructor(postgres: Postgres, dead: PostgresDeadRequests) {
    this.#postgres = postgres;
    this.#dead = dead;
  }

  /** Counts ends that leave something, and now and then begins to forget the oldest. */
  ended(ends: readonly KnownEnd[]): void {
    for (const { key, outcome } of ends) {
      const { status, recorded } = outcome;
      if (status === "retry" || (status === "success" && recorded !== true)) continue;
      this.#unpruned++;
      if (status !== "success") this.#buried.add(key);
    }
    const old = performance.now() >= this.#pruneAt;
    if (!old && this.#unpruned < PRUNE_EVERY) return;
    // What is beyond the limits now is so after the next thousand as well.
    void this.#prune(old ? undefined : this.#buried).catch(() => undefined);
    this.#buried = new Set();
    this.#unpruned = 0;
    if (old) this.#pruneAt = performance.now() + PRUNE_MS;
  }

  async #prune(functionKeys: Iterable<string> | undefined): Promise<void> {
    await this.#postgres.query(
      `DELETE FROM ended_requests WHERE seq <= (SELECT seq FROM ended_requests ORDER BY seq DESC LIMIT 1 OFFSET ${RECORDS})`,
    );
    await this.#dead.prune(functionKeys);
  }
}
