import { createHash } from "node:crypto";
import { readlinkSync, realpathSync } from "node:fs";
import { release } from "node:os";
import type {
  Capabilities,
  Driver,
  DriverInstance,
  InstanceRequest,
  RuntimeAvailability,
} from "../driver.ts";
import { MemoryWatch } from "../process/memory-watch.ts";
import { ownerLives } from "../process/owner.ts";
import { RunFolder } from "../process/run-folder.ts";
import { LABEL } from "./container-plan.ts";
import type { DockerInstance } from "./docker-instance.ts";
import { Engine } from "./engine.ts";
import { fontVolume } from "./fonts.ts";
import { HostPaths } from "./host-paths.ts";
import { Images, REPOSITORY } from "./images.ts";
import { makeImageInstance, makeRuntimeInstance, type Ground } from "./instance-maker.ts";
import { FunctionNetwork } from "./network.ts";
import { removeOrphans } from "./orphans.ts";

export interface DockerDriverOptions {
  /** Folder for sockets and code of running instances; only one platform at a time uses it. */
  readonly runDir: string;
  /** The engine, as in DOCKER_HOST. Default: DOCKER_HOST, else `unix:///var/run/docker.sock`. */
  readonly host?: string;
  /** First part of the names of runtime images. Default `fungraph`. */
  readonly repository?: string;
}

/** The machine's own: a number that the kernel never changes. */
const FIRST_PROCESS_NAMESPACE = "pid:[4026531836]";

/** What the engine says of itself. */
interface EngineInfo {
  readonly OSType: string;
  readonly Architecture: string;
  readonly KernelVersion: string;
  readonly SecurityOptions: readonly string[];
  readonly PidsLimit: boolean;
  readonly MemoryLimit: boolean;
}

/** Runs instances as containers of the Docker Engine on this machine. */
export class DockerDriver implements Driver {
  readonly name = "docker";
  readonly capabilities: Capabilities;
  readonly #ground: Ground;
  readonly #network: FunctionNetwork;
  readonly #home: string;
  readonly #instances = new Map<string, Promise<DockerInstance>>();
  #closed = false;

  private constructor(ground: Ground, network: FunctionNetwork, parts: { info: EngineInfo; home: string }) {
    this.#ground = ground;
    this.#network = network;
    this.#home = parts.home;
    this.capabilities = capabilitiesOf(parts.info, {
      inside: ground.seesInside,
      closed: network.machineClosed,
      fonts: ground.fonts !== undefined,
    });
  }

  /** Looks at the engine and makes the functions' network. Rejects with a sentence when there is no engine that can do it. */
  static async open(options: DockerDriverOptions): Promise<DockerDriver> {
    const engine = new Engine(options.host);
    const info = await engine.ask<EngineInfo>({ method: "GET", path: "/info" });
    checkEngine(info);
    const folder = new RunFolder(options.runDir);
    const paths = await HostPaths.open(engine);
    const home = homeName(paths.onHost(realpathSync(options.runDir)));
    const labels = { [LABEL.home]: home, [LABEL.owner]: folder.name };
    const network = await FunctionNetwork.create(engine, labels, folder.name);
    const images = new Images(engine, options.repository ?? REPOSITORY);
    const ground: Ground = {
      engine,
      images,
      folder,
      paths,
      labels,
      fonts: await fontVolume(engine, await images.ofFonts()),
      watch: new MemoryWatch(),
      network: network.name,
      seesInside: seesInside(info, paths),
    };
    return new DockerDriver(ground, network, { info, home });
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
        : makeImageInstance(this.#ground, id, image);
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

  async recover(): Promise<void> {
    await removeOrphans(this.#ground.engine, this.#home, (owner) => ownerLives(owner.split(".", 1)[0] ?? ""));
    await this.#ground.folder.recover();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const made = await Promise.allSettled(this.#instances.values());
    const living = made.filter((one) => one.status === "fulfilled");
    await Promise.all(living.map(({ value }) => value.destroy()));
    const { watch, folder, engine } = this.#ground;
    watch.close();
    await this.#network.remove();
    await folder.close();
    engine.close();
  }
}

/** @throws Error that says why functions cannot run there */
function checkEngine({ OSType, Architecture, MemoryLimit, PidsLimit }: EngineInfo): void {
  if (OSType !== "linux" || !["x86_64", "amd64"].includes(Architecture))
    throw new Error(
      `Functions run on linux/x86_64, and this Docker Engine is ${OSType}/${Architecture}. Set DOCKER_HOST to one that is.`,
    );
  if (!MemoryLimit || !PidsLimit)
    throw new Error(
      "This Docker Engine cannot limit memory or processes. Switch the memory and pids control groups on for its kernel.",
    );
}

/** This process sees all processes of the engine's machine; in a container of its own it counts them in another way, unless told to share. */
function seesInside({ KernelVersion }: EngineInfo, { inContainer }: HostPaths): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || release() !== KernelVersion) return false;
  return !inContainer || readlinkSync("/proc/self/ns/pid") === FIRST_PROCESS_NAMESPACE;
}

function homeName(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 16);
}

function capabilitiesOf(
  { SecurityOptions }: EngineInfo,
  { inside, closed, fonts }: { inside: boolean; closed: boolean; fonts: boolean },
): Capabilities {
  const seccomp = SecurityOptions.some((option) => option.startsWith("name=seccomp"));
  return {
    isolation: [
      "container of its own",
      "network without a way to other functions",
      "user without capabilities or a way to get some",
      "read-only code and system",
      "private /tmp with a size limit",
      "memory, CPU, process and file limits",
      ...(seccomp ? ["system call filter"] : []),
      ...(closed ? ["firewall before the machine's own ports"] : []),
    ],
    missing: [
      ...(seccomp
        ? []
        : ["system call filter: this Docker Engine was built without seccomp; use one that has it."]),
      ...(inside
        ? []
        : [
            "memory apart from /tmp: files in /tmp count as memory of the function. Run the platform as root on the engine's machine, in a container with its process namespace (--pid host).",
          ]),
      ...(closed
        ? []
        : [
            "firewall before the machine's own ports: functions reach what listens on all of its addresses. Run the platform as root on the engine's machine, with iptables installed.",
          ]),
      ...(fonts ? [] : ["Chinese fonts: they were not built. Run: fungraph images build fonts."]),
    ],
    canPause: true,
    limitsMemory: true,
  };
}
