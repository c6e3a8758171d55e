import { isAscii } from "node:buffer";
import { checkBounds } from "../../model/api/bounds.ts";
import type { Fault } from "../../model/fault.ts";
import { decodeBase64 } from "../../model/wire/base64.ts";

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

/** The value of a JSON body. Throws what Node says of a text that is none. */
export function parseBody(body: Buffer): unknown {
  // Archives come as Base64, which is text of one byte a character: read so it takes a tenth of the time.
  return JSON.parse(isAscii(body) ? body.toString("latin1") : UTF8.decode(body));
}

/** Takes the code out of a body, or says what is wrong with it. @param settingsBytes the most that the rest may have */
export function splitBody(body: Buffer, settingsBytes: number): CodeBody | Fault {
  let value: unknown;
  try {
    value = parseBody(body);
  } catch (error) {
    const rule = `is not JSON in UTF-8: ${(error as Error).message}`;
    return { property: "body", rule, fix: "Send one JSON object.", code: "FSS.0400" };
  }
  // Deeper values could not be written again.
  const bounds = checkBounds(value);
  if (bounds !== undefined) return bounds;
  const place = placeOfCode(value);
  const code = place && take(place);
  const settings = JSON.stringify(value);
  if (Buffer.byteLength(settings) <= settingsBytes) return { settings, code };
  return {
    property: "body",
    rule: `has more than ${settingsBytes} bytes beside the code`,
    fix: "Send less.",
    code: "FSS.0413",
  };
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

function take({ holder, name }: Place): Uint8Array<SharedArrayBuffer> | undefined {
  const text = String(holder[name]);
  const code = decodeBase64(text);
  holder[name] = code === undefined ? `${text.slice(0, SHOWN)}…` : "";
  if (code === undefined) return undefined;
  // It goes back and forth between the threads: a copy each time would be much to collect.
  const shared = new Uint8Array(new SharedArrayBuffer(code.length));
  shared.set(code);
  return shared;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
