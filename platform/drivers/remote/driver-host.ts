import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { near } from "../machine/door.ts";
import type { Surroundings } from "../surroundings.ts";
import { GatewaySession, type OpenGatewayDriver } from "./gateway-session.ts";
import type { Peer } from "./peer.ts";

export interface DriverHostOptions {
  /** Of the socket that gateways connect to, in a folder that only the platform's user enters. */
  readonly path: string;
  readonly openDriver: OpenGatewayDriver;
  /**
   * Within this time gateways bring the instances that they still use of a scheduler that was killed; then what nobody brought is removed.
   * Default 15,000.
   */
  readonly recoverMs?: number;
  /** Told what went wrong in the background. */
  readonly problem: (error: unknown) => void;
}

/** A scheduler's side of the remote driver: runs the instances of every gateway that connects. */
export class DriverHost {
  readonly #options: DriverHostOptions;
  readonly #server: Server;
  readonly #sessions = new Set<GatewaySession>();
  #surroundings: Surroundings = { vpcs: [], fileSystems: [] };

  private constructor(options: DriverHostOptions, server: Server) {
    this.#options = options;
    this.#server = server;
  }

  /** Listens. Rejects with the system's reason. */
  static async open(options: DriverHostOptions): Promise<DriverHost> {
    rmSync(options.path, { force: true });
    const server = createServer();
    const host = new DriverHost(options, server);
    server.on("connection", (socket) => {
      const session = new GatewaySession(socket, options, host);
      host.#sessions.add(session);
      void host.#follow(session);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(near(options.path), resolve);
    });
    chmodSync(options.path, 0o600);
    return host;
  }

  /** The gateways that are connected. */
  get gateways(): Peer[] {
    return [...this.#sessions].map(({ peer }) => peer).filter(({ open }) => open);
  }

  /** Whether another gateway is there, and not about to go. */
  servesBeside(session: GatewaySession): boolean {
    return [...this.#sessions].some((one) => one !== session && one.stays);
  }

  /** Of functions, now. */
  get surroundings(): Surroundings {
    return this.#surroundings;
  }

  /** These are the surroundings of functions from now on, for gateways that come too. */
  async arrange(surroundings: Surroundings): Promise<void> {
    this.#surroundings = surroundings;
    await Promise.all([...this.#sessions].map((session) => session.arrange()));
  }

  /** Ends every instance, and rejects then as the first did that could not be. @param graceMs time for the calls that run there; gateways start what comes next elsewhere */
  async close(graceMs = 0): Promise<void> {
    if (graceMs > 0) await Promise.all([...this.#sessions].map((session) => session.retire(graceMs)));
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    for (const { peer } of this.#sessions) peer.close();
    const ends = await Promise.allSettled([closed, ...[...this.#sessions].map(({ over }) => over)]);
    const failed = ends.find((end) => end.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #follow(session: GatewaySession): Promise<void> {
    await session.over.catch(this.#options.problem);
    this.#sessions.delete(session);
  }
}
