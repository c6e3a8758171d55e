import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { Tree } from "../../runtime-images/build/tree.ts";
import { DockerStack, missingForDocker } from "./docker-stack.ts";

const missing = await missingForDocker();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const NOWHERE = { "docker:host": "unix:///nowhere/docker.sock" };
const SMALL_DISK = "64k";

/** One stack from its first faults to its end: each test goes on where the one before has left it. */
describe.skipIf(missing !== undefined)("a platform on Docker", { timeout: 480_000 }, () => {
  let taken: Server;
  let port: number;
  let docker: DockerStack;
  let engine: Engine;
  beforeAll(async () => {
    engine = new Engine();
    taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    ({ port } = taken.address() as AddressInfo);
    docker = await DockerStack.open(port);
  }, 480_000);
  afterAll(async () => {
    taken.close();
    engine.close();
    await docker[Symbol.asyncDispose]();
  }, 480_000);

  test("is previewed without an engine", async () => {
    const steps = await docker.stack.preview(...docker.configure(NOWHERE));
    expect(steps.map(({ op, urn }) => `${op} ${urn.split("::").slice(2).join(" ")}`).sort()).toEqual(PREVIEW);
  });

  test.each([
    [
      "an engine that does not answer",
      NOWHERE,
      "No Docker Engine answers at /nowhere/docker.sock. Start it, or set DOCKER_HOST",
    ],
    ["a port that is taken", {}, "is taken. Stop what uses it, or choose another one: new fg.Platform("],
  ])("refuses %s", async (_what, settings, message) => {
    const { code, stdout } = await docker.up(settings);
    expect(code).not.toBe(0);
    expect(stdout).toContain(message);
    expect(stdout).not.toContain("please report");
    expect(await docker.inventory()).toEqual([]);
  });

  test("refuses a base image that is nowhere, and one for other processors", async () => {
    taken.close();
    await once(taken, "close");
    await docker.makeDisk(SMALL_DISK);
    const bases = { base: "fungraph.invalid/nowhere:1", platformBase: await foreignImage(engine) };
    const { code, stdout } = await docker.up(bases);
    expect(code).not.toBe(0);
    expect(stdout).toContain("fungraph.invalid/nowhere:1 is not on this machine and cannot be pulled");
    expect(stdout).toContain("fungraph-test/foreign:arm64 is for linux/arm64");
    expect(stdout).not.toContain("please report");
  });

  test("killed at an image and at its container, and then with a full disk, is finished by the next up", async () => {
    await docker.interrupt("up", "DockerImage platform-platform creating", "SIGKILL");
    await docker.interrupt("up", "Container platform creating", "SIGKILL");
    const full = await docker.up();
    expect(full.code, full.stdout).not.toBe(0);
    expect(full.stdout).toContain("The platform's container does not serve");
    expect(full.stdout).toContain("The disk of the data folder is full");
    docker.resizeDisk("256m");
    await docker.interrupt("up", "Function hello creating", "SIGKILL");
    await docker.must("up");
    expect(await docker.greeting()).toBe("hello");
    await until(async () => (await docker.platforms()).length === 1);
  });

  test("changes nothing a second time, nor after a refresh", async () => {
    await docker.must("up", "--refresh", "--expect-no-changes");
  });

  test("is confined, started again when it ends, and tells the engine how it is", async () => {
    const [container = ""] = await docker.platforms();
    const look = (): Promise<Inspected> =>
      engine.ask<Inspected>({ method: "GET", path: `/containers/${container}/json` });
    const { HostConfig } = await look();
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      SecurityOpt: expect.arrayContaining(["no-new-privileges"]),
      RestartPolicy: { Name: "unless-stopped" },
      Memory: 512 * 1024 * 1024,
    });
    await until(async () => (await look()).State.Health.Status === "healthy");
  });

  test("keeps its secret key out of settings, logs and the plain state", async () => {
    const { secretKey } = await docker.outputs("--show-secrets");
    expect(secretKey).toMatch(/^\w{40}$/);
    const [container = ""] = await docker.platforms();
    const path = `/containers/${container}`;
    const settings = await engine.bytes({ method: "GET", path: `${path}/json` });
    const log = await engine.bytes({ method: "GET", path: `${path}/logs?stdout=1&stderr=1` });
    const state = await docker.stack.must("stack", "export");
    for (const text of [settings, log, state]) expect(text.toString()).not.toContain(secretKey);
  });

  test("shows a change of its memory as one property, and makes it without a stop", async () => {
    const before = await docker.platforms();
    docker.settle({ memoryMb: "640" });
    const steps = await docker.stack.preview(...docker.configure());
    expect(steps.map(({ op, detailedDiff }) => [op, Object.keys(detailedDiff ?? {})])).toEqual([
      ["update", ["memory"]],
    ]);
    await docker.must("up");
    expect(await docker.platforms()).toEqual(before);
    const [container = ""] = before;
    const { HostConfig } = await engine.ask<{ HostConfig: { Memory: number } }>({
      method: "GET",
      path: `/containers/${container}/json`,
    });
    expect(HostConfig.Memory).toBe(640 * 1024 * 1024);
  });

  test("gets another container for other settings, with its keys and all that was deployed", async () => {
    const before = await docker.outputs("--show-secrets");
    const [container] = await docker.platforms();
    docker.settle({ memoryMb: "640", idleSeconds: "500" });
    await docker.must("up");
    const after = await docker.platforms();
    expect(after).toHaveLength(1);
    expect(after).not.toEqual([container]);
    expect(await docker.outputs("--show-secrets")).toEqual(before);
    expect(await docker.greeting()).toBe("hello");
  });

  test("comes back by itself when it is killed, with all that was deployed and nothing left of before", async () => {
    const [container = ""] = await docker.platforms();
    const instances = await docker.instances();
    expect(instances.length).toBeGreaterThan(0);
    const { State } = await engine.ask<{ State: { Pid: number } }>({
      method: "GET",
      path: `/containers/${container}/json`,
    });
    process.kill(State.Pid, "SIGKILL");
    await until(async () => (await docker.greeting().catch(() => "")) === "hello");
    for (const instance of instances) expect(await docker.instances()).not.toContain(instance);
  });

  test("is destroyed with everything it has made, even when it runs no more and the destruction is killed twice", async () => {
    const [container = ""] = await docker.platforms();
    await engine.ask({ method: "POST", path: `/containers/${container}/kill?signal=KILL` });
    expect((await docker.instances()).length).toBeGreaterThan(0);
    await docker.interrupt("destroy", "Container platform deleting", "SIGKILL");
    await docker.interrupt("destroy", "DockerInstances platform-instances deleting", "SIGKILL");
    await docker.must("destroy");
    expect(await docker.inventory()).toEqual([]);
    expect((await docker.stack.state()).size).toBe(0);
  });
});

