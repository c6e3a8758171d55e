import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import type {
  Driver,
  DriverInstance,
  Exit,
  ImageRequest,
  InstanceRequest,
  RuntimeAvailability,
  Usage,
} from "../../platform/drivers/driver.ts";
import { connected } from "../../platform/drivers/machine/door.ts";

/**
 * A double of a driver that runs container images: an "image" is a program for Node.js, run as a plain process with its port in `PORT`
 * instead of 8000. Everything else is real: processes, sockets, exits, output.
 */
export class ImageDouble implements Driver {
  readonly name = "image double";
  readonly capabilities = {
    isolation: [],
    missing: ["everything: it is a double for tests."],
    canPause: false,
    limitsMemory: false,
  };
  /** What was asked for, oldest first. */
  readonly started: ImageRequest[] = [];
  readonly #images: Readonly<Record<string, string>>;
  readonly #alive = new Set<DoubleInstance>();

  /** @param images programs by image reference */
  constructor(images: Readonly<Record<string, string>>) {
    this.#images = images;
  }

  runtimes(): Promise<readonly RuntimeAvailability[]> {
    return Promise.resolve([
      { runtime: "Custom Image", family: "image", available: true, detail: "a double" },
    ]);
  }

  async create({ id, image }: InstanceRequest): Promise<DriverInstance> {
    if (image === undefined) throw new Error("the double runs images alone");
    const program = this.#images[image.reference];
    if (program === undefined) throw new Error(`there is no image ${image.reference}. Push it first.`);
    this.started.push(image);
    const instance = new DoubleInstance(id, program, image, await freePort());
    this.#alive.add(instance);
    void instance.exited.then(() => this.#alive.delete(instance));
    return instance;
  }

  recover(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#alive].map((one) => one.destroy()));
  }
}

class DoubleInstance implements DriverInstance {
  readonly id: string;
  readonly stream = undefined;
  readonly token = "";
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #port: number;

  // oxlint-disable-next-line max-params -- a double's helper: who, what, how, where
  constructor(id: string, program: string, { environment }: ImageRequest, port: number) {
    this.id = id;
    this.#port = port;
    const env = { ...environment, PORT: String(port) };
    this.#child = spawn(process.execPath, ["-e", program], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.exited = once(this.#child, "exit").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
      outOfMemory: false,
      temporaryFull: false,
    }));
  }

  claim(): Promise<string> {
    return Promise.reject(new Error("an image is never claimed"));
  }

  connect(): Promise<Socket> {
    return connected(connect(this.#port, "127.0.0.1"));
  }

  onOutput(listener: (chunk: Buffer, stream: "stdout" | "stderr") => void): void {
    for (const stream of ["stdout", "stderr"] as const)
      this.#child[stream]?.on("data", (chunk: Buffer) => listener(chunk, stream));
  }

  usage(): Promise<Usage> {
    return Promise.resolve({ memoryBytes: 50 * 1024 * 1024, temporaryBytes: 0 });
  }

  pause(): Promise<void> {
    return Promise.reject(new Error("the double cannot pause"));
  }

  resume(): Promise<void> {
    return this.pause();
  }

  async destroy(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
