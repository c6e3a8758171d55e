import { once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

// An import of node:http evaluates every export of it, a second HTTP client among them: 35 ms of each start.
const { Agent, request } = process.getBuiltinModule("node:http");

/** The oldest engine that has all we ask for speaks this (Docker 20.10); newer ones still do. */
const VERSION = "/v1.41";
const DEFAULT_SOCKET = "/var/run/docker.sock";
/** Connections kept open between calls; more are made when more calls run. */
const KEPT_SOCKETS = 8;

/** What the engine refused, in its words. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  /** HTTP status: 404 no such thing, 409 conflict with its state, 5xx the engine's own trouble. */
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One question to the engine. */
export interface Question {
  readonly method: "GET" | "POST" | "DELETE";
  /** Without the version, with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a tar archive, instead of `json`. */
  readonly tar?: Readable;
}

/** A client of the Docker Engine API over its Unix socket. */
export class Engine {
  readonly socketPath: string;
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: KEPT_SOCKETS });

  /** @param host `unix:///path` as in DOCKER_HOST. Default: DOCKER_HOST, else `/var/run/docker.sock` */
  constructor(host = process.env["DOCKER_HOST"]) {
    this.socketPath = socketOf(host);
  }

  /** Asks and reads the JSON answer; undefined where the engine answers nothing. Rejects with EngineError. */
  async ask<T = undefined>(question: Question): Promise<T> {
    const text = (await this.bytes(question)).toString();
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** Asks and reads the answer as it is. Rejects with EngineError. */
  async bytes(question: Question): Promise<Buffer> {
    return buffer(await this.#send(question));
  }

  /** Asks for an answer that comes piece by piece: one JSON value a line. Rejects with EngineError. */
  async *follow<T>(question: Question): AsyncGenerator<T> {
    const response = await this.#send(question);
    let rest = "";
    for await (const chunk of response.setEncoding("utf8")) {
      const lines = (rest + (chunk as string)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield JSON.parse(line) as T;
    }
  }

  /** Takes over a connection for the output of a container; its first bytes may have come already. Rejects with EngineError. */
  async attach(container: string): Promise<{ readonly socket: Socket; readonly head: Buffer }> {
    const path = `/containers/${container}/attach?stream=1&stdout=1&stderr=1`;
    const sent = this.#open({ method: "POST", path }, { connection: "Upgrade", upgrade: "tcp" });
    sent.end();
    const refused = once(sent, "response").then(async ([response]) => refusal(response as IncomingMessage));
    const upgraded = once(sent, "upgrade").then(([, socket, head]) => ({
      socket: socket as Socket,
      head: head as Buffer,
    }));
    const first = await Promise.race([refused, upgraded]);
    if (first instanceof Error) throw first;
    return first;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(question: Question): Promise<IncomingMessage> {
    const { json, tar } = question;
    const type = tar === undefined ? "application/json" : "application/x-tar";
    const sent = this.#open(
      question,
      json === undefined && tar === undefined ? {} : { "content-type": type },
    );
    if (tar === undefined) sent.end(json === undefined ? undefined : JSON.stringify(json));
    else tar.on("error", (error) => sent.destroy(error)).pipe(sent);
    const [response] = (await once(sent, "response").catch((error: unknown) => {
      throw unreachable(this.socketPath, error as NodeJS.ErrnoException);
    })) as [IncomingMessage];
    if ((response.statusCode ?? 500) >= 400) throw await refusal(response);
    return response;
  }

  #open({ method, path }: Question, headers: Record<string, string>): ClientRequest {
    const { socketPath } = this;
    const agent = headers["upgrade"] === undefined ? this.#agent : false;
    return request({
      socketPath,
      method,
      path: VERSION + path,
      headers: { host: "docker", ...headers },
      agent,
    });
  }
}

function socketOf(host = `unix://${DEFAULT_SOCKET}`): string {
  if (host.startsWith("unix://")) return host.slice("unix://".length);
  throw new Error(
    `DOCKER_HOST is ${JSON.stringify(host)}; the platform shares folders with its containers and therefore needs an engine on its own machine. Use unix://${DEFAULT_SOCKET}.`,
  );
}

async function refusal(response: IncomingMessage): Promise<EngineError> {
  const text = (await buffer(response)).toString();
  return new EngineError(response.statusCode ?? 500, messageOf(text).trim());
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    // Not every error page is JSON; its text is what there is to tell.
    return text;
  }
}

function unreachable(path: string, error: NodeJS.ErrnoException): Error {
  const { code } = error;
  if (code === "ENOENT" || code === "ECONNREFUSED")
    return new Error(
      `No Docker Engine answers at ${path}. Start it, or set DOCKER_HOST to where it listens, for example unix:///run/user/1000/docker.sock.`,
      { cause: error },
    );
  if (code === "EACCES")
    return new Error(
      `This user may not use the Docker Engine at ${path}. Add the user to the group that owns the socket, or run as root.`,
      { cause: error },
    );
  return error;
}
