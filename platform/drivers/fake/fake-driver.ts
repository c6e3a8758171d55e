import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUNTIMES, type RuntimeFamily } from "../../../model/runtimes.ts";
import type {
  Claim,
  Driver,
  DriverInstance,
  Exit,
  InstanceRequest,
  RuntimeAvailability,
  Usage,
} from "../driver.ts";
import { FakeRuntime, type FakeKnobs } from "./fake-runtime.ts";

/** Families whose instances are reached by HTTP. */
const SERVERS: readonly RuntimeFamily[] = ["http", "image"];

/** Runs functions given as plain code inside this process, over real sockets and the real protocol. For tests. */
export class FakeDriver implements Driver {
  readonly name = "fake";
  readonly capabilities = {
    isolation: [],
    missing: ["everything: functions of the fake driver run inside the platform. Use it in tests only."],
    canPause: false,
    limitsMemory: false,
  };
  /** May be changed at any time; a new instance takes what is there. */
  knobs: FakeKnobs;
  readonly #instances = new Set<FakeInstance>();
  readonly #folder = mkdtempSync(join(tmpdir(), "fungraph-fake-"));
  #created = 0;

  constructor(knobs: FakeKnobs = {}) {
    this.knobs = knobs;
  }

  /** Instances started so far. */
  get created(): number {
    return this.#created;
  }

  /** Instances now alive. */
  get alive(): number {
    return this.#instances.size;
  }

  runtimes(): Promise<readonly RuntimeAvailability[]> {
    return Promise.resolve(
      RUNTIMES.map(({ name, family }) =>
        SERVERS.includes(family)
          ? { runtime: name, family, available: false, detail: "The fake driver starts no servers." }
          : { runtime: name, family, available: true, detail: "fake" },
      ),
    );
  }

  async create({ id, image }: InstanceRequest): Promise<DriverInstance> {
    if (image !== undefined) throw new Error("the fake driver runs no container images");
    this.#created += 1;
    const [platform, inside] = await socketPair(join(this.#folder, String(this.#created)));
    const instance = new FakeInstance(id, platform, inside, this.knobs);
    this.#instances.add(instance);
    void instance.exited.then(() => this.#instances.delete(instance));
    return instance;
  }

  recover(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#instances].map((instance) => instance.destroy()));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

class FakeInstance implements DriverInstance {
  readonly id: string;
  readonly stream: Socket;
  readonly token = randomBytes(16).toString("hex");
  readonly exited: Promise<Exit>;
  readonly #inside: Socket;
  readonly #listeners: ((chunk: Buffer, stream: "stdout" | "stderr") => void)[] = [];
  #exit: (exit: Exit) => void = () => undefined;

  // oxlint-disable-next-line max-params -- both ends of the socket, who it is and what it does
  constructor(id: string, platform: Socket, inside: Socket, knobs: FakeKnobs) {
    this.id = id;
    this.stream = platform;
    this.#inside = inside;
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
    const host = {
      id,
      token: this.token,
      print: (text: string) => {
        for (const listener of this.#listeners) listener(Buffer.from(text), "stdout");
      },
      exit: ({ code = 0, outOfMemory = false, temporaryFull = false } = {}) =>
        this.#end({
          code: outOfMemory ? null : code,
          signal: outOfMemory ? "SIGKILL" : null,
          outOfMemory,
          temporaryFull,
        }),
    };
    FakeRuntime.start(inside, host, knobs);
    // As every runtime: when the link closes, the instance ends itself.
    inside.on("end", () => host.exit({ code: 0 }));
  }

  claim(claim: Claim): Promise<string> {
    return Promise.resolve(claim.codeDir);
  }

  connect(): Promise<Socket> {
    return Promise.reject(new Error("an instance of the fake driver serves no port"));
  }

  onOutput(listener: (chunk: Buffer, stream: "stdout" | "stderr") => void): void {
    this.#listeners.push(listener);
  }

  usage(): Promise<Usage> {
    return Promise.resolve({ memoryBytes: 10 * 1024 * 1024, temporaryBytes: 0 });
  }

  pause(): Promise<void> {
    return Promise.reject(new Error("the fake driver cannot pause an instance"));
  }

  resume(): Promise<void> {
    return Promise.reject(new Error("the fake driver cannot resume an instance"));
  }

  async destroy(): Promise<void> {
    this.#end({ code: null, signal: "SIGKILL", outOfMemory: false, temporaryFull: false });
    await this.exited;
  }

  #end(exit: Exit): void {
    this.#inside.end();
    this.#inside.destroySoon();
    this.#exit(exit);
  }
}

async function socketPair(path: string): Promise<[Socket, Socket]> {
  const server = createServer({ allowHalfOpen: false });
  server.listen(path);
  await once(server, "listening");
  const inside = connect(path);
  const [platform] = (await once(server, "connection")) as [Socket];
  server.close();
  for (const end of [platform, inside]) end.on("error", () => undefined);
  return [platform, inside];
}
