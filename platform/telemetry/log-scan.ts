import type { FileHandle } from "node:fs/promises";
import { parseEntry, type LogEntry } from "./log-entry.ts";
import type { LogFolder, Position } from "./log-folder.ts";
import type { LogPage, LogQuery } from "./telemetry.ts";

const CHUNK = 256 * 1024;
const DEFAULT_LIMIT = 1000;
/** Entries of one flush may be out of order by no more than this. */
const DISORDER_MS = 2000;

/** Reads a function's log: from its end backwards, or from a cursor on. Never more than one chunk is in memory. */
export async function scanLog(folder: LogFolder, query: LogQuery): Promise<LogPage> {
  const start = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  return query.cursor === undefined ? newest(folder, query) : after(folder, query, start ?? FIRST);
}

const FIRST: Position = { segment: 0, offset: 0 };

function parseCursor(text: string): Position | undefined {
  const match = /^(\d{1,9})\.(\d{1,12})$/.exec(text);
  return match === null ? undefined : { segment: Number(match[1]), offset: Number(match[2]) };
}

function formatCursor(position: Position): string {
  return `${String(position.segment)}.${String(position.offset)}`;
}

async function newest(folder: LogFolder, query: LogQuery): Promise<LogPage> {
  const end = await folder.end();
  const cursor = formatCursor(end);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const matches = matcher(query);
  const entries: LogEntry[] = [];
  for (const segment of (await folder.segments()).reverse()) {
    const file = await folder.read(segment);
    if (file === undefined) continue;
    try {
      for await (const line of linesBackwards(file, segment === end.segment ? end.offset : undefined)) {
        const entry = entryOf(line, query);
        if (entry === undefined) continue;
        if (query.from !== undefined && entry.at < query.from - DISORDER_MS)
          return { entries: entries.reverse(), cursor };
        if (matches(entry) && entries.push(entry) >= limit) return { entries: entries.reverse(), cursor };
      }
    } finally {
      await file.close();
    }
  }
  return { entries: entries.reverse(), cursor };
}

async function after(folder: LogFolder, query: LogQuery, start: Position): Promise<LogPage> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const matches = matcher(query);
  const entries: LogEntry[] = [];
  let position = start;
  for (const segment of await folder.segments()) {
    if (segment < start.segment) continue;
    let offset = segment === start.segment ? start.offset : 0;
    const file = await folder.read(segment);
    if (file === undefined) continue;
    try {
      for await (const line of linesForwards(file, offset)) {
        offset += line.length + 1;
        position = { segment, offset };
        const entry = entryOf(line, query);
        if (entry !== undefined && matches(entry) && entries.push(entry) >= limit)
          return { entries, cursor: formatCursor(position) };
      }
    } finally {
      await file.close();
    }
  }
  return { entries, cursor: formatCursor(position) };
}

/** Parses a line unless its bytes alone tell that it cannot match. */
function entryOf(line: Buffer, query: LogQuery): LogEntry | undefined {
  if (query.requestId !== undefined && !line.includes(query.requestId)) return undefined;
  return parseEntry(line.toString("utf8"));
}

/** One scan's filter; for result and reason it learns from the ends, which a backward scan meets before the lines. */
function matcher(query: LogQuery): (entry: LogEntry) => boolean {
  const byEnd = query.result !== undefined || query.reason !== undefined;
  const chosen = new Set<string>();
  return (entry) => {
    if (byEnd && entry.kind === "end" && endMatches(entry.failure, query)) chosen.add(entry.requestId);
    return (
      (!byEnd || chosen.has(entry.requestId)) &&
      (query.requestId === undefined || entry.requestId === query.requestId) &&
      (query.version === undefined || entry.version === query.version) &&
      (query.instanceId === undefined || entry.instanceId === query.instanceId) &&
      (query.from === undefined || entry.at >= query.from) &&
      (query.to === undefined || entry.at <= query.to) &&
      (query.keyword === undefined || (entry.kind === "line" && entry.text.includes(query.keyword)))
    );
  };
}

function endMatches(failure: string | undefined, query: LogQuery): boolean {
  if (query.result !== undefined && (failure === undefined) !== (query.result === "success")) return false;
  return query.reason === undefined || failure === query.reason;
}

/** Whole lines from an offset on; a line that has no end yet is left for the next time. */
async function* linesForwards(file: FileHandle, offset: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (let at = offset; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let from = 0;
    for (let newline = bytes.indexOf(10); newline !== -1; newline = bytes.indexOf(10, from)) {
      yield bytes.subarray(from, newline);
      from = newline + 1;
    }
    rest = bytes.subarray(from);
  }
}

/** Whole lines before an offset (default: the file's end), the last one first. */
async function* linesBackwards(file: FileHandle, before: number | undefined): AsyncGenerator<Buffer> {
  let at = before ?? (await file.stat()).size;
  let rest: Buffer = Buffer.alloc(0);
  while (at > 0) {
    const size = Math.min(CHUNK, at);
    at -= size;
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, at);
    const bytes = Buffer.concat([buffer.subarray(0, bytesRead), rest]);
    let to = bytes.length;
    for (let newline = lastNewline(bytes, to); newline !== -1; newline = lastNewline(bytes, to)) {
      if (newline + 1 < to) yield bytes.subarray(newline + 1, to);
      to = newline;
    }
    rest = bytes.subarray(0, to);
  }
  if (rest.length > 0) yield rest;
}

function lastNewline(bytes: Buffer, before: number): number {
  return before === 0 ? -1 : bytes.lastIndexOf(10, before - 1);
}
