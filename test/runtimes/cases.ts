import { readFileSync } from "node:fs";
import type { CallMeta } from "../../platform/link/call.ts";
import type { LoadChanges } from "./instance.ts";

export type Family = "nodejs" | "python";

/** A value, or one value a language. */
export type PerLanguage<T> = T | Partial<Record<Family, T>>;

export interface ExpectedError {
  /** Part of the message. */
  readonly errorMessage?: PerLanguage<string>;
  /** The type, or one of several. */
  readonly errorType?: PerLanguage<string | readonly string[]>;
  /** One pattern a line, in order; lines in between are allowed. */
  readonly stackTrace?: PerLanguage<readonly string[]>;
}

/** What a call must end with. `{id}` stands for the request's id, in texts and patterns. */
export interface ExpectedCall {
  /** Failure kind; `ok` when left out. */
  readonly kind?: string;
  readonly text?: string;
  readonly textMatches?: string;
  readonly bytes?: number;
  readonly json?: PerLanguage<unknown>;
  readonly error?: ExpectedError;
  /** One pattern for each log line of the call. */
  readonly logs?: readonly string[];
  readonly levels?: readonly number[];
  readonly logBytesAtMost?: number;
  readonly lastLog?: string;
}

interface CaseCall {
  readonly event?: unknown;
  readonly expect: ExpectedCall;
}

/** One case of the contract: code in each language, what is sent, what must come. */
export interface ContractCase {
  readonly name: string;
  /** Lines of the entry file, or lines of several files by name. */
  readonly code: Partial<Record<Family, readonly string[] | Readonly<Record<string, readonly string[]>>>>;
  /** Why the case does not apply to a language. */
  readonly not?: Partial<Record<Family, string>>;
  readonly load?: LoadChanges;
  readonly meta?: CallMeta;
  readonly timeoutMs?: number;
  readonly event?: unknown;
  /** The event's bytes as they stand, instead of `event`. */
  readonly eventText?: string;
  /** A JSON string of so many bytes, instead of `event`. */
  readonly eventOfBytes?: number;
  readonly calls?: readonly CaseCall[];
  /** The calls are sent at once instead of one after the other. */
  readonly together?: boolean;
  readonly expect?: ExpectedCall & {
    readonly load?: ExpectedError;
    readonly init?: ExpectedError;
    readonly exit?: number;
    readonly instanceLogs?: readonly string[];
    readonly rawOutput?: string;
  };
  readonly instanceLogs?: readonly string[];
  readonly stop?: { readonly graceMs: number; readonly exit: number; readonly whileRunning?: boolean };
  /** The platform's end closes while the request runs. */
  readonly closeLink?: boolean;
}

/** The parts of the contract, each a file of runtime-images/contract. */
export const TOPICS = ["results", "errors", "context", "logs", "life"] as const;

export function casesOf(topic: (typeof TOPICS)[number]): readonly ContractCase[] {
  const file = new URL(`../../runtime-images/contract/${topic}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as readonly ContractCase[];
}

/** The value for a language. */
export function pick<T>(value: PerLanguage<T> | undefined, family: Family): T | undefined {
  if (value === null || typeof value !== "object") return value;
  const keys = Object.keys(value);
  if (keys.length === 0 || keys.some((key) => key !== "nodejs" && key !== "python")) return value as T;
  return (value as Partial<Record<Family, T>>)[family];
}

/** The files of a case, by name. */
export function filesOf({ code, name }: ContractCase, family: Family): Record<string, string> {
  const given = code[family];
  if (given === undefined)
    throw new Error(`the case ${JSON.stringify(name)} has no ${family} code and does not say why`);
  const files = isLines(given) ? { [family === "nodejs" ? "index.js" : "index.py"]: given } : given;
  return Object.fromEntries(Object.entries(files).map(([file, lines]) => [file, `${lines.join("\n")}\n`]));
}

function isLines(
  given: readonly string[] | Readonly<Record<string, readonly string[]>>,
): given is readonly string[] {
  return Array.isArray(given);
}
