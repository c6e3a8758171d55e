import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { env } from "node:process";
import type {
  Capabilities,
  Driver,
  DriverInstance,
  Held,
  InstanceRequest,
  RuntimeAvailability,
} from "../driver.ts";
import type { AwaitLine } from "../machine/awaited-line.ts";
import { MemoryWatch } from "../machine/memory-watch.ts";
import { ownerLives } from "../machine/owner.ts";
import { RunFolder } from "../machine/run-folder.ts";
import { inForce, type Surroundings, UnmadeError } from "../surroundings.ts";
import { adoptInstance } from "./adoption.ts";
import { Cleanup } from "./cleanup.ts";
import { LABEL } from "./container-plan.ts";
import type { DockerInstance } from "./docker-instance.ts";
import { Engine } from "./engine.ts";
import { capabilitiesOf, checkEngine, seesInside, type EngineFacts } from "./engine-facts.ts";
import { fontVolume } from "./fonts.ts";
import { HostPaths } from "./host-paths.ts";
import { Images, imageRepository } from "./images.ts";
import { makeImageInstance, makeRuntimeInstance, type Ground } from "./instance-maker.ts";
import { FunctionNetwork } from "./network.ts";
import { removeOrphans } from "./orphans.ts";
import { Preparations } from "./preparation.ts";
import { Seats } from "./vpc/seats.ts";
import { Vpcs } from "./vpc/vpcs.ts";

export interface DockerDriverOptions {
  /** Folder for sockets and code of running instances; only one platform at a time uses it. */
  readonly runDir: string;
  /** The engine, as in DOCKER_HOST. Default: DOCKER_HOST, else `unix:///var/run/docker.sock`. */
  readonly host?: string;
  /** First part of the names of runtime images. Default: FUNGRAPH_IMAGES, else `fungraph`. */
  readonly repository?: string;
  /** Label of all that it makes, for whoever has declared the platform to find it. Default: FUNGRAPH_STACK, else none. */
  readonly stack?: string;
  /** Has another process listen for the links of instances. Default: this process has their ends. */
  readonly awaitLine?: AwaitLine;
  /** Name of a platform of several drivers, for whose VPCs a keeper of their own cares. Default: this driver keeps them. */
  readonly platform?: string;
}

/** What a driver is made of beside its ground. */
interface Parts {
  readonly facts: EngineFacts;
  readonly home: string;
  readonly vpcs: Vpcs | undefined;
}

/** Runs instances as containers of the Docker Engine on this machine. */
export class DockerDriver implements Driver {
  readonly name = "docker";
  readonly capabilities: Capabilities;
  readonly #ground: Ground;
  readonly #network: FunctionNetwork;
  readonly #home: string;
  /** Undefined: another keeps them. */
  readonly #vpcs: Vpcs | undefined;
  readonly #instances = new Map<string, Promise<DockerInstance>>();
  #closed = false;

  private constructor(ground: Ground, network: FunctionNetwork, parts: Parts) {
    this.#ground = ground;
    this.#network = network;
    this.#home = parts.home;
    this.#vpcs = parts.vpcs;
    this.capabilities = capabilitiesOf(parts.facts, {
      inside: ground.seesInside,
      closed: network.machineClosed,
      fonts: ground.fonts !== undefined,
    });
  }

  /** Looks at the engine and makes the functions' network. Rejects with a sentence when there is no engine that can do it, and leaves nothing then. */
  static async open(options: DockerDriverOptions): Promise<DockerDriver> {
    const engine = new Engine(options.host);
    const cleanup = new Cleanup(async () => engine.close());
    try {
      return await DockerDriver.#open(engine, options, cleanup);
    } catch (error) {
      await cleanup.run();
      throw error;
    }
  }

  static async #open(engine: Engine, options: DockerDriverOptions, cleanup: Cleanup): Promise<DockerDriver> {
    const facts = await engine.ask<EngineFacts>({ method: "GET", path: "/info" });
    checkEngine(facts);
    const { stack = env["FUNGRAPH_STACK"], platform } = options;
    const images = new Images(engine, options.repository ?? imageRepository());
    const paths = await HostPaths.open(engine);
    const folder = new RunFolder(options.runDir);
    cleanup.add(() => folder.close());
    const home = homeName(paths.onHost(realpathSync(options.runDir)));
    const labels = {
      [LABEL.home]: home,
      [LABEL.owner]: folder.name,
      ...(stack !== undefined && { [LABEL.stack]: stack }),
    };
    const fonts = await fontVolume(engine, await images.ofFonts(), labels);
    const network = await FunctionNetwork.create(engine, labels, folder.name);
    const ground: Ground = {
      engine,
      images,
      folder,
      paths,
      labels,
      fonts,
      preparations: new Preparations(engine, labels),
      awaitLine: options.awaitLine,
      watch: new MemoryWatch(),
      network: network.name,
      seats: new Seats(engine, platform ?? home),
      fileSystems: new Map(),
      seesInside: seesInside(facts, paths),
    };
    const zones = join(dirname(realpathSync(options.runDir)), "zones");
    const vpcs =
      platform === undefined ? new Vpcs({ engine, images, paths, folder: zones, home, stack }) : undefined;
    return new DockerDriver(ground, network, { facts, home, vpcs });
  }

  runtimes(): Promise<readonly RuntimeAvailability[]> {
    return this.#ground.images.availability();
  }

  async create(request: InstanceRequest): Promise<DriverInstance> {
    if (this.#closed) throw new Error("the driver is closed");
    const { id, image } = request;
    const making =
      image === undefined
        ? makeRuntimeInstance(this.#ground, request)
        : makeImageInstance(this.#ground, request, image);
    return this.#keep(id, making);
  }

  async adopt(held: Held): Promise<DriverInstance | undefined> {
    if (this.#closed) throw new Error("the driver is closed");
    const found = await adoptInstance(this.#ground, held);
    return found && this.#keep(held.request.id, Promise.resolve(found));
  }

  async arrange(surroundings: Surroundings): Promise<void> {
    if (this.#closed) return;
    const { fileSystems: known, paths, seats } = this.#ground;
    known.clear();
    for (const { id, source } of surroundings.fileSystems)
      known.set(id, typeof source === "string" ? paths.onHost(source) : source);
    try {
      await this.#vpcs?.arrange(surroundings.vpcs);
      seats.know(surroundings.vpcs);
    } catch (error) {
      if (error instanceof UnmadeError) seats.know(inForce(surroundings, seats.plans, error).vpcs);
      throw error;
    }
  }

  async recover(): Promise<void> {
    const { engine, folder } = this.#ground;
    await removeOrphans(engine, this.#home, {
      lives: (owner) => ownerLives(owner.split(".", 1)[0] ?? ""),
      houses: (instance) => folder.houses(instance),
    });
    await folder.recover();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const made = await Promise.allSettled(this.#instances.values());
    const living = made.filter((one) => one.status === "fulfilled");
    await Promise.all(living.map(({ value }) => value.destroy()));
    const { watch, folder, engine, preparations } = this.#ground;
    watch.close();
    await preparations.settled();
    try {
      await this.#vpcs?.arrange([]);
      await this.#network.remove();
    } finally {
      await folder.close();
      engine.close();
    }
  }

  async #keep(id: string, making: Promise<DockerInstance>): Promise<DockerInstance> {
    this.#instances.set(id, making);
    try {
      const instance = await making;
      void instance.exited.then(() => this.#instances.delete(id));
      return instance;
    } catch (error) {
      this.#instances.delete(id);
      throw error;
    }
  }
}

function homeName(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}
