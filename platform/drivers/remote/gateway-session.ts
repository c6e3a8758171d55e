import type { Socket } from "node:net";
import type { Driver, DriverInstance, InstanceRequest } from "../driver.ts";
import type { OpenLine } from "../machine/line.ts";
import type { Greeting, Made, SchedulerDuties, Welcome } from "./messages.ts";
import { openLine } from "./open-line.ts";
import { Peer, type Handlers } from "./peer.ts";

/** What the driver of one gateway is made with. */
export interface GatewayTerms {
  readonly codeRoot: string;
  readonly openLine: OpenLine;
}

/** Opens a driver for one gateway. */
export type OpenGatewayDriver = (terms: GatewayTerms) => Promise<Driver>;

/** One gateway as a scheduler sees it: a driver of its own, which ends with the connection. */
export class GatewaySession {
  readonly peer: Peer;
  /** Settles when nothing that was made for the gateway is left. */
  readonly over: Promise<void>;
  readonly #open: OpenGatewayDriver;
  readonly #instances = new Map<string, DriverInstance>();
  #lines = "";
  #driver: Promise<Driver> | undefined;

  /** @param duties what else gateways may ask */
  constructor(socket: Socket, open: OpenGatewayDriver, duties: Handlers = {}) {
    this.#open = open;
    this.peer = new Peer(socket, { ...this.#duties(), ...duties });
    this.over = this.peer.gone.then(() => this.#end());
  }

  #duties(): SchedulerDuties {
    return {
      greet: (greeting) => this.#greet(greeting),
      create: (request) => this.#create(request),
      claim: ({ id, claim }) => this.#find(id).claim(claim),
      settle: (id) => this.#instances.get(id)?.settle?.(),
      way: (id) => this.#find(id).way?.() ?? Promise.reject(new Error("the instance has no port")),
      usage: (id) => this.#find(id).usage(),
      pause: (id) => this.#find(id).pause(),
      resume: (id) => this.#find(id).resume(),
      destroy: async (id) => this.#instances.get(id)?.destroy(),
      expect: (runtime) => void this.#driver?.then((driver) => driver.expect?.(runtime)),
      arrange: async (surroundings) => (await this.#ready()).arrange?.(surroundings),
      leave: () => this.#end(),
    };
  }

  async #greet({ lines, codeRoot }: Greeting): Promise<Welcome> {
    this.#lines = lines;
    this.#driver = this.#open({ codeRoot, openLine: () => openLine(lines) });
    const driver = await this.#driver;
    const { capabilities } = driver;
    return { capabilities, runtimes: await driver.runtimes(), arranges: driver.arrange !== undefined };
  }

  async #create(request: InstanceRequest): Promise<Made> {
    const driver = await this.#ready();
    const instance = await driver.create(request);
    if (!this.peer.open) {
      await instance.destroy();
      throw new Error("the gateway is gone");
    }
    const { id, token } = instance;
    this.#instances.set(id, instance);
    instance.onOutput((chunk, stream) =>
      this.peer.tell("written", { id, stream, base64: chunk.toString("base64") }),
    );
    void this.#report(instance);
    return { token, line: instance.line ?? (await this.#bridge(instance)) };
  }

  async #report(instance: DriverInstance): Promise<void> {
    const exit = await instance.exited;
    this.#instances.delete(instance.id);
    this.peer.tell("exited", { id: instance.id, exit });
  }

  /** A driver that cannot give streams away has them pass this process. */
  async #bridge({ stream }: DriverInstance): Promise<string | undefined> {
    if (stream === undefined) return undefined;
    const { name, socket } = await openLine(this.#lines);
    socket.on("close", () => stream.destroy());
    stream.on("close", () => socket.destroySoon());
    stream.on("error", () => socket.destroy());
    stream.pipe(socket).pipe(stream);
    return name;
  }

  #find(id: string): DriverInstance {
    const instance = this.#instances.get(id);
    if (instance === undefined) throw new Error("the instance is gone");
    return instance;
  }

  #ready(): Promise<Driver> {
    return this.#driver ?? Promise.reject(new Error("a gateway greets first"));
  }

  async #end(): Promise<void> {
    // One that did not open left nothing.
    const driver = await this.#driver?.catch(() => undefined);
    await driver?.close();
  }
}
