import { CONNECTION_HEADERS } from "../link/http-headers.ts";

/** What an HTTP function result asks for. */
export interface HttpResult {
  readonly status: number;
  /** Names and values in turn, ready for writeHead. */
  readonly headers: string[];
  readonly body: string | Buffer;
}

/** Headers that the gateway sets itself: those of one connection, the length and the date. */
const OWN = new Set([...CONNECTION_HEADERS, "date", "x-cff-request-id"]);
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for.
const BAD_VALUE = /[^\t\u0020-\u007e\u0080-\u00ff]/;

/**
 * Reads a result by the rule of HTTP triggers (guide 3.5.3, FAQ 4.11): `statusCode`, `headers`, `body` and
 * `isBase64Encoded`, all of them.
 * @returns the reply, or a sentence that says what is wrong with the result
 */
export function readHttpResult(payload: Buffer): HttpResult | string {
  let result: unknown;
  try {
    result = JSON.parse(payload.toString());
  } catch {
    return teach(["it is text, not an object"]);
  }
  if (typeof result !== "object" || result === null || Array.isArray(result))
    return teach([
      `it is ${result === null ? "null" : Array.isArray(result) ? "a list" : `a ${typeof result}`}, not an object`,
    ]);
  const { statusCode, body, isBase64Encoded } = result as Record<string, unknown>;
  const headers = headersOf(result as Record<string, unknown>);
  if (
    !isStatus(statusCode) ||
    typeof body !== "string" ||
    typeof isBase64Encoded !== "boolean" ||
    !isMap(headers)
  )
    return teach(faultsOf(result as Record<string, unknown>));
  const list: string[] = [];
  for (const name in headers) {
    const fault = addHeader(list, name, headers[name]);
    if (fault !== undefined) return teach([fault]);
  }
  return { status: statusCode, headers: list, body: isBase64Encoded ? Buffer.from(body, "base64") : body };
}

/** The headers of a result; null, which is what Go makes of a map that was never filled, means none. */
function headersOf({ headers }: Record<string, unknown>): unknown {
  return headers === null ? {} : headers;
}

function isStatus(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Appends a header; a list of values becomes one header each. */
function addHeader(list: string[], name: string, value: unknown): string | undefined {
  if (!NAME.test(name))
    return `the header name ${JSON.stringify(name)} has characters that HTTP does not allow`;
  if (OWN.has(name.toLowerCase())) return undefined;
  for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
    const text = typeof one === "number" || typeof one === "boolean" ? String(one) : one;
    if (typeof text !== "string") return `the header ${name} is not text`;
    if (BAD_VALUE.test(text))
      return `the value of the header ${name} has characters that HTTP does not allow (line breaks or beyond Latin-1)`;
    list.push(name, text);
  }
  return undefined;
}

function faultsOf(result: Record<string, unknown>): string[] {
  const faults: string[] = [];
  const { statusCode, body, isBase64Encoded } = result;
  const headers = headersOf(result);
  if (!isStatus(statusCode))
    faults.push(`statusCode is ${shown(statusCode)}, it must be a whole number from 200 to 599`);
  if (!isMap(headers)) faults.push(`headers is ${shown(headers)}, it must be an object of names and values`);
  if (typeof body !== "string") faults.push(`body is ${shown(body)}, it must be text`);
  if (typeof isBase64Encoded !== "boolean")
    faults.push(`isBase64Encoded is ${shown(isBase64Encoded)}, it must be true or false`);
  return faults;
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function teach(faults: readonly string[]): string {
  return `The function's result cannot be sent as an HTTP response: ${faults.join("; ")}. Return {"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "text", "isBase64Encoded": false}.`;
}
