import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ControlPlane } from "../gateway/ports.ts";

const { createServer } = process.getBuiltinModule("node:http");

/** Callers have this long for headers and for a whole request. */
const HEADERS_MS = 20_000;
const REQUEST_MS = 120_000;
const CONNECTIONS = 10_000;

/** The HTTP server of a process that serves the control plane alone. */
export class MemberServer {
  readonly #server: Server;

  constructor(serve: ControlPlane) {
    const options = { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS };
    this.#server = createServer(options, (request, response) => serve(request, response));
    this.#server.maxConnections = CONNECTIONS;
  }

  /** @returns the port that was bound. Rejects when it cannot be. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Lets running requests end. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }
}
