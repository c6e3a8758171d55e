import type * as http from "node:http";

// An import of node:http evaluates every export of it, WebSocket among them, which loads a second HTTP client: 45 ms of
// each start.
const plain = process.getBuiltinModule("node:http");
const secure = process.getBuiltinModule("node:https");

/** One request as it goes over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Milliseconds until the whole answer must be there. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The connections to one server, kept open between requests. */
export class Connections {
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;

  constructor(endpoint: URL) {
    const { Agent, request } = endpoint.protocol === "https:" ? secure : plain;
    this.#agent = new Agent({ keepAlive: true });
    this.#request = request;
  }

  /** Sends one request; rejects when no whole answer came, whatever its status. */
  send(exchange: Exchange): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const limit = AbortSignal.timeout(exchange.timeoutMs);
      const signal = exchange.signal === undefined ? limit : AbortSignal.any([limit, exchange.signal]);
      const fail = (error: Error): void =>
        reject(limit.aborted ? new TimeoutError(exchange.timeoutMs) : error);
      const request = this.#request(exchange.url, {
        agent: this.#agent,
        method: exchange.method,
        headers: { ...exchange.headers, "content-length": String(exchange.body.length) },
        signal,
      });
      request.on("error", fail);
      request.on("response", (response) => {
        collect(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          fail,
        );
      });
      request.end(exchange.body);
    });
  }

  /** Closes what is open; requests under way fail. */
  close(): void {
    this.#agent.destroy();
  }
}

/** No whole answer came in time. */
class TimeoutError extends Error {
  override readonly name = "TimeoutError";
  readonly code = "ETIMEDOUT";

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
  }
}

async function collect(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
