import type { Argv } from "yargs";
import { DRIVERS, type DriverName } from "../platform/drivers/open-driver.ts";
import { UserError } from "./exit.ts";

/** How a command starts a platform; undefined is the platform's own default. */
export interface PlatformOptions {
  /** Undefined: the usual one, or a free one when that is taken. 0: any free one. */
  readonly port: number | undefined;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly driver: DriverName;
  readonly timeZone: string | undefined;
  readonly idleSeconds: number | undefined;
  readonly warmth: boolean;
  readonly poolSize: number | undefined;
}

const OPTIONS = {
  port: {
    alias: "p",
    type: "string",
    coerce: wholeNumber("--port", "is no port", { most: 65_535, note: "; 0 takes any free one" }),
    describe: "Port; 0 takes any free one [8420, or a free one]",
  },
  host: { type: "string", default: "127.0.0.1", describe: "Address to listen on" },
  "public-url": {
    type: "string",
    coerce: origin,
    describe: "Where callers reach it, for the URLs of triggers [as each caller reaches it]",
  },
  driver: {
    choices: DRIVERS,
    default: "process",
    describe: "Where instances run: as processes, or as Docker containers",
  },
  "time-zone": { type: "string", describe: "Time zone of cron expressions [UTC]" },
  "idle-seconds": {
    type: "string",
    coerce: wholeNumber("--idle-seconds", "is no number of seconds", { least: 1, most: 86_400 }),
    describe: "Seconds without a call after which an instance ends [60]",
  },
  warmth: {
    type: "boolean",
    default: true,
    describe:
      "Learn when functions are called, and have instances ready; --no-warmth keeps all for the same time",
  },
  "pool-size": {
    type: "string",
    coerce: wholeNumber("--pool-size", "is no number of instances", { most: 100 }),
    describe: "Instances kept warm of each runtime in use [2]",
  },
} as const;

/** Adds the options of commands that start a platform. */
export function platformOptions<T>(yargs: Argv<T>): Argv<T & PlatformOptions> {
  // The types of yargs know no option by its name in camel case.
  return yargs.options(OPTIONS) as unknown as Argv<T & PlatformOptions>;
}

function wholeNumber(
  option: string,
  fault: string,
  { least = 0, most, note = "" }: { least?: number; most: number; note?: string },
): (given: unknown) => number {
  return (given) => {
    const value = Number(given);
    if (typeof given === "string" && /^\d+$/.test(given) && value >= least && value <= most) return value;
    throw new UserError(
      `${option} ${said(given)} ${fault}. Give a whole number from ${least} to ${most}${note}.`,
    );
  };
}

function origin(given: unknown): string {
  const url = typeof given === "string" && URL.canParse(given) ? new URL(given) : undefined;
  const rest = url === undefined ? "" : url.pathname + url.search + url.hash;
  if (url !== undefined && /^https?:$/.test(url.protocol) && rest === "/") return url.origin;
  throw new UserError(
    `--public-url ${said(given)} is no address without a path. Give one such as https://functions.example.com.`,
  );
}

function said(given: unknown): string {
  if (Array.isArray(given)) return given.join(" and ");
  return given === "" ? '""' : String(given);
}
