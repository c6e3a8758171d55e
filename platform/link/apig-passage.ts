import type { Call } from "./call.ts";
import type { Ending, Passage, ResponseHead } from "./passage.ts";
import { passedOn } from "./http-headers.ts";

const METHOD = /^[A-Z]{1,20}$/;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const BAD_VALUE = /[\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]/;

/**
 * The request that an APIG event describes (guide 2.4.1, step 6): how an HTTP function is called through the invocation API. The result is
 * `{statusCode, headers: {name: [values]}, body, isBase64Encoded: true}`.
 * @returns a text when the event describes no request
 */
export function apigPassage(call: Call): Passage | string {
  const event = readEvent(call.event);
  if (typeof event === "string") return teach(event);
  const { httpMethod = "GET", path = "/", body = "", isBase64Encoded = false } = event;
  if (typeof httpMethod !== "string" || !METHOD.test(httpMethod))
    return teach("httpMethod is no HTTP method");
  if (typeof path !== "string" || !path.startsWith("/")) return teach("path must begin with a slash");
  if (typeof body !== "string") return teach("body must be text");
  const headers = readHeaders(event["headers"]);
  if (typeof headers === "string") return teach(headers);
  const bytes = Buffer.from(body, isBase64Encoded === true ? "base64" : "utf8");
  return new ApigPassage({
    method: httpMethod,
    path: encodePath(path) + readQuery(event["queryStringParameters"]),
    headers,
    content: bytes.length === 0 ? undefined : bytes,
  });
}

type Described = Pick<Passage, "method" | "path" | "headers"> & { readonly content: Buffer | undefined };

class ApigPassage implements Passage {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly string[];
  readonly content: Buffer | undefined;
  readonly upgrade = false;
  readonly callerLags = false;
  readonly #chunks: Buffer[] = [];
  #head: ResponseHead = { status: 200, headers: [], length: undefined };

  constructor({ method, path, headers, content }: Described) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.content = content;
  }

  begin(): void {
    // Nothing is needed of the flight: the response is read as fast as it comes.
  }

  head(head: ResponseHead): void {
    this.#head = head;
  }

  data(chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  end(): Ending {
    const headers: Record<string, string[]> = {};
    const { headers: list, status } = this.#head;
    for (let at = 0; at + 1 < list.length; at += 2) (headers[list[at] ?? ""] ??= []).push(list[at + 1] ?? "");
    const body = Buffer.concat(this.#chunks).toString("base64");
    return Buffer.from(JSON.stringify({ statusCode: status, headers, body, isBase64Encoded: true }));
  }

  upgraded(): void {
    // Never asked for.
  }
}

function readEvent(event: Buffer): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(event.toString());
  } catch {
    return "it is not JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "it is no object";
  return value as Record<string, unknown>;
}

function readHeaders(given: unknown): string[] | string {
  if (given === undefined || given === null) return [];
  if (typeof given !== "object" || Array.isArray(given)) return "headers must be an object";
  const list: string[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!NAME.test(name)) return `the header name ${JSON.stringify(name)} is not allowed in HTTP`;
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof one !== "string" || BAD_VALUE.test(one)) return `the header ${name} is not allowed in HTTP`;
      list.push(name, one);
    }
  }
  return passedOn(list, (name) => name === "expect" || name.startsWith("x-cff-"));
}

function readQuery(given: unknown): string {
  if (typeof given !== "object" || given === null) return "";
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given))
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) query.append(name, String(one));
  return query.size === 0 ? "" : `?${query.toString()}`;
}

/** What may not stand in a request line is escaped; what is escaped stays as it is. */
function encodePath(path: string): string {
  return path.replaceAll(/[^!-~]|[?#]/gu, (char) => encodeURIComponent(char));
}

function teach(fault: string): string {
  return `an HTTP function is called with an APIG event, and this is none: ${fault}. Send {"httpMethod": "GET", "path": "/", "headers": {}, "queryStringParameters": {}, "body": "", "isBase64Encoded": false}, or call it through its HTTP trigger.`;
}
