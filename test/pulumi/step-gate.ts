import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** A call of the platform that is waited for. */
export interface Step {
  readonly method: string;
  readonly path: RegExp;
  /** Whether the call is held before the platform hears of it, or after it has answered. */
  readonly when: "before" | "after";
}

interface Waiting {
  readonly step: Step;
  readonly reached: (release: () => void) => void;
}

/** Stands between a provider and a real platform, passes everything on, and holds one call of a kind when asked to. */
export class StepGate implements AsyncDisposable {
  readonly endpoint: string;
  readonly #server: Server;
  #waiting: Waiting | undefined;

  private constructor(server: Server, platform: { readonly endpoint: string }) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (call: IncomingMessage, reply: ServerResponse) => {
      void this.#pass(call, reply, platform.endpoint);
    });
  }

  static async open(platform: { readonly endpoint: string }): Promise<StepGate> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new StepGate(server, platform);
  }

  /** Resolves when the next such call is held, with what lets it go on. */
  next(step: Step): Promise<() => void> {
    return new Promise((resolve) => {
      this.#waiting = { step, reached: resolve };
    });
  }

  async #pass(call: IncomingMessage, reply: ServerResponse, endpoint: string): Promise<void> {
    const body = Buffer.concat(await call.toArray());
    const held = this.#take(call);
    if (held?.step.when === "before") await holding(held);
    const url = new URL(call.url ?? "/", endpoint);
    // The signature covers the host that the caller named, so it stays as it is.
    const passed = request(url, { method: call.method, headers: call.headers, setHost: false });
    passed.end(body);
    const [answer] = (await once(passed, "response")) as [IncomingMessage];
    const chunks = (await answer.toArray()) as Buffer[];
    if (held?.step.when === "after") await holding(held);
    reply.writeHead(answer.statusCode ?? 500, answer.headers);
    reply.end(Buffer.concat(chunks));
  }

  #take(call: IncomingMessage): Waiting | undefined {
    const waiting = this.#waiting;
    if (waiting === undefined || call.method !== waiting.step.method) return undefined;
    if (!waiting.step.path.test((call.url ?? "").split("?")[0] ?? "")) return undefined;
    this.#waiting = undefined;
    return waiting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function holding(waiting: Waiting): Promise<void> {
  return new Promise((resolve) => waiting.reached(resolve));
}
