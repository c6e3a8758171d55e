import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DriverInstance, InstanceRequest } from "../driver.ts";
import { connected, near } from "../machine/door.ts";
import type { Surroundings } from "../surroundings.ts";
import type { LineHost } from "./line-host.ts";
import type { GatewayDuties, Greeting, Made, Welcome } from "./messages.ts";
import { Peer, type Handlers } from "./peer.ts";
import { RemoteInstance } from "./remote-instance.ts";

/** A scheduler that is gone or not there yet is tried again after this time. */
const RETRY_MS = 100;

/** What a place stands on. */
export interface PlaceGround {
  readonly greeting: Greeting;
  readonly lines: LineHost;
  /** What schedulers may ask of this gateway beside the driver's own. */
  readonly duties: Handlers;
  /** Called each time the scheduler is there (again). */
  readonly came: (place: Place, welcome: Welcome) => void;
  /** Called each time it is gone. */
  readonly left: () => void;
}

/** One scheduler, as a gateway sees it: connects, and connects again. */
export class Place {
  readonly path: string;
  readonly #ground: PlaceGround;
  readonly #instances = new Map<string, RemoteInstance>();
  readonly #ended = new AbortController();
  #peer: Peer | undefined;
  #connecting: Promise<void> = Promise.resolve();

  /** @param path of the scheduler's socket */
  constructor(path: string, ground: PlaceGround) {
    this.path = path;
    this.#ground = ground;
    this.#connecting = this.#stay();
  }

  /** It takes orders. */
  get open(): boolean {
    return this.#peer?.open === true;
  }

  /** Instances that it runs or starts for this gateway. */
  get load(): number {
    return this.#instances.size;
  }

  /** Rejects as the scheduler's driver does, and with PeerGoneError when the scheduler ends meanwhile. */
  async create(request: InstanceRequest): Promise<DriverInstance> {
    const peer = this.#peer;
    if (peer === undefined) throw new Error("the scheduler is not there");
    const instance = new RemoteInstance(request.id, peer);
    this.#instances.set(request.id, instance);
    void instance.exited.then(() => this.#instances.delete(request.id));
    try {
      const made = await peer.ask<Made>("create", request);
      instance.made(made, made.line === undefined ? undefined : await this.#ground.lines.take(made.line));
      return instance;
    } catch (error) {
      peer.tell("destroy", request.id);
      this.#instances.delete(request.id);
      throw error;
    }
  }

  expect(runtime: string): void {
    this.#peer?.tell("expect", runtime);
  }

  async arrange(surroundings: Surroundings): Promise<void> {
    await this.#peer?.ask("arrange", surroundings);
  }

  /** Ends every instance there. */
  async close(): Promise<void> {
    this.#ended.abort();
    await this.#peer?.ask("leave", undefined).catch(() => undefined);
    this.#peer?.close();
    await this.#connecting;
  }

  async #stay(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await this.#visit().catch(() => undefined);
      this.#peer = undefined;
      for (const one of this.#instances.values()) one.orphaned();
      this.#ground.left();
      await delay(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Settles when the connection has ended. */
  async #visit(): Promise<void> {
    const own: GatewayDuties = {
      written: ({ id, stream, base64 }) =>
        this.#instances.get(id)?.written(Buffer.from(base64, "base64"), stream),
      exited: ({ id, exit }) => this.#instances.get(id)?.ended(exit),
    };
    const { greeting, duties, came } = this.#ground;
    const peer = new Peer(await connected(connect(near(this.path))), { ...own, ...duties });
    try {
      const said = await peer.ask<Welcome>("greet", greeting);
      if (this.#ended.signal.aborted) return;
      this.#peer = peer;
      came(this, said);
      await peer.gone;
    } finally {
      peer.close();
    }
  }
}
