import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { apiError } from "../../model/errors.ts";
import { connected } from "../drivers/machine/door.ts";
import type { ControlPlane } from "../gateway/ports.ts";
import type { Leadership } from "./leadership.ts";

// An import of node:http evaluates every export of it, a second HTTP client among them.
const { request: ask } = process.getBuiltinModule("node:http");

export interface ForwarderOptions {
  readonly leadership: Leadership;
  /** The control plane of this process, while it leads. */
  readonly own: () => ControlPlane | undefined;
}

/** Says that a request was passed on once: whoever gets it and does not lead refuses. */
const PASSED = "x-fungraph-passed";
/** The answer of one that does not lead, with which nothing has happened. */
const NOT_LEADING = "x-fungraph-not-leading";
/** Bodies up to this size can be sent again to the next leader. */
const KEPT_BYTES = 256 * 1024;
/** A new leader is there within this time, or none will be soon. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 100;
/** Headers that belong to one connection. */
const OWN_HEADERS: ReadonlySet<string> = new Set(["connection", "keep-alive", "expect", PASSED]);

const NOBODY =
  "No process leads the platform now, so its control plane does not answer. Start a scheduler, or try again in a few seconds.";
const LOST =
  "The process that leads the platform ended while it did this; it may or may not have happened. Look, and try again if it did not.";

/** Brings requests of the control plane to the process that leads: this one or another. They arrive as they came, signatures too. */
export class Forwarder {
  readonly #leadership: Leadership;
  readonly #own: () => ControlPlane | undefined;

  constructor({ leadership, own }: ForwarderOptions) {
    this.#leadership = leadership;
    this.#own = own;
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const own = this.#own();
    if (own !== undefined) own(request, response);
    else if (PASSED in request.headers) refuse(response.setHeader(NOT_LEADING, "1"), NOBODY);
    else
      this.#pass(request, response).catch(() => {
        if (response.headersSent) response.destroy();
        else refuse(response, LOST);
      });
  }

  /** Another leader is tried as long as nothing was sent to one, or what was sent can be sent again and had no effect. */
  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = isSmall(request) ? await buffer(request) : undefined;
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
      const socket = await this.#reach();
      if (socket === undefined) {
        await this.#leadership.changed(RETRY_MS);
        continue;
      }
      const answer = await send(request, body, socket);
      if (NOT_LEADING in answer.headers && body !== undefined) {
        answer.resume();
        await this.#leadership.changed(RETRY_MS);
        continue;
      }
      await giveBack(answer, response);
      return;
    }
    refuse(response, NOBODY);
  }

  async #reach(): Promise<Socket | undefined> {
    const { http } = this.#leadership.leader?.addresses ?? {};
    if (http === undefined) return undefined;
    const { hostname, port } = new URL(http);
    return connected(connect(Number(port), hostname.replace(/^\[|\]$/g, ""))).catch(() => undefined);
  }
}

function isSmall({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) <= KEPT_BYTES;
}

/** The head of the leader's answer. */
function send(request: IncomingMessage, body: Buffer | undefined, socket: Socket): Promise<IncomingMessage> {
  const { method, url: path } = request;
  const headers = [...kept(request.rawHeaders), PASSED, "1", "Connection", "close"];
  return new Promise((resolve, reject) => {
    const passed: ClientRequest = ask({ method, path, headers, createConnection: () => socket });
    passed.once("response", resolve).once("error", reject);
    if (body !== undefined) passed.end(body);
    else {
      request.once("close", () => {
        if (!request.complete) passed.destroy();
      });
      request.pipe(passed);
    }
  });
}

/** Settles when the caller has the whole answer, or is gone. Rejects when the leader is. */
function giveBack(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    response.writeHead(answer.statusCode ?? 500, kept(answer.rawHeaders));
    response.once("close", () => {
      answer.destroy();
      resolve();
    });
    answer.once("error", reject);
    answer.pipe(response);
  });
}

/** Name and value in turn. */
function kept(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => !OWN_HEADERS.has((rawHeaders[at - (at % 2)] ?? "").toLowerCase()));
}

function refuse(response: ServerResponse, message: string): void {
  const { status, ...body } = apiError("FSS.0503", message);
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
