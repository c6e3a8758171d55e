import { isAscii } from "node:buffer";
import { randomUUID } from "node:crypto";
import { checkTextBounds } from "../../model/api/bounds.ts";
import type { Fault } from "../../model/fault.ts";
import { decodeBase64 } from "../../model/wire/base64.ts";
import { toShared } from "./shared-bytes.ts";

/** A request body with its code taken out. */
export interface CodeBody {
  /** The rest as JSON; code that is no Base64 is in it, cut short. */
  readonly settings: string;
  /** The code, decoded, in memory that threads share; undefined where the body carries none that can be. */
  readonly code: Uint8Array<SharedArrayBuffer> | undefined;
}

type Members = Record<string, unknown>;

const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** What is kept of code that is no Base64: enough to be refused as such. */
const SHOWN = 64;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What makes a text differ from its bytes, and the line ends that JSON does not allow in one; of Base64 none is part. */
const SPECIAL = [BACKSLASH, 0x0a, 0x0d, 0x09];

/** The value of a JSON body. Throws what Node says of a text that is none. */
export function parseBody(body: Buffer): unknown {
  // Archives come as Base64, which is text of one byte a character: read so it takes a tenth of the time.
  return JSON.parse(isAscii(body) ? body.toString("latin1") : UTF8.decode(body));
}

/**
 * Takes the code out of a body, or says what is wrong with it. The code is never parsed as JSON, and all else only where it is
 * short: reading JSON of many megabytes can take minutes and gigabytes.
 * @param settingsBytes the most that the rest may have
 */
export function splitBody(body: Buffer, settingsBytes: number): CodeBody | Fault {
  const long = longTextIn(body, settingsBytes);
  const short = long === undefined ? body : long.without;
  // Code that is no longer than the rest may be is still in there.
  if (short.length > settingsBytes * 2) return tooMuch(settingsBytes);
  // It is read once more by who asked for it, on the event loop.
  const bounds = checkTextBounds(short);
  if (bounds !== undefined) return bounds;
  try {
    const value = parseBody(short);
    const place = placeOfCode(value);
    if (long !== undefined && place?.holder[place.name] !== long.mark) return tooMuch(settingsBytes);
    const code = place && take(place, long && textOf(long.bytes));
    const settings = JSON.stringify(value);
    return Buffer.byteLength(settings) <= settingsBytes ? { settings, code } : tooMuch(settingsBytes);
  } catch (error) {
    const rule = `is not JSON in UTF-8: ${(error as Error).message}`;
    return { property: "body", rule, fix: "Send one JSON object.", code: "FSS.0400" };
  }
}

function tooMuch(settingsBytes: number): Fault {
  return {
    property: "body",
    rule: `has more than ${settingsBytes} bytes beside the code`,
    fix: "Send less.",
    code: "FSS.0413",
  };
}

/** A text that makes a body large. */
interface LongText {
  /** What stands between its quotes. */
  readonly bytes: Buffer;
  /** The body with a mark in its place. */
  readonly without: Buffer;
  readonly mark: string;
}

/** The first text of more than `bytes` bytes, where it begins early enough for the rest to be short, and does not go on after a quote, as no code does. */
function longTextIn(body: Buffer, bytes: number): LongText | undefined {
  let start = body.indexOf(QUOTE) + 1;
  while (start > 0 && start <= bytes * 2) {
    let end = quoteIn(body, start);
    while (end - start <= bytes && isEscaped(body, end)) end = quoteIn(body, end + 1);
    if (end - start > bytes) return isEscaped(body, end) ? undefined : without(body, start, end);
    start = body.indexOf(QUOTE, end + 1) + 1;
  }
  return undefined;
}

/** Where the next quote is; the end of a body that has none. */
function quoteIn(body: Buffer, at: number): number {
  const found = body.indexOf(QUOTE, at);
  return found < 0 ? body.length : found;
}

function without(body: Buffer, start: number, end: number): LongText {
  // Nobody else can have put it into the body.
  const mark = randomUUID();
  const parts = [body.subarray(0, start), Buffer.from(mark), body.subarray(end)];
  return { bytes: body.subarray(start, end), without: Buffer.concat(parts), mark };
}

/** Whether a quote is part of the text. */
function isEscaped(body: Buffer, quote: number): boolean {
  if (quote >= body.length) return false;
  let first = quote;
  while (body[first - 1] === BACKSLASH) first--;
  return (quote - first) % 2 === 1;
}

/** What a text of JSON stands for. Throws where it has what none may have. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("latin1");
  return SPECIAL.some((byte) => bytes.includes(byte)) ? (JSON.parse(`"${text}"`) as string) : text;
}

/** The value of a body that was split, with its code as bytes. */
export function joinBody({ settings, code }: CodeBody): unknown {
  const value: unknown = JSON.parse(settings);
  const place = code && placeOfCode(value);
  if (place) place.holder[place.name] = code;
  return value;
}

interface Place {
  readonly holder: Members;
  readonly name: string;
}

/** Where a body carries code as text, by all operations that do. */
function placeOfCode(body: unknown): Place | undefined {
  if (!isMembers(body)) return undefined;
  const inner = body["func_code"];
  if (isMembers(inner) && typeof inner["file"] === "string") return { holder: inner, name: "file" };
  const name = ["file_code", "depend_file"].find((one) => typeof body[one] === "string");
  return name === undefined ? undefined : { holder: body, name };
}

function take(
  { holder, name }: Place,
  text = String(holder[name]),
): Uint8Array<SharedArrayBuffer> | undefined {
  const code = decodeBase64(text);
  holder[name] = code === undefined ? `${text.slice(0, SHOWN)}…` : "";
  return code && toShared(code);
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
