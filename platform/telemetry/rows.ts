import type { FailureKind } from "../../model/failure.ts";
import type { InvocationEnd } from "./telemetry.ts";

const CAPACITY = 4096;
const LINE = -1;

/**
 * What was told since the last drain, one column a field: telling costs a few stores, and nothing is allocated.
 * Lines and ends share the columns, so their order is kept.
 */
export class Rows {
  size = 0;
  readonly functionKey: string[] = column("");
  readonly version: string[] = column("");
  readonly requestId: string[] = column("");
  readonly instanceId: string[] = column("");
  readonly text: string[] = column("");
  readonly failure: (FailureKind | undefined)[] = column<FailureKind | undefined>(undefined);
  readonly at = new Float64Array(CAPACITY);
  readonly durationMs = new Float64Array(CAPACITY);
  readonly memoryUsedMb = new Float64Array(CAPACITY);
  readonly memoryMb = new Float64Array(CAPACITY);
  readonly concurrency = new Int32Array(CAPACITY);
  readonly level = new Int8Array(CAPACITY);

  get full(): boolean {
    return this.size === CAPACITY;
  }

  isLine(row: number): boolean {
    return this.concurrency[row] === LINE;
  }

  addEnd(end: InvocationEnd): void {
    const row = this.size++;
    this.functionKey[row] = end.functionKey;
    this.version[row] = end.version;
    this.requestId[row] = end.requestId;
    this.instanceId[row] = end.instanceId;
    this.failure[row] = end.failure;
    this.at[row] = end.startedAt + end.durationMs;
    this.durationMs[row] = end.durationMs;
    this.memoryMb[row] = end.memoryMb;
    this.memoryUsedMb[row] = end.memoryUsedMb;
    this.concurrency[row] = end.concurrency ?? 1;
  }

  // oxlint-disable-next-line max-params -- the columns of one row; an object per line would be garbage at once.
  addLine(
    key: string,
    version: string,
    request: string,
    instance: string,
    level: number,
    text: string,
  ): void {
    const row = this.size++;
    this.functionKey[row] = key;
    this.version[row] = version;
    this.requestId[row] = request;
    this.instanceId[row] = instance;
    this.level[row] = level;
    this.text[row] = text;
    this.at[row] = Date.now();
    this.concurrency[row] = LINE;
  }

  clear(): void {
    // Texts may be large; the other columns hold short strings that the next rows replace.
    this.text.fill("", 0, this.size);
    this.size = 0;
  }
}

function column<T>(empty: T): T[] {
  return Array.from({ length: CAPACITY }, () => empty);
}
