import type { MetricRow, MetricStore } from "../store/metrics.ts";
import type { Rows } from "./rows.ts";
import type { InstanceCounts } from "./telemetry.ts";

interface Counter {
  minute: number;
  count: number;
  failCount: number;
  systemFailCount: number;
  rejectCount: number;
  durationSum: number;
  durationMax: number;
  durationMin: number;
  concurrencyMax: number;
  reservedInstances: number;
  onDemandInstances: number;
  gbSeconds: number;
}

const MB_MS = 1024 * 1000;

/** Rows kept when the store cannot take them; older ones are given up. */
const ROWS_KEPT = 20_000;

/** Counts per function, version and minute until the store takes them (guide 3.7.1). */
export class MetricCounters {
  readonly #store: Pick<MetricStore, "add">;
  readonly #counters = new Map<string, Map<string, Counter>>();
  #rows: MetricRow[] = [];

  constructor(store: Pick<MetricStore, "add">) {
    this.#store = store;
  }

  ended(rows: Rows, row: number): void {
    const minute = Math.floor((rows.at[row] ?? 0) / 60_000);
    const counter = this.#counter(rows.functionKey[row] ?? "", rows.version[row] ?? "", minute);
    const duration = rows.durationMs[row] ?? 0;
    const concurrency = rows.concurrency[row] ?? 1;
    counter.count += 1;
    const failure = rows.failure[row];
    if (failure !== undefined) counter.failCount += 1;
    if (failure === "system") counter.systemFailCount += 1;
    counter.gbSeconds += ((rows.memoryMb[row] ?? 0) * duration) / MB_MS;
    counter.durationSum += duration;
    if (duration > counter.durationMax) counter.durationMax = duration;
    if (duration < counter.durationMin) counter.durationMin = duration;
    if (concurrency > counter.concurrencyMax) counter.concurrencyMax = concurrency;
  }

  rejected(functionKey: string, version: string): void {
    this.#counter(functionKey, version, Math.floor(Date.now() / 60_000)).rejectCount += 1;
  }

  /** Instances seen now. */
  instances(functionKey: string, version: string, seen: InstanceCounts): void {
    const counter = this.#counter(functionKey, version, Math.floor(Date.now() / 60_000));
    counter.reservedInstances = Math.max(counter.reservedInstances, seen.reserved);
    counter.onDemandInstances = Math.max(counter.onDemandInstances, seen.onDemand);
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
      systemFailCount: 0,
      rejectCount: 0,
      durationSum: 0,
      durationMax: 0,
      durationMin: Number.POSITIVE_INFINITY,
      concurrencyMax: 0,
      reservedInstances: 0,
      onDemandInstances: 0,
      gbSeconds: 0,
    };
    versions.set(version, counter);
    return counter;
  }

  #push(functionKey: string, version: string, counter: Counter): void {
    const durationMin = counter.count === 0 ? 0 : counter.durationMin;
    this.#rows.push({ functionKey, version, ...counter, durationMin });
  }
}
