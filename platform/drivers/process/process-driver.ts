import { randomBytes } from "node:crypto";
import { chmodSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type {
  Capabilities,
  Driver,
  DriverInstance,
  InstanceRequest,
  RuntimeAvailability,
} from "../driver.ts";
import { BareProcesses } from "./bare.ts";
import { Cgroups } from "../machine/cgroups.ts";
import type { Housing } from "./housing.ts";
import { Images } from "./images.ts";
import { documentedFolders } from "./interpreter-folders.ts";
import { Interpreters, NO_IMAGES } from "./interpreters.ts";
import type { OpenLine } from "../machine/line.ts";
import { ProcessInstance } from "./process-instance.ts";
import { RunFolder } from "../machine/run-folder.ts";
import { Sandboxes } from "./sandboxes.ts";

export interface ProcessDriverOptions {
  /** Folder for sockets, skeletons and temporary files of running instances. */
  readonly runDir: string;
  /** Folder that holds all unpacked code; `Claim.codeDir` must be below it. */
  readonly codeRoot: string;
  /** `auto` takes the best isolation this machine allows; `bare` asks for none. Defaults to `auto`. */
  readonly isolation?: "auto" | "bare";
  /** Makes the streams of instances whose other ends another process has. Defaults to streams of this process. */
  readonly openLine?: OpenLine | undefined;
}

const RUNTIME_IMAGES = fileURLToPath(new URL("../../../runtime-images", import.meta.url));
const GET_MORE =
  "Start the platform as root on Linux with util-linux and iproute2 installed, or use the docker target.";

/** Runs instances as processes of this machine, as isolated as the machine allows. */
export class ProcessDriver implements Driver {
  readonly name = "process";
  readonly #housing: Housing;
  readonly #folder: RunFolder;
  readonly #interpreters: Interpreters;
  readonly #images: Images;
  readonly #instances = new Map<string, ProcessInstance>();
  #closed = false;

  private constructor(housing: Housing, parts: Parts) {
    this.#housing = housing;
    this.#folder = parts.folder;
    this.#interpreters = parts.interpreters;
    this.#images = parts.images;
  }

  /** Looks at the machine and settles how instances are kept apart. Both folders must exist or be creatable. */
  static async open(options: ProcessDriverOptions): Promise<ProcessDriver> {
    const folder = new RunFolder(options.runDir);
    const images = new Images(RUNTIME_IMAGES, join(folder.path, "images"));
    const parts = { folder, images, interpreters: new Interpreters(), openLine: options.openLine };
    return new ProcessDriver(await settle(options, parts), parts);
  }

  get capabilities(): Capabilities {
    const { isolation, missing, canPause, limitsMemory } = this.#housing;
    return { isolation, missing, canPause, limitsMemory };
  }

  runtimes(): Promise<readonly RuntimeAvailability[]> {
    return this.#interpreters.availability();
  }

  expect(runtime: string): void {
    const prepared = async (): Promise<void> => {
      const interpreter = await this.#interpreters.find(runtime);
      if (this.#closed) return;
      await this.#images.prepare(interpreter);
      this.#housing.expect(interpreter);
    };
    prepared().catch(() => {
      // The first start tells.
    });
  }

  async create({ id, runtime, image, claim }: InstanceRequest): Promise<DriverInstance> {
    if (image !== undefined) throw new Error(NO_IMAGES);
    const interpreter = await this.#interpreters.find(runtime);
    await this.#images.prepare(interpreter);
    const token = randomBytes(16).toString("hex");
    const tenant = { id, interpreter, token, folder: this.#folder.add(id) };
    const cell = await this.#housing.start(tenant).catch(async (error: unknown) => {
      await this.#folder.remove(id);
      throw error;
    });
    const instance = new ProcessInstance(id, token, cell, async () => {
      this.#instances.delete(id);
      await this.#folder.remove(id);
    });
    this.#instances.set(id, instance);
    // While the program starts. A door must be there before it is closed, which the claim does.
    if (claim !== undefined && interpreter.door !== true)
      instance.claim(claim).catch(() => {
        // Whoever claims it is told.
      });
    await cell.spawned;
    this.#folder.lead(id, cell.child.pid ?? 0);
    return instance;
  }

  async recover(): Promise<void> {
    await this.#folder.recover();
    await this.#housing.recover();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#instances.values()].map((instance) => instance.destroy()));
    await this.#housing.close();
    await this.#images.close();
    await this.#folder.close();
  }
}

/** What every housing is made with. */
interface Parts {
  readonly folder: RunFolder;
  readonly images: Images;
  readonly interpreters: Interpreters;
  readonly openLine: OpenLine | undefined;
}

async function settle(
  options: ProcessDriverOptions,
  { folder, images, interpreters, openLine }: Parts,
): Promise<Housing> {
  const refusal = refuse(options);
  if (refusal !== undefined) return new BareProcesses(images.path, `${refusal} ${GET_MORE}`, openLine);
  try {
    // Instances start as root but read as user 1003, through this folder.
    chmodSync(folder.path, 0o755);
    const served = await interpreters.served();
    const world = {
      folder: folder.path,
      codeRoot: realpathSync(options.codeRoot),
      images: images.path,
      interpreters: [...new Set(served.values())],
      documented: documentedFolders(served),
    };
    return Sandboxes.open(world, Cgroups.open(folder.name), openLine);
  } catch (error) {
    const why = `This machine refused a sandbox: ${(error as Error).message}.`;
    return new BareProcesses(images.path, `${why} ${GET_MORE}`, openLine);
  }
}

/** Why no sandbox is tried. */
function refuse(options: ProcessDriverOptions): string | undefined {
  if (options.isolation === "bare") return "It was asked for.";
  if (process.platform !== "linux") return "Only Linux has the means.";
  if (process.getuid?.() !== 0) return "It takes root.";
  return undefined;
}
