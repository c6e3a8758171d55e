import { FAILURES, type FailureKind } from "../../model/failure.ts";

/** One entry of a function's log. `at` is epoch ms. */
export type LogEntry = LogStart | LogLine | LogEnd;

interface EntryBase {
  readonly at: number;
  readonly version: string;
  /** Empty for lines that belong to no single request (module load, initializer). */
  readonly requestId: string;
  readonly instanceId: string;
}

/** Written before the first line of a request; a request without lines has only its end. */
interface LogStart extends EntryBase {
  readonly kind: "start";
}

interface LogLine extends EntryBase {
  readonly kind: "line";
  /** 0 none, 1 debug, 2 info, 3 warn, 4 error. */
  readonly level: number;
  readonly text: string;
}

interface LogEnd extends EntryBase {
  readonly kind: "end";
  /** True when a start entry stands before. */
  readonly started: boolean;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly memoryUsedMb: number;
  readonly failure?: FailureKind;
}

/** Reads one line of a log file; undefined for a torn or foreign line. */
export function parseEntry(line: string): LogEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { us, usedKb, ...rest } = value as Record<string, unknown>;
  const { at, kind, version, requestId } = rest;
  if (typeof at !== "number" || typeof version !== "string" || typeof requestId !== "string")
    return undefined;
  if (kind === "end" && typeof us === "number" && typeof usedKb === "number")
    return { ...rest, durationMs: us / 1000, memoryUsedMb: usedKb / 1024 } as LogEnd;
  if (kind === "start" || (kind === "line" && typeof rest.text === "string"))
    return rest as unknown as LogEntry;
  return undefined;
}

/** The entry as users read it (functiongraph invocation log): none, one or two lines, without a final newline. */
export function renderEntry(entry: LogEntry): string {
  if (entry.kind === "line") return entry.text;
  if (entry.kind === "start") return renderStart(entry.at, entry);
  const finish = renderFinish(entry);
  return entry.started ? finish : `${renderStart(entry.at - entry.durationMs, entry)}\n${finish}`;
}

function renderStart(at: number, entry: EntryBase): string {
  return `${utc(at)} Start invoke request '${entry.requestId}', version: ${entry.version}`;
}

function renderFinish(entry: LogEnd): string {
  const failed = entry.failure === undefined ? "" : "(invoke Failed)";
  const reason = entry.failure === undefined ? "" : `, reason: ${FAILURES[entry.failure].reason}`;
  return (
    `${utc(entry.at)} Finish invoke request '${entry.requestId}'${failed}, duration: ${milliseconds(entry.durationMs)}ms, ` +
    `billing duration: ${String(Math.ceil(entry.durationMs))}ms, memory used: ${milliseconds(entry.memoryUsedMb)}MB, ` +
    `billing memory: ${String(entry.memoryMb)}MB${reason}`
  );
}

function utc(at: number): string {
  return new Date(at).toISOString();
}

function milliseconds(value: number): string {
  return value.toFixed(3);
}

/** Facts of one request for {@link renderTail}. */
export interface TailFacts {
  readonly requestId: string;
  readonly version: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly memoryUsedMb: number;
  readonly failure: FailureKind | undefined;
}

/**
 * The log of one request with start and finish line, for X-Cff-Function-Log and the v1 body (plain text; the header
 * takes base64 of it). Longer than `maxBytes`, its beginning is cut at a line where possible.
 */
export function renderTail(facts: TailFacts, lines: readonly string[], maxBytes: number): string {
  const { failure, ...rest } = facts;
  const at = facts.startedAt + facts.durationMs;
  const end: LogEnd = {
    kind: "end",
    at,
    instanceId: "",
    started: true,
    ...rest,
    ...(failure && { failure }),
  };
  const text = [renderStart(facts.startedAt, end), ...lines, renderFinish(end)].join("\n");
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let from = bytes.length - maxBytes;
  const newline = bytes.indexOf(10, from);
  if (newline !== -1 && newline < bytes.length - 1) from = newline + 1;
  else while (((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return bytes.toString("utf8", from);
}
