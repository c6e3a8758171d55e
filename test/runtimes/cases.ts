import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CallMeta } from "../../platform/link/call.ts";
import type { LoadChanges } from "./instance.ts";
import { IMAGES, type Family } from "./languages/language.ts";

export interface ExpectedError {
  /** Part of the message, or one of several. */
  readonly errorMessage?: string | readonly string[];
  /** The type, or one of several. */
  readonly errorType?: string | readonly string[];
  /** One pattern a line, in order; lines in between are allowed. */
  readonly stackTrace?: readonly string[];
}

/** What a call must end with. `{id}` stands for the request's id, in texts and patterns. */
export interface ExpectedCall {
  /** Failure kind; `ok` when left out. */
  readonly kind?: string;
  readonly text?: string;
  readonly textMatches?: string;
  readonly bytes?: number;
  readonly json?: unknown;
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

/** One case of the contract: what is sent, what must come. Its code is `contract/<family>/<id>`. */
export interface ContractCase {
  readonly id: string;
  readonly name: string;
  /** Why the case does not apply to this language. */
  readonly not?: string;
  /** Oldest version of the language that can run it, for example `12.17`. */
  readonly since?: string;
  readonly load?: LoadChanges;
  readonly meta?: CallMeta;
  readonly timeoutMs?: number;
  /** The platform counts the call's time as over once it has logged so many lines, however long that took. */
  readonly overAfterLines?: number;
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

/** The cases of one part as one language has them: `contract/<family>/differences.json` is laid over the neutral ones. */
export function casesOf(topic: (typeof TOPICS)[number], family: Family): readonly ContractCase[] {
  const neutral = readJson(`${topic}.json`) as readonly ContractCase[];
  const differences = readJson(`${family}/differences.json`) as Readonly<Record<string, unknown>>;
  return neutral.map((one) => merge(one, differences[one.id]) as ContractCase);
}

/** The cases that apply to a version of the language, for example `12.22.1`; without a version, to its newest. */
export function applicableCases(
  topic: (typeof TOPICS)[number],
  family: Family,
  version?: string,
): readonly ContractCase[] {
  return casesOf(topic, family).filter((one) => one.not === undefined && !isTooOld(one, version));
}

function isTooOld({ since }: ContractCase, version = ""): boolean {
  if (since === undefined || version === "") return false;
  const [wanted = [], given = []] = [since, version].map((text) => text.split(".").map(Number));
  const at = wanted.findIndex((number, i) => number !== given[i]);
  return at >= 0 && (given[at] ?? 0) < (wanted[at] ?? 0);
}

/** Every id of the contract. */
export function caseIds(): readonly string[] {
  return TOPICS.flatMap((topic) =>
    (readJson(`${topic}.json`) as readonly ContractCase[]).map(({ id }) => id),
  );
}

/** True when the language has code for the case. */
export function hasCode(id: string, family: Family): boolean {
  const sources = join(IMAGES, "contract", family);
  return readdirSync(sources).some((name) => name === id || name.replace(/\.[a-z]+$/, "") === id);
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(IMAGES, "contract", name), "utf8"));
}

/** Objects and arrays are merged part by part, everything else is replaced. */
function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (Array.isArray(base) && Array.isArray(over) && over.some((one) => isMap(one)))
    return base.map((one, i) => merge(one, over[i]));
  if (!isMap(base) || !isMap(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(base[key], over[key])]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
