import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Driver, DriverInstance, Held, InstanceRequest } from "../driver.ts";
import type { AwaitLine } from "../machine/awaited-line.ts";
import type { OpenLine } from "../machine/line.ts";
import type { Surroundings } from "../surroundings.ts";
import type { DriverHostOptions } from "./driver-host.ts";
import type { Greeting, Made, SchedulerDuties, Welcome } from "./messages.ts";
import { openLine } from "./open-line.ts";
import { Peer } from "./peer.ts";

/** What the driver of one gateway is made with. */
interface GatewayTerms {
  readonly codeRoot: string;
  readonly openLine: OpenLine;
  /** For instances that connect by themselves, and may outlive this process. */
  readonly awaitLine: AwaitLine;
}

/** What a session needs of the host it is one of. */
interface SessionHost {
  /** Of functions, now. */
  readonly surroundings: Surroundings;
  /** Another gateway is there, and not about to go. */
  servesBeside(session: GatewaySession): boolean;
}

const RECOVER_MS = 15_000;
const RETIRED = "the scheduler that ran the instance was stopped";

/** Opens a driver for one gateway. */
export type OpenGatewayDriver = (terms: GatewayTerms) => Promise<Driver>;

/** One gateway as a scheduler sees it: a driver of its own, which ends with the connection. */
export class GatewaySession {
  readonly peer: Peer;
  /** Settles when nothing that was made for the gateway is left. */
  readonly over: Promise<void>;
  readonly #open: OpenGatewayDriver;
  readonly #recoverMs: number;
  readonly #problem: (error: unknown) => void;
  readonly #instances = new Map<string, DriverInstance>();
  readonly #host: SessionHost;
  #lines = "";
  #driver: Promise<Driver> | undefined;
  #opened: Driver | undefined;
  /** What nobody brought is still to be removed then. */
  #recovery: NodeJS.Timeout | undefined;
  #retiring = false;
  #left = false;
  #ending: Promise<void> | undefined;

  /** @param terms see DriverHostOptions */
  constructor(
    socket: Socket,
    terms: Pick<DriverHostOptions, "openDriver" | "recoverMs" | "problem">,
    host: SessionHost,
  ) {
    this.#open = terms.openDriver;
    this.#problem = terms.problem;
    this.#recoverMs = terms.recoverMs ?? RECOVER_MS;
    this.#host = host;
    this.peer = new Peer(socket, this.#duties());
    this.over = this.peer.gone.then(() => this.#end());
  }

  /**
   * Has the gateway let go of its instances: calls that run there end, and what comes next starts elsewhere. Settles when none is left, or
   * after the time.
   */
  async retire(graceMs: number): Promise<void> {
    this.#retiring = true;
    this.peer.tell("retire", undefined);
    const ends = [...this.#instances.values()].map(async (instance) => {
      // A generic one has nothing to end.
      const ending = await this.peer.ask<boolean>("end", instance.id).catch(() => false);
      await (ending ? instance.exited : instance.destroy());
    });
    await Promise.race([Promise.all(ends), delay(graceMs, undefined, { ref: false })]);
  }

  /** The gateway is there, and not about to go. */
  get stays(): boolean {
    return this.peer.open && !this.#left;
  }

  /** The surroundings are others now. A driver that is still being opened begins with them. */
  async arrange(): Promise<void> {
    await this.#opened?.arrange?.(this.#host.surroundings);
  }

  #duties(): SchedulerDuties {
    return {
      greet: (greeting) => this.#greet(greeting),
      create: (request) => this.#create(request),
      claim: ({ id, claim }) => this.#find(id).claim(claim),
      adopt: (held) => this.#adopt(held),
      settle: (id) => this.#instances.get(id)?.settle?.(),
      way: (id) => this.#find(id).way?.() ?? Promise.reject(new Error("the instance has no port")),
      usage: (id) => this.#find(id).usage(),
      pause: (id) => this.#find(id).pause(),
      resume: (id) => this.#find(id).resume(),
      destroy: async (id) => this.#instances.get(id)?.destroy(),
      expect: (runtime) => void this.#driver?.then((driver) => driver.expect?.(runtime)),
      leave: () => this.#leave(),
    };
  }

  async #greet({ lines, codeRoot }: Greeting): Promise<Welcome> {
    if (this.#driver !== undefined) throw new Error("a gateway greets once");
    this.#lines = lines;
    this.#driver = this.#open({ codeRoot, openLine: () => openLine(lines), awaitLine: this.#awaitLine });
    const driver = await this.#driver;
    this.#opened = driver;
    // Before anybody asks for an instance in them.
    await driver.arrange?.(this.#host.surroundings);
    const { capabilities } = driver;
    const adopts = driver.adopt !== undefined;
    const runtimes = await driver.runtimes();
    if (this.#ending === undefined)
      this.#recovery = setTimeout(() => void this.#recover(driver), adopts ? this.#recoverMs : 0).unref();
    return { capabilities, runtimes, adopts };
  }

  readonly #awaitLine: AwaitLine = async (folder) => {
    await this.peer.ask("listen", folder);
    return { name: this.peer.ask<string>("linked", folder), close: () => this.peer.tell("unlisten", folder) };
  };

  async #create(request: InstanceRequest): Promise<Made> {
    const driver = await this.#ready();
    const instance = await driver.create(request);
    // Whoever lets go of what it has takes on nothing more.
    if (!this.peer.open || this.#retiring) {
      await instance.destroy();
      throw new Error(this.#retiring ? RETIRED : "the gateway is gone");
    }
    const { token } = instance;
    this.#keep(instance);
    return { token, line: instance.line ?? (await this.#bridge(instance)) };
  }

  async #adopt(held: Held): Promise<boolean> {
    const driver = await this.#ready();
    const instance = this.#retiring ? undefined : await driver.adopt?.(held);
    if (instance === undefined) return false;
    if (this.peer.open) this.#keep(instance);
    else await instance.destroy();
    return true;
  }

  #keep(instance: DriverInstance): void {
    const { id } = instance;
    this.#instances.set(id, instance);
    instance.onOutput((chunk, stream) =>
      this.peer.tell("written", { id, stream, base64: chunk.toString("base64") }),
    );
    void this.#report(instance);
  }

  async #report(instance: DriverInstance): Promise<void> {
    const exit = await instance.exited;
    this.#instances.delete(instance.id);
    this.peer.tell("exited", { id: instance.id, exit: this.#retiring ? { ...exit, lost: RETIRED } : exit });
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

  async #recover(driver: Driver): Promise<void> {
    clearTimeout(this.#recovery);
    this.#recovery = undefined;
    await driver.recover().catch(this.#problem);
  }

  /** In good order; one whose connection was cut may be back in a moment. */
  async #leave(): Promise<void> {
    this.#left = true;
    // Where no other gateway is there nobody brings anything any more.
    if (this.#recovery !== undefined && !this.#host.servesBeside(this))
      await this.#recover(await this.#ready());
    await this.#end();
  }

  /** Whoever asks again waits for the same end. */
  #end(): Promise<void> {
    return (this.#ending ??= this.#close());
  }

  async #close(): Promise<void> {
    clearTimeout(this.#recovery);
    // One that did not open left nothing.
    const driver = await this.#driver?.catch(() => undefined);
    await driver?.close();
  }
}
