import type { MetricRow, MetricStore } from "../store/store.ts";
import type { Rows } from "./rows.ts";

interface Counter {
  minute: number;
  count: number;
  failCount: number;
  rejectCount: number;
  durationSum: number;
  durationMax: number;
  durationMin: number;
  concurrencyMax: number;
}

/** Rows kept when the store cannot take them; older ones are given up. */
const ROWS_KEPT = 20_000;

/** Counts per function, version and minute until the store takes them (guide 3.7.1). */
export class MetricCounters {
  readonly #store: MetricStore;
  readonly #counters = new Map<string, Map<string, Counter>>();
  #rows: MetricRow[] = [];

  constructor(store: MetricStore) {
    this.#store = store;
  }

  ended(rows: Rows, row: number): void {
    const minute = Math.floor((rows.at[row] ?? 0) / 60_000);
    const counter = this.#counter(rows.functionKey[row] ?? "", rows.version[row] ?? "", minute);
    const duration = rows.durationMs[row] ?? 0;
    const concurrency = rows.concurrency[row] ?? 1;
    counter.count += 1;
    if (rows.failure[row] !== undefined) counter.failCount += 1;
    counter.durationSum += duration;
    if (duration > counter.durationMax) counter.durationMax = duration;
    if (duration < counter.durationMin) counter.durationMin = duration;
    if (concurrency > counter.concurrencyMax) counter.concurrencyMax = concurrency;
  }

  rejected(functionKey: string, version: string): void {
    this.#counter(functionKey, version, Math.floor(Date.now() / 60_000)).rejectCount += 1;
  }

  /** Hands all that was counted to the store; keeps it for the next time when the store refuses. */
  save(): void {
    for (const [key, versions] of this.#counters)
      for (const [version, counter] of versions) this.#push(key, version, counter);
    this.#counters.clear();
    if (this.#rows.length === 0) return;
    try {
      this.#store.add(this.#rows);
      this.#rows = [];
    } catch (error) {
      this.#rows = this.#rows.slice(-ROWS_KEPT);
      throw error;
    }
  }

  #counter(functionKey: string, version: string, minute: number): Counter {
    let versions = this.#counters.get(functionKey);
    if (versions === undefined) this.#counters.set(functionKey, (versions = new Map()));
    let counter = versions.get(version);
    if (counter !== undefined && counter.minute === minute) return counter;
    if (counter !== undefined) this.#push(functionKey, version, counter);
    counter = {
      minute,
      count: 0,
      failCount: 0,
      rejectCount: 0,
      durationSum: 0,
      durationMax: 0,
      durationMin: Number.POSITIVE_INFINITY,
      concurrencyMax: 0,
    };
    versions.set(version, counter);
    return counter;
  }

  #push(functionKey: string, version: string, counter: Counter): void {
    const durationMin = counter.count === 0 ? 0 : counter.durationMin;
    this.#rows.push({ functionKey, version, ...counter, durationMin, reservedInstances: 0 });
  }
}