const PREVIEW = [
  "create fungraph:index:Function hello",
  "create fungraph:index:Function$fungraph:index:HttpTrigger hello-greet",
  "create fungraph:index:Platform platform",
  "create fungraph:index:Platform$docker:index/container:Container platform",
  "create fungraph:index:Platform$docker:index/volume:Volume platform-data",
  "create fungraph:index:Platform$fungraph:index:DockerAccess platform-access",
  "create fungraph:index:Platform$fungraph:index:DockerEngine platform-engine",
  "create fungraph:index:Platform$fungraph:index:DockerImage platform-node-js20-15",
  "create fungraph:index:Platform$fungraph:index:DockerImage platform-platform",
  "create fungraph:index:Platform$fungraph:index:DockerInstances platform-instances",
  "create fungraph:index:Platform$pulumi:providers:fungraph platform",
];

interface Inspected {
  readonly HostConfig: object;
  readonly State: { readonly Health: { readonly Status: string } };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(100);
}

/** An image with one empty layer, for ARM. */
async function foreignImage(engine: Engine): Promise<string> {
  const name = "fungraph-test/foreign:arm64";
  const layer = await new Tree().folder("nothing").tar(0);
  const diff = createHash("sha256").update(layer).digest("hex");
  const config = {
    architecture: "arm64",
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: [`sha256:${diff}`] },
  };
  const manifest = [{ Config: "config.json", RepoTags: [name], Layers: ["layer.tar"] }];
  const archive = await new Tree()
    .file("config.json", JSON.stringify(config))
    .file("layer.tar", layer)
    .file("manifest.json", JSON.stringify(manifest))
    .tar(0);
  await engine.bytes({ method: "POST", path: "/images/load", tar: Readable.from([archive]) });
  return name;
}
