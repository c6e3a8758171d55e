import type { ForkServer } from "./fork-server.ts";
import type { Interpreter } from "./languages/language.ts";
import type { Sandbox } from "./sandbox.ts";

/** The fork servers of one platform: one for each interpreter in use that can be forked. */
export class ForkServers {
  readonly #make: (interpreter: Interpreter) => ForkServer;
  readonly #current = new Map<Interpreter, ForkServer>();
  readonly #all = new Set<ForkServer>();

  constructor(make: (interpreter: Interpreter) => ForkServer) {
    this.#make = make;
  }

  /** Starts the runtime of a sandbox, by a fork where one can be had. */
  start(interpreter: Interpreter, sandbox: Sandbox, token: string): void {
    const server = this.#current.get(interpreter);
    if (server === undefined) sandbox.run(token);
    else server.start(sandbox, token);
  }

  /** Sees to it that later starts find a server. */
  prepare(interpreter: Interpreter): void {
    if (interpreter.forks !== true) return;
    const server = this.#current.get(interpreter);
    if (server !== undefined && server.state !== "gone" && !server.worn) return;
    server?.retire();
    const fresh = this.#make(interpreter);
    this.#current.set(interpreter, fresh);
    this.#all.add(fresh);
    void fresh.gone.then(() => this.#all.delete(fresh));
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#all].map((server) => {
        server.kill();
        return server.gone;
      }),
    );
  }
}
