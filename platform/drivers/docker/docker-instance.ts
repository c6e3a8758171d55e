import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Claim, DriverInstance, Exit, Usage, Way } from "../driver.ts";
import { connected } from "../machine/door.ts";
import type { MemoryWatch } from "../machine/memory-watch.ts";
import { linkTree } from "./code-folder.ts";
import type { Container } from "./container.ts";
import { INSIDE, renderLimits } from "./container-plan.ts";
import type { DoorFolder } from "./door-folder.ts";
import type { NetworkPlace } from "../surroundings.ts";
import type { Vitals } from "./vitals.ts";
import type { Seat } from "./vpc/seats.ts";

const MB = 1024 * 1024;
/** Where a container of a user's own image serves (guide 3.2.4). */
const PORT = 8000;
const NO_PORT = "the runtime has no port";

/** What an instance stands on. */
export interface InstanceParts {
  readonly id: string;
  readonly token: string;
  readonly container: Container;
  /** Undefined where the machine hides it. */
  readonly vitals: Vitals | undefined;
  readonly watch: MemoryWatch;
  /** Undefined for a container image. */
  readonly runtime: RuntimeParts | undefined;
  /** Address of the container on the functions' network. */
  readonly address: string;
  /** Its place in a VPC that it has from the start. */
  readonly seat: Seat | undefined;
  /** Set: it has its code already. */
  readonly claimed?: boolean;
  /** Called when everything the instance held is free. */
  readonly cleared: () => Promise<void>;
}

/** What an instance of a runtime has and one of a container image has not. */
interface RuntimeParts {
  /** Where this process has the platform's end of the link. */
  readonly stream: Duplex | undefined;
  /** Where another process has it: how it is known there. */
  readonly line?: string | undefined;
  /** A folder of the platform that the container sees. */
  readonly codeFolder: string;
  readonly doorFolder: DoorFolder;
  /** The code serves HTTP behind a door. */
  readonly door: boolean;
  /** Takes it out of the network that all share and into a VPC; never in both. */
  readonly move: (place: NetworkPlace) => Promise<Seat>;
}

/** An instance in a container of its own. */
export class DockerInstance implements DriverInstance {
  readonly id: string;
  readonly token: string;
  readonly stream: Duplex | undefined;
  readonly line: string | undefined;
  readonly exited: Promise<Exit>;
  readonly #parts: InstanceParts;
  #overMemory = false;
  #claimed: boolean;
  #seat: Seat | undefined;
  #gone = false;

  constructor(parts: InstanceParts) {
    this.#parts = parts;
    this.#seat = parts.seat;
    this.id = parts.id;
    this.token = parts.token;
    this.stream = parts.runtime?.stream;
    this.line = parts.runtime?.line;
    this.#claimed = parts.claimed ?? false;
    this.exited = this.#end();
  }

  async claim(claim: Claim): Promise<string> {
    const { runtime } = this.#parts;
    if (runtime === undefined) throw new Error("a container image brings its own code");
    if (this.#claimed) throw new Error("the instance has its code already");
    this.#claimed = true;
    // All at the same time: callers wait for this.
    await Promise.all([
      linkTree(claim.codeDir, runtime.codeFolder),
      runtime.doorFolder.seal(),
      this.guard(claim),
      this.#move(runtime, claim.network),
    ]);
    return INSIDE.code;
  }

  async #move(runtime: RuntimeParts, place: NetworkPlace | undefined): Promise<void> {
    if (place === undefined || this.#seat !== undefined) return;
    const seat = await runtime.move(place);
    if (this.#gone) seat.free();
    else this.#seat = seat;
  }

  /** Puts limits in force. Where the instance is in view /tmp is left out of its memory: the kernel's line leaves room, the watch draws the finer one. */
  async guard(limits: Pick<Claim, "memoryMb" | "cpuMillicores">): Promise<void> {
    const { vitals, container, watch } = this.#parts;
    const told = container.limit(renderLimits(limits, vitals !== undefined));
    if (vitals === undefined) return told;
    watch.add(this, limits.memoryMb * MB, () => {
      this.#overMemory = true;
      void this.destroy();
    });
    if (!vitals.limit(limits)) return told;
    // They are in force; the engine, which is slow, need only know of it.
    told.catch(() => this.destroy());
    return undefined;
  }

  async connect(): Promise<Socket> {
    const { runtime } = this.#parts;
    const way = await this.way();
    if ("port" in way) return connected(connect(way.port, way.host));
    if (runtime === undefined) throw new Error(NO_PORT);
    return runtime.doorFolder.connect();
  }

  // oxlint-disable-next-line typescript/require-await -- refusals become rejections, as the contract says
  async way(): Promise<Way> {
    const { runtime, address } = this.#parts;
    if (runtime === undefined) return { host: address, port: PORT };
    if (!runtime.door) throw new Error(NO_PORT);
    if (!this.#claimed) throw new Error("the instance was not claimed");
    return { folder: runtime.doorFolder.path };
  }

  onOutput(listener: (chunk: Buffer, stream: "stdout" | "stderr") => void): void {
    this.#parts.container.onOutput(listener);
  }

  usage(): Promise<Usage> {
    const { vitals, container } = this.#parts;
    return vitals?.usage() ?? container.usage();
  }

  pause(): Promise<void> {
    return this.#parts.container.pause();
  }

  resume(): Promise<void> {
    return this.#parts.container.resume();
  }

  async destroy(): Promise<void> {
    // An engine that does not answer has lost it already; otherwise it ends with its link, which the caller closes.
    await this.#parts.container.kill().catch(() => undefined);
    await this.exited;
  }

  async #end(): Promise<Exit> {
    const { container, vitals, watch, runtime, cleared } = this.#parts;
    const ending = await container.ended();
    watch.remove(this);
    const temporaryFull = (await vitals?.temporaryFull()) ?? false;
    runtime?.stream?.destroy();
    await Promise.all([vitals?.close(), runtime?.doorFolder.close()]);
    // What cannot be removed now, `recover` of the next start finds by its label and its place.
    await container.remove().catch(() => undefined);
    await cleared().catch(() => undefined);
    this.#gone = true;
    this.#seat?.free();
    return { ...ending, outOfMemory: ending.outOfMemory || this.#overMemory, temporaryFull };
  }
}
