import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Exchange } from "./exchange.ts";
import { GatewayRequest } from "./gateway-request.ts";
import { NodeExchange } from "./node-exchange.ts";
import { PlainConnection, type PlainServer } from "./plain-connection.ts";
import type { ControlPlane } from "./ports.ts";
import { UpgradeExchange } from "./upgrade-exchange.ts";

// An import of node:http evaluates every export of it, a second HTTP client among them: 35 ms of each start.
const { createServer } = process.getBuiltinModule("node:http");

export interface FrontOptions {
  /** Serves a request of the data plane; returns false for one of the control plane. */
  readonly serve: (exchange: Exchange) => boolean;
  readonly controlPlane: ControlPlane;
  /** Open connections. */
  readonly connections: number;
  /** Seconds a caller may take to send the headers. */
  readonly headerSeconds: number;
  /** Seconds a caller may take to send the whole request. */
  readonly requestSeconds: number;
}

const KEEP_ALIVE_SECONDS = 65;
const SWEEP_MS = 1000;
/** Connections that may wait to be taken: bursts of callers come in one turn. The kernel may allow fewer. */
const BACKLOG = 4096;

/**
 * The listening port. A connection begins as a plain one (plain-connection.ts) and becomes one of Node's own HTTP server
 * with the first request that is not plain: large or slow bodies, rare headers, calls of the control plane.
 */
export class Front implements PlainServer {
  readonly #options: FrontOptions;
  readonly #server: Server<typeof GatewayRequest>;
  readonly #plain = new Set<PlainConnection>();
  /** Connections that became WebSockets, or asked to. */
  readonly #upgraded = new Set<Socket>();
  readonly #takeOver: (this: Server, socket: Socket) => void;
  readonly #sweeping: NodeJS.Timeout;
  #closing = false;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#server = createServer(
      {
        IncomingMessage: GatewayRequest,
        keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000,
        headersTimeout: options.headerSeconds * 1000,
        requestTimeout: options.requestSeconds * 1000,
        connectionsCheckingInterval: SWEEP_MS,
        noDelay: true,
        shouldUpgradeCallback: isHandshake,
      },
      (request, response) => this.#serve(request, response),
    );
    this.#server.maxConnections = options.connections;
    const [takeOver] = this.#server.listeners("connection");
    this.#takeOver = takeOver as (this: Server, socket: Socket) => void;
    this.#server.removeAllListeners("connection");
    this.#server.on("connection", (socket) => this.#plain.add(new PlainConnection(socket, this)));
    this.#server.on("upgrade", (request, socket, first) => this.#upgrade(request, socket as Socket, first));
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  /** @returns the port that was bound. Rejects when it cannot be. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port, host, backlog: BACKLOG }, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connection, and closes each after the reply that is due; after `rest` settled, all of them. */
  async close(rest: Promise<unknown>): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeIdleConnections();
    for (const connection of this.#plain) connection.close();
    await rest;
    clearInterval(this.#sweeping);
    // Replies that were just written get a moment to leave.
    setTimeout(() => {
      this.#server.closeAllConnections();
      for (const connection of this.#plain) connection.destroy();
      for (const socket of this.#upgraded) socket.destroy();
    }, 100);
    await closed;
  }

  get keepAliveSeconds(): number | undefined {
    return this.#closing ? undefined : KEEP_ALIVE_SECONDS;
  }

  serve(exchange: Exchange): boolean {
    return this.#options.serve(exchange);
  }

  handOver(socket: Socket): void {
    this.#takeOver.call(this.#server, socket);
  }

  left(connection: PlainConnection): void {
    this.#plain.delete(connection);
  }

  #serve(request: GatewayRequest, response: ServerResponse): void {
    if (this.#closing) response.setHeader("Connection", "close");
    if (!this.#options.serve(new NodeExchange(request, response)))
      this.#options.controlPlane(request, response);
  }

  #upgrade(request: IncomingMessage, socket: Socket, first: Buffer): void {
    this.#upgraded.add(socket);
    socket.once("close", () => this.#upgraded.delete(socket));
    const exchange = new UpgradeExchange(request, socket, first);
    if (!this.#options.serve(exchange)) exchange.send(NO_SOCKETS);
  }

  #sweep(): void {
    const now = performance.now();
    const before = now - KEEP_ALIVE_SECONDS * 1000;
    const firstBefore = now - this.#options.headerSeconds * 1000;
    for (const connection of this.#plain) connection.sweep(before, firstBefore);
  }
}

const NO_SOCKETS = {
  status: 400,
  headers: ["Content-Type", "application/json"],
  body: JSON.stringify({ error_code: "FSS.0400", error_msg: "The control plane speaks no WebSocket." }),
};

/** Other upgrades are not taken: the request is served as if it had not asked. */
function isHandshake({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}
