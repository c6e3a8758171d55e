import type { CommandModule } from "yargs";
import { findTarget, withConnection, type ConnectionOptions } from "../connection/connect.ts";
import { Observer, type LogEntry, type LogQuery } from "../connection/observer.ts";
import { UserError } from "../exit.ts";
import { print } from "../terminal/screen.ts";
import { paint } from "../terminal/style.ts";
import { stopSignal } from "../stop-signal.ts";

interface Options extends ConnectionOptions {
  name: string;
  follow: boolean;
  request: string | undefined;
  since: string | undefined;
  grep: string | undefined;
  lines: number;
  json: boolean;
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const WAIT_SECONDS = 30;

/** `fungraph logs NAME`: what a function wrote. */
export const logsCommand: CommandModule<object, Options> = {
  command: "logs <name>",
  describe: "Show what a function wrote, and how its calls ended",
  builder: (yargs) =>
    withConnection(yargs)
      .positional("name", {
        type: "string",
        demandOption: true,
        describe: "Name of the function, or its URN",
      })
      .option("follow", {
        alias: "f",
        type: "boolean",
        default: false,
        describe: "Go on with what is written from now on, until Ctrl-C",
      })
      .option("request", { alias: "r", type: "string", describe: "Only the request with this id" })
      .option("since", { type: "string", describe: "Only what is younger: 30s, 10m, 2h, 1d, or a time" })
      .option("grep", { type: "string", describe: "Only lines that hold this text" })
      .option("lines", { alias: "n", type: "number", default: 200, describe: "Entries at most" })
      .option("json", { type: "boolean", default: false, describe: "Print one JSON object a line" })
      .example("$0 logs watermark -f", "follow it")
      .example("$0 logs watermark --since 10m --grep error", "look for a word"),
  handler: async (options) => {
    const observer = new Observer(findTarget(options));
    try {
      await show(observer, options);
    } finally {
      observer.close();
    }
  },
};

async function show(observer: Observer, options: Options): Promise<void> {
  const query: LogQuery = {
    function: options.name,
    requestId: options.request,
    keyword: options.grep,
    since: options.since === undefined ? undefined : readSince(options.since, Date.now()),
    limit: options.lines,
  };
  const first = await observer.logs(query);
  for (const entry of first.entries) showEntry(entry, options.json);
  if (options.follow)
    await follow(observer, { ...query, cursor: first.cursor, wait: WAIT_SECONDS }, options.json);
}

async function follow(observer: Observer, query: LogQuery, json: boolean): Promise<void> {
  const stop = stopSignal();
  let { cursor } = query;
  while (!stop.aborted) {
    const page = await observer.logs({ ...query, cursor }, stop).catch((error: unknown) => {
      if (stop.aborted) return undefined;
      throw error;
    });
    for (const entry of page?.entries ?? []) showEntry(entry, json);
    cursor = page?.cursor ?? cursor;
  }
}

function showEntry(entry: LogEntry, json: boolean): void {
  if (json) print(JSON.stringify(entry));
  else print(entry.kind === "line" ? lineOf(entry) : paint("dim", entry.lines));
}

const WARN = 3;
const ERROR = 4;

function lineOf(entry: LogEntry): string {
  if (entry.level === ERROR) return paint("red", entry.lines);
  return entry.level === WARN ? paint("yellow", entry.lines) : entry.lines;
}

/** `10m` before now, or a time as text; epoch milliseconds. */
function readSince(given: string, now: number): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(given) ?? [];
  if (count !== undefined) return now - Number(count) * UNITS[unit as keyof typeof UNITS];
  const time = Date.parse(given);
  if (Number.isNaN(time))
    throw new UserError(`--since "${given}" is no time. Examples: 30s, 10m, 2h, 1d, 2026-11-21T18:00:00Z`);
  return time;
}
