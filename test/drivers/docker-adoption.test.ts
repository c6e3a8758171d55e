import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { readdirSync, renameSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DoorFolder } from "../../platform/drivers/docker/door-folder.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import type { Claim, DriverInstance, InstanceRequest } from "../../platform/drivers/driver.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { containersOf, dockerSubject, type DockerSubject } from "./docker-subject.ts";
import type { FromHost, ToHost } from "./lines-host.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const HOST = fileURLToPath(new URL("lines-host.ts", import.meta.url));
const RUNTIME = "Node.js20.15";
const missing = await noEngine();
if (missing !== undefined) console.log(`that containers are taken over is not tested: ${missing}`);

const none = (): Promise<never> => Promise.reject(new Error("not asked of it here"));

/** A driver in a process of its own, which is killed; the streams of its instances are here. */
class Host implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #links = new Map<string, Socket>();
  #answer: (message: FromHost) => void = () => undefined;

  constructor(runDir: string) {
    this.#child = spawn(process.execPath, [HOST, runDir], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#child.on("message", (message: FromHost) => {
      if ("listen" in message) void this.#listen(message.listen);
      else this.#answer(message);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** An instance that is made there, and used from here. */
  async create(request: InstanceRequest): Promise<DriverInstance> {
    const made = await this.#ask({ create: request });
    if (!("token" in made)) throw new Error(JSON.stringify(made));
    return {
      id: request.id,
      token: made.token,
      stream: this.#links.get(made.line),
      exited: new Promise(() => undefined),
      claim: async (claim) => {
        const claimed = await this.#ask({ claim, id: request.id });
        if (!("codeRoot" in claimed)) throw new Error(JSON.stringify(claimed));
        return claimed.codeRoot;
      },
      onOutput: () => undefined,
      destroy: () => Promise.resolve(),
      connect: none,
      usage: none,
      pause: none,
      resume: none,
    };
  }

  async kill(): Promise<void> {
    if (this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    for (const link of this.#links.values()) link.destroy();
  }

  #ask(message: ToHost): Promise<FromHost> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#child.send(message);
    });
  }

  async #listen(folder: string): Promise<void> {
    const door = await DoorFolder.open(folder);
    this.#child.send({ listening: folder } satisfies ToHost);
    this.#links.set(folder, (await door.link) as Socket);
    await door.close();
    this.#child.send({ connected: folder } satisfies ToHost);
  }
}

