import { join } from "node:path";
import type { MetricStore } from "../store/metrics.ts";
import { scanLog } from "./log-scan.ts";
import { type FunctionLog, LogWriter } from "./log-writer.ts";
import { MetricCounters } from "./metric-counters.ts";
import { Rows } from "./rows.ts";
import type { InstanceCounts, InvocationEnd, LogPage, LogQuery, LogReader, Telemetry } from "./telemetry.ts";

/** What {@link openTelemetry} needs; the rest has defaults. */
export interface TelemetryOptions {
  readonly dataDir: string;
  /** Folder of the logs. Default `<dataDir>/logs`. */
  readonly logsDir?: string | undefined;
  readonly metrics: Pick<MetricStore, "add">;
  /** Milliseconds between the first thing told and its writing. Default 250. */
  readonly flushMs?: number;
  /** Milliseconds between two savings of the counters. Default 10 000. */
  readonly metricsMs?: number;
  /** Size of one log file. Default 8 MB. */
  readonly segmentBytes?: number;
  /** Log files kept of a function. Default 4. */
  readonly segmentCount?: number;
  /** Told once when logs or metrics cannot be written. Default: a warning of the process. */
  readonly warn?: (sentence: string) => void;
}

/** Line texts that force a drain before its time, in characters. */
const DRAIN_CHARACTERS = 64 * 1024;

/** Opens the logs under `<dataDir>/logs` and counts metrics into the store. */
export function openTelemetry(options: TelemetryOptions): Telemetry & LogReader {
  return new Recorder(options);
}

class Recorder implements Telemetry, LogReader {
  readonly #rows = new Rows();
  readonly #writer: LogWriter;
  readonly #counters: MetricCounters;
  readonly #flushMs: number;
  readonly #warn: (sentence: string) => void;
  readonly #saving: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #characters = 0;
  #metricsLost = false;
  #closed = false;
  #lastVersion = "";
  #lastInstance = "";
  #lastQuoted = '"version":"","instanceId":""';

  constructor(options: TelemetryOptions) {
    this.#warn = options.warn ?? ((sentence) => process.emitWarning(sentence));
    const limits = { bytes: options.segmentBytes ?? 8 * 1024 * 1024, count: options.segmentCount ?? 4 };
    this.#writer = new LogWriter(options.logsDir ?? join(options.dataDir, "logs"), limits, this.#warn);
    this.#counters = new MetricCounters(options.metrics);
    this.#flushMs = options.flushMs ?? 250;
    this.#saving = setInterval(() => this.#save(), options.metricsMs ?? 10_000).unref();
  }

