import { request, type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { sign } from "../../model/signature.ts";
import type { Stack } from "./stack.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
}

interface Asked {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
}

/** One HTTP request over a real socket. */
export function ask(url: string, { method = "GET", headers = {}, body, agent }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ...(agent && { agent }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: bytes.toString(),
          bytes,
        });
      });
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

interface Invoked {
  readonly headers?: Record<string, string>;
  /** Signed with this secret instead of the right one. */
  readonly secretKey?: string;
  readonly asynchronous?: boolean;
  /** Last part of the path, where it is another one. */
  readonly call?: string;
  readonly signed?: boolean;
  readonly agent?: Agent;
}

/** A signed invocation of a URN. */
export function invoke(
  stack: Stack,
  urn: string,
  event: string | Buffer,
  options: Invoked = {},
): Promise<Answer> {
  const { projectId, accessKey, secretKey } = stack.credential;
  const { call = options.asynchronous === true ? "invocations-async" : "invocations" } = options;
  const path = `/v2/${projectId}/fgs/functions/${urn}/${call}`;
  const headers: Record<string, string> = {
    host: `127.0.0.1:${stack.port}`,
    "content-type": "application/json",
    ...Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
  const signature = sign(
    { method: "POST", path, query: "", headers, body: event },
    { accessKey, secretKey: options.secretKey ?? secretKey },
  );
  const all = options.signed === false ? headers : { ...headers, ...signature };
  const agent = options.agent === undefined ? {} : { agent: options.agent };
  return ask(stack.origin + path, { method: "POST", headers: all, body: event, ...agent });
}

/** Sends raw bytes and gives back all that comes until the peer closes or `until` is seen. */
export function exchange(port: number, text: string, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let got = "";
    socket.on("data", (chunk) => {
      got += chunk.toString();
      if (until?.test(got) === true) socket.destroy();
    });
    socket.on("close", () => resolve(got));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET") reject(error);
    });
  });
}

/** The FunctionGraph code in an error body. */
export function codeOf(answer: Answer): string {
  return (JSON.parse(answer.body) as { error_code: string }).error_code;
}

/** Waits until `test` holds; the test's own time limit ends a wait in vain. */
export async function eventually(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await new Promise((resolve) => setTimeout(resolve, 10));
}
