import { FAILURES, type FailureKind } from "../../model/failure.ts";
import { ApiError } from "../api/api-error.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import { renderEntry, type LogEntry } from "./log-entry.ts";
import type { LogQuery, LogReader } from "./telemetry.ts";

/** One log entry on the wire: its fields, and the lines as users read them. */
type WireLogEntry = LogEntry & { readonly lines: string };

/** Answer of GET /fungraph/v1/logs. `cursor` continues after the last entry. */
export interface LogAnswer {
  readonly entries: WireLogEntry[];
  readonly cursor: string;
}

const MOST_ENTRIES = 10_000;
const LONGEST_WAIT_SECONDS = 60;

/**
 * Answers a log query. Parameters: version, requestId, instanceId, keyword, result (success, failed), reason (a failure
 * kind), since and until (epoch ms, or a time as in 2026-01-31T18:00:00Z), limit, cursor, and wait: seconds to hold the
 * answer until there is an entry after the cursor. Throws ApiError FSS.0400 for a bad value.
 */
export async function answerLogs(
  reader: LogReader,
  key: FunctionKey,
  parameters: URLSearchParams,
): Promise<LogAnswer> {
  const query = readQuery(parameters);
  const until = Date.now() + numberOf(parameters, "wait", 0, LONGEST_WAIT_SECONDS) * 1000;
  const name = keyText(key);
  let page = await reader.logs(name, query);
  while (page.entries.length === 0 && Date.now() < until) {
    // Looked at again each second: an entry may have come between the look and the wait.
    await reader.grown(name, Math.min(until - Date.now(), 1000));
    page = await reader.logs(name, { ...query, cursor: page.cursor });
  }
  return {
    entries: withTrueStarts(page.entries).map((entry) => ({ ...entry, lines: renderEntry(entry) })),
    cursor: page.cursor,
  };
}

/** A start entry is written with the first line; the end knows better when the request began. */
function withTrueStarts(entries: readonly LogEntry[]): LogEntry[] {
  const began = new Map<string, number>();
  for (const entry of entries)
    if (entry.kind === "end") began.set(entry.requestId, Math.round(entry.at - entry.durationMs));
  return entries.map((entry) => {
    if (entry.kind !== "start") return entry;
    return { ...entry, at: Math.min(entry.at, began.get(entry.requestId) ?? entry.at) };
  });
}

function readQuery(parameters: URLSearchParams): LogQuery {
  const query: Record<string, string | number> = {};
  for (const name of ["version", "requestId", "instanceId", "keyword", "cursor"])
    if (parameters.has(name)) query[name] = parameters.get(name) ?? "";
  const result = parameters.get("result");
  if (result !== null) query.result = oneOf("result", result, ["success", "failed"]);
  const reason = parameters.get("reason");
  if (reason !== null) query.reason = oneOf("reason", reason, Object.keys(FAILURES) as FailureKind[]);
  if (parameters.has("since")) query.from = timeOf(parameters, "since");
  if (parameters.has("until")) query.to = timeOf(parameters, "until");
  if (parameters.has("limit")) query.limit = numberOf(parameters, "limit", 1, MOST_ENTRIES);
  return query;
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ApiError("FSS.0400", `${name} is ${JSON.stringify(value)}. Use one of ${allowed.join(", ")}.`);
}

function numberOf(parameters: URLSearchParams, name: string, least: number, most: number): number {
  const text = parameters.get(name) ?? String(least);
  const value = Number(text);
  if (text !== "" && value >= least && value <= most) return value;
  throw new ApiError(
    "FSS.0400",
    `${name} is ${JSON.stringify(text)}. Use a number from ${String(least)} to ${String(most)}.`,
  );
}

/** Reads a parameter that is a time; throws ApiError FSS.0400 for a bad one. */
export function timeOf(parameters: URLSearchParams, name: string): number {
  const text = parameters.get(name) ?? "";
  const value = /^\d{9,15}$/.test(text) ? Number(text) : Date.parse(text);
  if (!Number.isNaN(value)) return value;
  throw new ApiError(
    "FSS.0400",
    `${name} is ${JSON.stringify(text)}. Use milliseconds since 1970, or a time such as 2026-01-31T18:00:00Z.`,
  );
}