describe.skipIf(missing !== undefined)("a driver of containers that is killed", { timeout: 60_000 }, () => {
  let subject: DockerSubject;
  let code: string;
  let limits: Claim;
  let reference: string;
  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, RUNTIME);
    reference = await base(engine, "nodejs");
    engine.close();
  }, 600_000);
  beforeEach(async () => {
    subject = await dockerSubject();
    code = subject.code("a", OPEN_DOOR);
    limits = { codeDir: code, memoryMb: 256, cpuMillicores: 2000 };
  });
  afterEach(async () => {
    await subject.driver.close();
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
  });

  /** What the next driver has of an instance. */
  async function adopted(request: InstanceRequest, claim?: Claim): Promise<DriverInstance> {
    const found = await subject.driver.adopt({ request, ...(claim && { claim }) });
    if (found === undefined) throw new Error(`${request.id} was not found`);
    return found;
  }

  test("leaves instances that go on, and that the next one watches, limits and removes", async () => {
    await using host = new Host(join(subject.folder, "run"));
    const requests = ["busy", "spare", "lost"].map((id) => ({ id, runtime: RUNTIME }));
    const [busy, spare, lost] = requests as [InstanceRequest, InstanceRequest, InstanceRequest];
    const tenant = await (await Tenant.over(await host.create(busy))).claim(code, 256);
    const pooled = await host.create(spare);
    await host.create(lost);
    await tenant.run("globalThis.count = 1;");
    const during = tenant.run(
      "await new Promise((done) => setTimeout(done, 3000)); return ++globalThis.count;",
    );
    await host.kill();
    expect(await tenant.run("return globalThis.count;")).toBe(1);

    const taken = await adopted(busy, limits);
    const free = await adopted(spare);
    await subject.driver.recover();
    expect(await during).toBe(2);
    expect(readdirSync(join(subject.folder, "run"))).toHaveLength(1);
    // Of the three containers and the network one container is gone; nobody took it over.
    expect(await containersOf(host.pid)).toHaveLength(3);
    const isClosed = subject.driver.capabilities.isolation.includes(
      "firewall before the machine's own ports",
    );
    if (isClosed) expect(rules()).toContain(`/${host.pid}-`);

    let written = "";
    taken.onOutput((chunk) => (written += chunk.toString()));
    await tenant.run('require("fs").writeSync(1, "still heard\\n");');
    await expect.poll(() => written).toContain("still heard");
    expect((await taken.usage()).memoryBytes).toBeGreaterThan(0);
    await taken.pause();
    const paused = tenant.run("return 'resumed';");
    await taken.resume();
    expect(await paused).toBe("resumed");

    // The pooled one becomes a function's, under the new driver's limits.
    const claimed = await Tenant.over({ ...pooled, claim: (claim) => free.claim(claim) });
    await claimed.claim(code, 128);
    await claimed.run("return 1").catch(() => undefined);
    claimed.run("globalThis.kept = Buffer.alloc(400 * 1024 * 1024, 1); return 1;").catch(() => undefined);
    expect((await free.exited).outOfMemory).toBe(true);
    await taken.destroy();
    expect((await taken.exited).outOfMemory).toBe(false);
    expect(await containersOf(host.pid)).toEqual([]);
    expect(rules()).not.toContain(`/${host.pid}-`);
  });

  test("leaves containers of users' images, which serve on", async () => {
    await using host = new Host(join(subject.folder, "run"));
    const server = 'require("http").createServer((_, answer) => answer.end("served")).listen(8000)';
    const image = {
      reference,
      command: ["node", "-e", server],
      args: [],
      workingDir: "",
      uid: 1003,
      gid: 1003,
      environment: {},
      memoryMb: 256,
      cpuMillicores: 1000,
    };
    const request = { id: "shop", runtime: "Custom Image", image };
    await host.create(request);
    await host.kill();
    const taken = await adopted(request);
    await subject.driver.recover();
    const socket = await taken.connect();
    socket.end("GET / HTTP/1.0\r\n\r\n");
    expect(await text(socket)).toContain("served");
    await taken.destroy();
    expect(await containersOf(host.pid)).toEqual([]);
  });

  test("has its instances taken over by one alone, and by nobody when they have ended", async () => {
    await using host = new Host(join(subject.folder, "run"));
    const one = { id: "one", runtime: RUNTIME };
    const gone = { id: "gone", runtime: RUNTIME };
    await using tenant = await (await Tenant.over(await host.create(one))).claim(code, 256);
    const other = await host.create(gone);
    // While it lives nobody takes anything.
    expect(await subject.driver.adopt({ request: one, claim: limits })).toBeUndefined();
    await host.kill();
    other.stream?.destroy();
    const twice = await Promise.all(
      [subject.driver, subject.driver].map((driver) => driver.adopt({ request: one, claim: limits })),
    );
    expect(twice.filter((instance) => instance !== undefined)).toHaveLength(1);
    await expect.poll(() => subject.driver.adopt({ request: gone })).toBeUndefined();
    // What is left of it went at once: the other one and the network are there.
    expect(await containersOf(host.pid)).toHaveLength(2);
    await subject.driver.recover();
    expect(await tenant.run("return 'still here';")).toBe("still here");
  });

  test("has an instance ended that cannot be taken over", async () => {
    const runDir = join(subject.folder, "run");
    await using host = new Host(runDir);
    const request = { id: "broken", runtime: RUNTIME };
    await host.create(request);
    await host.kill();
    const run = readdirSync(runDir).find((name) => name.startsWith(`${host.pid}-`)) ?? "";
    renameSync(join(runDir, run, "broken", "door"), join(runDir, run, "broken", "moved"));
    await expect(subject.driver.adopt({ request })).rejects.toThrow("ENOENT");
    // Only its network is left.
    expect(await containersOf(host.pid)).toHaveLength(1);
    await subject.driver.recover();
  });
});

function rules(): string {
  try {
    return execFileSync("iptables-save", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // Without the program there are no rules.
    return "";
  }
}
