import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DriverInstance, InstanceRequest } from "../driver.ts";
import { connected, near } from "../machine/door.ts";
import type { LineHost } from "./line-host.ts";
import type { GatewayDuties, Greeting, Made, Welcome } from "./messages.ts";
import { Peer, PeerGoneError, type Handlers } from "./peer.ts";
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
  /** Called each time it is gone, with the instances that may have outlived it. */
  readonly left: (instances: readonly RemoteInstance[]) => void;
}

/** One scheduler, as a gateway sees it: connects, and connects again. */
export class Place {
  readonly path: string;
  readonly #ground: PlaceGround;
  readonly #instances = new Map<string, RemoteInstance>();
  readonly #ended = new AbortController();
  #peer: Peer | undefined;
  #adopts = false;
  /** It is about to end. */
  #retiring = false;
  #connecting: Promise<void> = Promise.resolve();

  /** @param path of the scheduler's socket */
  constructor(path: string, ground: PlaceGround) {
    this.path = path;
    this.#ground = ground;
    this.#connecting = this.#stay();
  }

  /** It takes orders. */
  get open(): boolean {
    return this.connected && !this.#retiring;
  }

  /** It runs what it runs. */
  get connected(): boolean {
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
    const instance = new RemoteInstance(request, peer);
    this.#keep(instance);
    try {
      const made = await peer.ask<Made>("create", request);
      instance.made(made, made.line === undefined ? undefined : await this.#ground.lines.take(made.line));
      return instance;
    } catch (error) {
      peer.tell("destroy", request.id);
      this.#instances.delete(request.id);
      // One that ends starts nothing more; another one does.
      if (this.#retiring) throw new PeerGoneError("the scheduler ends", { cause: error });
      throw error;
    }
  }

  /** Has the scheduler take over an instance whose own is gone. Resolves to false when it cannot. */
  async adopt(instance: RemoteInstance): Promise<boolean> {
    const { held } = instance;
    const peer = this.#peer;
    if (peer === undefined || !this.#adopts || held === undefined) return false;
    this.#keep(instance);
    const taken = await peer.ask<boolean>("adopt", held).catch(() => false);
    if (taken) instance.movedTo(peer);
    else this.#instances.delete(instance.id);
    return taken;
  }

  expect(runtime: string): void {
    this.#peer?.tell("expect", runtime);
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
      this.#ground.left(this.#bereave());
      await delay(RETRY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** The instances that may have outlived the scheduler; the others are lost. */
  #bereave(): RemoteInstance[] {
    const left = [...this.#instances.values()];
    this.#instances.clear();
    if (this.#adopts) return left;
    for (const one of left) one.orphaned();
    return [];
  }

  #keep(instance: RemoteInstance): void {
    this.#instances.set(instance.id, instance);
    void instance.exited.then(() => this.#instances.delete(instance.id));
  }

  /** Settles when the connection has ended. */
  async #visit(): Promise<void> {
    const { lines } = this.#ground;
    const folders = new Set<string>();
    const own: GatewayDuties = {
      listen: (folder) => {
        folders.add(folder);
        return lines.listen(folder);
      },
      linked: (folder) => lines.linked(folder),
      unlisten: (folder) => {
        folders.delete(folder);
        lines.unlisten(folder);
      },
      written: ({ id, stream, base64 }) =>
        this.#instances.get(id)?.written(Buffer.from(base64, "base64"), stream),
      retire: () => (this.#retiring = true),
      exited: ({ id, exit }) => this.#instances.get(id)?.ended(exit),
    };
    const { greeting, duties, came } = this.#ground;
    const peer = new Peer(await connected(connect(near(this.path))), { ...own, ...duties });
    try {
      const said = await peer.ask<Welcome>("greet", greeting);
      if (this.#ended.signal.aborted) return;
      this.#peer = peer;
      this.#retiring = false;
      this.#adopts = said.adopts;
      came(this, said);
      await peer.gone;
    } finally {
      peer.close();
      // Who has not connected by now was made for nobody.
      for (const folder of folders) lines.unlisten(folder);
    }
  }
}
