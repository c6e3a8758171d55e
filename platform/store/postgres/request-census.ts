import type { Postgres } from "../../cluster/connection.ts";
import type { AsyncStatus } from "../async-records.ts";
import type { AsyncOutcome, NewAsyncRequest } from "../async-requests.ts";
import { keyText } from "../function-key.ts";
import { STATUS } from "../async-rows.ts";

/** What is known of a function that has waiting requests. */
interface Waiting {
  count: number;
  due: number;
}

interface WaitingRow extends Record<string, unknown> {
  readonly key: string;
  readonly count: number;
  readonly due: number;
}

const WAITING = `SELECT function_key AS key, count(*) AS count, min(due_at) AS due
  FROM requests WHERE owner IS NULL GROUP BY function_key`;
const NUMBERS = `SELECT status::integer, sum(count)::bigint AS count FROM request_tally GROUP BY status
  UNION ALL SELECT ${STATUS.running}, count(*) FROM requests WHERE owner IS NOT NULL`;
const NAMES = {
  [STATUS.running]: "running",
  [STATUS.success]: "success",
  [STATUS.failed]: "failed",
} as const;

/**
 * How many requests wait, run and have ended, as this process knows it: it counts what it does itself, and hears of the
 * others by looking.
 */
export class RequestCensus {
  readonly #postgres: Postgres;
  #waiting = new Map<string, Waiting>();
  #numbers = { waiting: 0, running: 0, success: 0, failed: 0, discarded: 0 };
  #changes = 0;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  count(status: AsyncStatus): number {
    return this.#numbers[status];
  }

  waitingOf(functionKey: string): number {
    return this.#waiting.get(functionKey)?.count ?? 0;
  }

  nextDue(functionKey: string): number | undefined {
    return this.#waiting.get(functionKey)?.due;
  }

  backlog(): { functionKey: string; due: number }[] {
    return [...this.#waiting].map(([functionKey, { due }]) => ({ functionKey, due }));
  }

  /** Changes since the numbers were last looked at, and known to be right. */
  get stale(): boolean {
    return this.#changes > 0;
  }

  accepted(requests: readonly NewAsyncRequest[]): void {
    this.#changes++;
    for (const { key, dueAt, started } of requests) {
      if (started === true) this.#numbers.running++;
      else this.waits(keyText(key), dueAt);
    }
  }

  /** One more request waits. */
  waits(functionKey: string, due: number): void {
    this.#changes++;
    this.#numbers.waiting++;
    const known = this.#waiting.get(functionKey);
    if (known === undefined) this.#waiting.set(functionKey, { count: 1, due });
    else {
      known.count++;
      known.due = Math.min(known.due, due);
    }
  }

  /** @param next when the function's next request is due; undefined when it has none */
  taken(functionKey: string, count: number, next: number | undefined): void {
    this.#changes++;
    this.#numbers.running += count;
    const known = this.#waiting.get(functionKey);
    const left = Math.max((known?.count ?? 0) - count, next === undefined ? 0 : 1);
    this.#numbers.waiting += (next === undefined ? 0 : left) - (known?.count ?? 0);
    if (next === undefined) this.#waiting.delete(functionKey);
    else this.#waiting.set(functionKey, { count: left, due: next });
  }

  ended(functionKey: string, { status, dueAt = Date.now() }: AsyncOutcome): void {
    this.#changes++;
    this.#numbers.running = Math.max(this.#numbers.running - 1, 0);
    if (status === "retry") this.waits(functionKey, dueAt);
    else this.#numbers[status]++;
  }

  /** Something was changed that is not counted along. */
  touched(): void {
    this.#changes++;
  }

  /** Looks at all of it. */
  async look(): Promise<void> {
    const before = this.#changes;
    const [waiting, numbers] = await Promise.all([
      this.#postgres.query<WaitingRow>(WAITING, [], "fungraph_waiting"),
      this.#postgres.query<{ status: number; count: number }>(NUMBERS, [], "fungraph_numbers"),
    ]);
    this.#waiting = new Map(waiting.map(({ key, count, due }) => [key, { count, due }]));
    const found = { waiting: 0, running: 0, success: 0, failed: 0, discarded: 0 };
    for (const { count } of waiting) found.waiting += count;
    for (const { status, count } of numbers)
      found[NAMES[status as keyof typeof NAMES] ?? "discarded"] = count;
    this.#numbers = found;
    // What changed meanwhile may be in it or not: it is looked at again.
    this.#changes -= before;
  }
}