  ended(end: InvocationEnd): void {
    if (this.#rows.full) this.#drain();
    this.#rows.addEnd(end);
    if (this.#timer === undefined) this.#arm();
  }

  // oxlint-disable-next-line max-params -- the shape of Telemetry.line, which spares an object per line.
  line(key: string, version: string, request: string, instance: string, level: number, text: string): void {
    if (this.#rows.full || this.#characters > DRAIN_CHARACTERS) this.#drain();
    this.#characters += text.length;
    this.#rows.addLine(key, version, request, instance, level, text);
    if (this.#timer === undefined) this.#arm();
  }

  rejected(functionKey: string, version: string): void {
    this.#counters.rejected(functionKey, version);
  }

  instances(functionKey: string, version: string, seen: InstanceCounts): void {
    this.#counters.instances(functionKey, version, seen);
  }

  async flush(): Promise<void> {
    this.#drain();
    await this.#writer.settle();
    this.#save();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#saving);
    await this.flush();
    clearTimeout(this.#timer);
    await this.#writer.close();
  }

  async logs(functionKey: string, query: LogQuery): Promise<LogPage> {
    this.#drain();
    const log = this.#writer.log(functionKey);
    await this.#writer.write();
    await log.writing;
    return scanLog(log.folder, query);
  }

  async grown(functionKey: string, timeoutMs: number): Promise<void> {
    const log = this.#writer.log(functionKey);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, timeoutMs);
    log.wakers.push(resolve);
    await promise;
    clearTimeout(timer);
    log.wakers = log.wakers.filter((waker) => waker !== resolve);
  }

  async forget(functionKey: string): Promise<void> {
    this.#drain();
    await this.#writer.forget(functionKey);
  }

  sweep(isThere: (functionKey: string) => boolean): Promise<void> {
    return this.#writer.sweep(isThere);
  }

  problems(): { droppedBytes: number; lastError: string | undefined } {
    return { droppedBytes: this.#writer.droppedBytes, lastError: this.#writer.lastError };
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#drain();
      void this.#writer.write();
    }, this.#flushMs).unref();
  }

  /** Turns the rows into text and counts; the disk is not touched. */
  #drain(): void {
    const rows = this.#rows;
    for (let row = 0; row < rows.size; row++) {
      const log = this.#writer.log(rows.functionKey[row] ?? "");
      if (rows.isLine(row)) this.#addLine(log, row);
      else this.#addEnd(log, row);
    }
    rows.clear();
    this.#characters = 0;
  }

  #addLine(log: FunctionLog, row: number): void {
    const request = this.#rows.requestId[row] ?? "";
    const base = this.#base(row);
    if (request !== "") {
      if (!log.started.has(request)) this.#writer.add(log, `{"kind":"start",${base}}`);
      log.started.set(request, this.#rows.at[row] ?? 0);
    }
    const text = JSON.stringify(this.#rows.text[row] ?? "");
    this.#writer.add(log, `{"kind":"line",${base},"level":${String(this.#rows.level[row])},"text":${text}}`);
  }

  #addEnd(log: FunctionLog, row: number): void {
    const rows = this.#rows;
    this.#counters.ended(rows, row);
    const request = rows.requestId[row] ?? "";
    const lastLine = log.started.size === 0 ? undefined : log.started.get(request);
    if (lastLine !== undefined) {
      log.started.delete(request);
      // Lines and results of one turn arrive together: the finish is never before the last line.
      rows.at[row] = Math.max(rows.at[row] ?? 0, lastLine);
    }
    const failure = rows.failure[row] === undefined ? "" : `,"failure":"${rows.failure[row]}"`;
    // Whole numbers: printing them costs a fifth of printing fractions.
    const times = `"us":${String(Math.round((rows.durationMs[row] ?? 0) * 1000))}`;
    const used = `"usedKb":${String(Math.round((rows.memoryUsedMb[row] ?? 0) * 1024))}`;
    const memory = `"memoryMb":${String(rows.memoryMb[row])},${used}`;
    this.#writer.add(
      log,
      `{"kind":"end",${this.#base(row)},"started":${String(lastLine !== undefined)},${times},${memory}${failure}}`,
    );
  }

  #base(row: number): string {
    const rows = this.#rows;
    const at = String(Math.round(rows.at[row] ?? 0));
    const who = this.#quoted(rows.version[row] ?? "", rows.instanceId[row] ?? "");
    return `"at":${at},"requestId":${JSON.stringify(rows.requestId[row])},${who}`;
  }

  /** Rows of one instance mostly follow each other: the last answer is kept. */
  #quoted(version: string, instance: string): string {
    if (version !== this.#lastVersion || instance !== this.#lastInstance) {
      this.#lastVersion = version;
      this.#lastInstance = instance;
      this.#lastQuoted = `"version":${JSON.stringify(version)},"instanceId":${JSON.stringify(instance)}`;
    }
    return this.#lastQuoted;
  }

  #save(): void {
    this.#drain();
    try {
      this.#counters.save();
    } catch (error) {
      if (!this.#metricsLost)
        this.#warn(`Metrics cannot be saved: ${String(error)}. They are kept in memory meanwhile.`);
      this.#metricsLost = true;
    }
  }
}
