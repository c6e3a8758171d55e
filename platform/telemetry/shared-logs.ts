import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { LogEntry } from "./log-entry.ts";
import { LogFolder, READING } from "./log-folder.ts";
import { scanLog } from "./log-scan.ts";
import type { LogPage, LogQuery, LogReader } from "./telemetry.ts";

export interface SharedLogsOptions {
  /** Folder with one folder for each process that writes. */
  readonly folder: string;
  /** Has all processes write what they were told so far. */
  readonly flush: () => Promise<void>;
  /** What this process loses. */
  readonly own: Pick<LogReader, "problems">;
}

/** What one process wrote, and the entry's place there. */
interface Source {
  readonly name: string;
  readonly log: LogFolder;
  readonly page: LogPage;
}

const POLL_MS = 250;
const DEFAULT_LIMIT = 1000;
const OLDEST = "0.0";
const BETWEEN_SOURCES = "_";
const AFTER_NAME = "-";

/** The logs that all processes of a platform wrote, as one: entries in the order of their times, and of each process in the order it wrote them. */
export class SharedLogs implements LogReader {
  readonly #options: SharedLogsOptions;

  constructor(options: SharedLogsOptions) {
    this.#options = options;
  }

  async logs(functionKey: string, query: LogQuery): Promise<LogPage> {
    await this.#options.flush();
    const { cursor, limit = DEFAULT_LIMIT } = query;
    const places = parseCursor(cursor);
    const names = await this.#names();
    const sources = await Promise.all(
      names.map(async (name): Promise<Source> => {
        const log = this.#log(name, functionKey);
        return { name, log, page: await scanLog(log, at(query, cursor && (places.get(name) ?? OLDEST))) };
      }),
    );
    const all = sources.flatMap(inTurn).sort((one, other) => one.turn - other.turn);
    if (cursor === undefined) return pageOf(all.slice(-limit), sources);
    const taken = all.slice(0, limit);
    // What does not fit is read again by the next page.
    const read = await Promise.all(
      sources.map(async (source) => {
        const count = taken.filter(({ name }) => name === source.name).length;
        if (count === source.page.entries.length) return source;
        const start = places.get(source.name) ?? OLDEST;
        if (count === 0) return { ...source, page: { entries: [], cursor: start } };
        return { ...source, page: await scanLog(source.log, { ...at(query, start), limit: count }) };
      }),
    );
    return pageOf(taken, read);
  }

  /** Others do not tell when they write: it is looked for. */
  async grown(functionKey: string, timeoutMs: number): Promise<void> {
    const before = await this.#ends(functionKey);
    for (const until = performance.now() + timeoutMs; performance.now() < until;) {
      await delay(Math.min(POLL_MS, Math.max(0, until - performance.now())));
      if ((await this.#ends(functionKey)) !== before) return;
    }
  }

  problems(): ReturnType<LogReader["problems"]> {
    return this.#options.own.problems();
  }

  #names(): Promise<string[]> {
    return readdir(this.#options.folder).then((names) => names.sort());
  }

  #log(name: string, functionKey: string): LogFolder {
    return new LogFolder(join(this.#options.folder, name, encodeURIComponent(functionKey)), READING);
  }

  async #ends(functionKey: string): Promise<string> {
    const names = await this.#names();
    const ends = await Promise.all(names.map((name) => this.#log(name, functionKey).end()));
    return JSON.stringify(ends);
  }
}

interface Turn {
  readonly name: string;
  readonly entry: LogEntry;
  /** Epoch ms: the entry's time, or that of one before it. */
  readonly turn: number;
}

/** A source's entries keep their order, whatever their times say: pages go on behind the last one that was taken. */
function inTurn({ name, page }: Source): Turn[] {
  let turn = 0;
  return page.entries.map((entry) => ({ name, entry, turn: (turn = Math.max(turn, entry.at)) }));
}

function at(query: LogQuery, cursor: string | undefined): LogQuery {
  return cursor === undefined ? query : { ...query, cursor };
}

function pageOf(
  taken: readonly { readonly entry: LogEntry }[],
  sources: readonly Pick<Source, "name" | "page">[],
): LogPage {
  const cursor = sources.map(({ name, page }) => `${name}${AFTER_NAME}${page.cursor}`).join(BETWEEN_SOURCES);
  return { entries: taken.map(({ entry }) => entry), cursor };
}

function parseCursor(text = ""): Map<string, string> {
  return new Map(
    text.split(BETWEEN_SOURCES).map((part): [string, string] => {
      const [name = "", place = OLDEST] = part.split(AFTER_NAME);
      return [name, place];
    }),
  );
}
