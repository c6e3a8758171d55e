import type { KeyObject } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, formatFault } from "../model/fault.ts";
import { sign, signingKey } from "../model/signature.ts";
import { ApiError } from "./api-error.ts";
import { Connections, type Reply } from "./exchange.ts";
import { misread, refusal } from "./refusal.ts";
import { warningsIn } from "./warnings.ts";

/** Where a platform is and who calls it. */
export interface ClientOptions {
  /** Address of the platform, for example `http://127.0.0.1:8080`. */
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Milliseconds one try may take. Default 30000. */
  readonly timeoutMs?: number;
  /** Further tries of a call that may be repeated. Default 3. */
  readonly retries?: number;
  /** Milliseconds before the first further try; doubles with each. Default 100. */
  readonly backoffMs?: number;
  /** Hex digits that are left as a mark on whatever calls make, to know it again. Default none. */
  readonly owner?: string;
  /** Ends every call, for callers who are asked to stop. Default none. */
  readonly signal?: AbortSignal;
  /** Told each sentence that the platform warns with, of what it did all the same. Default: nobody is. */
  readonly warned?: (sentence: string) => void;
}

/** One call of the API. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path with its leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON; a Buffer is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Signs calls, sends them, and repeats those that may be repeated. */
export class Transport {
  readonly #options: Required<Omit<ClientOptions, "signal" | "owner" | "warned">> &
    Pick<ClientOptions, "signal" | "owner" | "warned">;
  readonly #endpoint: URL;
  readonly #secretKey: KeyObject;
  readonly #connections: Connections;

  /**
   * @param base another one to the same platform, whose connections are shared
   * @throws ApiError when the endpoint is not an http or https address
   */
  constructor(options: ClientOptions, base?: Transport) {
    this.#options = { timeoutMs: 30_000, retries: 3, backoffMs: 100, ...options };
    this.#endpoint = parseEndpoint(options.endpoint);
    this.#secretKey = base === undefined ? signingKey(options.secretKey) : base.#secretKey;
    this.#connections = base === undefined ? new Connections(this.#endpoint) : base.#connections;
  }

  /** The whole answer to one call; throws ApiError for any status but 2xx, and when no answer came. */
  async send(call: Call): Promise<Reply> {
    const { retries, backoffMs } = this.#options;
    for (let again = 0; ; again += 1) {
      try {
        return await this.#once(call);
      } catch (error) {
        if (again >= retries || !mayRepeat(call, error)) throw error;
      }
      // Half of the wait is left to chance, so that callers who failed together do not come back together.
      const wait = backoffMs * 2 ** again * (0.5 + Math.random() / 2);
      const signal = this.#signal(call);
      await sleep(wait, undefined, signal === undefined ? {} : { signal });
    }
  }

  /**
   * What `read` makes of the JSON of the answer; `read` gets undefined when there is no body.
   * Throws ApiError also for an answer that `read` finds faults in.
   */
  async json<T>(call: Call, read: (body: unknown) => T | Fault[]): Promise<T> {
    const reply = await this.send(call);
    const asked = `${call.method} ${call.path}`;
    const body = parse(reply.body);
    if (body === NOT_JSON) throw misread(asked, reply, "the answer is not JSON");
    const value = read(body);
    if (!Array.isArray(value)) return value;
    throw misread(asked, reply, `the answer is not one of this API: ${value.map(formatFault).join("; ")}`);
  }

  close(): void {
    this.#connections.close();
  }

  async #once(call: Call): Promise<Reply> {
    const url = this.#url(call);
    const body = encodeBody(call.body);
    const headers = this.#sign(call, url, body);
    const { timeoutMs = this.#options.timeoutMs } = call;
    const signal = this.#signal(call);
    const exchange = { method: call.method, url, headers, body, timeoutMs, ...(signal && { signal }) };
    const reply = await this.#connections.send(exchange).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw this.#unreachable(call, cause);
    });
    if (reply.status >= 200 && reply.status < 300) {
      this.#warn(reply);
      return reply;
    }
    throw refusal(`${call.method} ${call.path}`, reply);
  }

  #warn({ headers }: Reply): void {
    const { warned } = this.#options;
    if (warned !== undefined) for (const sentence of warningsIn(headers["warning"])) warned(sentence);
  }

  #signal(call: Call): AbortSignal | undefined {
    return call.signal ?? this.#options.signal;
  }

  #url(call: Call): URL {
    const url = new URL(this.#endpoint);
    url.pathname = url.pathname.replace(/\/$/, "") + call.path;
    for (const [name, value] of Object.entries(call.query ?? {}))
      if (value !== undefined) url.searchParams.append(name, String(value));
    return url;
  }

  #sign(call: Call, url: URL, body: Buffer): Record<string, string> {
    const { accessKey, owner } = this.#options;
    const headers = {
      host: url.host,
      "content-type": "application/json",
      ...(owner !== undefined && { "x-fungraph-owner": owner }),
      ...call.headers,
    };
    const request = {
      method: call.method,
      path: url.pathname,
      query: url.search.slice(1),
      headers,
      body,
    };
    return { ...headers, ...sign(request, { accessKey, secretKey: this.#secretKey }) };
  }

  #unreachable(call: Call, cause: unknown): ApiError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const { endpoint } = this.#options;
    return new ApiError(
      `${call.method} ${call.path}: the platform at ${endpoint} gave no answer: ${reason}. ` +
        "Check the address, and that the platform runs there (`fungraph platform start`).",
      { cause },
    );
  }
}

function parseEndpoint(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new ApiError(
    `endpoint: ${JSON.stringify(text)} is not an http or https address. Write it like "http://127.0.0.1:8080".`,
  );
}

function encodeBody(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body), "utf8");
}

/** What may come twice without harm, or surely did not come once. */
function mayRepeat(call: Call, error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const code = causeCode(error);
  if (call.method === "POST") return code === "ECONNREFUSED";
  if (error.status === 0) return code !== "ETIMEDOUT";
  return error.status === 429 || error.status === 503;
}

function causeCode(error: ApiError): unknown {
  return error.cause instanceof Error && "code" in error.cause ? error.cause.code : undefined;
}

const NOT_JSON = Symbol("not JSON");

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return NOT_JSON;
  }
}
