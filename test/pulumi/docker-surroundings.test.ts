import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { OtherMachine } from "../drivers/other-machine.ts";
import { base } from "../images/bases.ts";
import { DockerStack, freePort, missingForDocker } from "./docker-stack.ts";

const missing = (await missingForDocker()) ?? OtherMachine.missing();
if (missing !== undefined) console.log(`skipped: ${missing}`);

/** Other tests on this machine have other numbers. */
const NET = 192 + (process.pid % 32);

/** Three functions of one code: two in subnets of a VPC, which share files, and one without a VPC. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const config = new pulumi.Config();
new fg.Platform("platform", {
  runtimes: [fg.Runtime.NodeJs20],
  extras: ["gateway"],
  imageBases: {
    [fg.Runtime.NodeJs20]: config.require("base"),
    platform: config.require("platformBase"),
    gateway: config.require("gatewayBase"),
  },
  port: config.requireNumber("port"),
  poolSize: 1,
  idleSeconds: 600,
});
const home = new fg.Vpc("home", {
  range: "10.${NET}.0.0/17",
  subnets: [{ name: "front", range: "10.${NET}.1.0/24" }, { name: "back", range: "10.${NET}.2.0/24" }],
  zones: [{ name: "shop.internal", records: [{ name: "db", addresses: [config.require("database")] }] }],
});
if (config.getBoolean("open")) new fg.NatGateway("out", { vpcId: home.vpcId, address: config.require("address") });
const files = new fg.FileSystem("files");
const probe = { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./probe", timeoutSeconds: 20 };
const inside = { ...probe, fileSystems: { mounts: [files.at("/mnt/files")] } };
const functions = {
  front: new fg.Function("front", { ...inside, network: home.subnet("front") }),
  back: new fg.Function("back", { ...inside, network: home.subnet("back") }),
  free: new fg.Function("free", probe),
};
export const urls = Object.fromEntries(
  Object.entries(functions).map(([name, fn]) => [name, fn.onHttp("probe", { path: "/" + name, auth: fg.HttpAuth.None }).url]),
);
`;

/** Evaluates what it is sent. */
const PROBE = `const net = require("node:net");
const tools = {
  addresses: () => Object.values(require("node:os").networkInterfaces()).flat().filter((one) => !one.internal).map((one) => one.address),
  lookup: async (name) => (await require("node:dns/promises").lookup(name)).address,
  write: (text) => require("node:fs").writeFileSync("/mnt/files/word", text),
  read: () => require("node:fs").readFileSync("/mnt/files/word", "utf8"),
  serve: () => new Promise((resolve) => {
    globalThis.server = net.createServer((socket) => socket.end("hello from back")).listen(8000, "0.0.0.0", () => resolve("up"));
  }),
  connect: (port, host) => new Promise((resolve) => {
    const socket = net.connect({ port, host });
    const silence = setTimeout(() => { socket.destroy(); resolve("silence"); }, 1500);
    let said = "";
    socket.on("data", (text) => (said += text));
    socket.on("error", ({ code }) => { clearTimeout(silence); resolve(code); });
    socket.on("close", () => { clearTimeout(silence); resolve(said); });
  }),
};
exports.handler = async ({ body }, _context) => {
  const { tool, given } = JSON.parse(Buffer.from(body, "base64").toString());
  const answer = await Promise.resolve().then(() => tools[tool](...given)).catch((error) => "error " + error.code);
  return { statusCode: 200, headers: {}, isBase64Encoded: false, body: JSON.stringify(answer ?? null) };
};
`;

describe.skipIf(missing !== undefined)("functions of a platform on Docker", { timeout: 240_000 }, () => {
  const outside = new OtherMachine(NET);
  let docker: DockerStack;
  let urls: Record<string, string>;
  beforeAll(async () => {
    await outside.start();
    docker = await DockerStack.open(await freePort(), PROGRAM);
    docker.stack.write("probe/index.js", PROBE);
    const engine = new Engine();
    const gatewayBase = await base(engine, "debian");
    engine.close();
    docker.settle({ gatewayBase, database: `10.${NET}.2.77`, address: outside.hereToo });
    await docker.must("up");
    urls = (await docker.outputs())["urls"] as unknown as Record<string, string>;
  }, 480_000);
  afterAll(async () => {
    await docker[Symbol.asyncDispose]();
    await outside[Symbol.asyncDispose]();
  }, 480_000);

  async function ask(name: string, tool: string, ...given: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ tool, given });
    const answer = await fetch(urls[name] ?? "", {
      method: "POST",
      body,
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    expect(answer.status, `${name} ${tool}: ${text}`).toBe(200);
    return JSON.parse(text);
  }

  test("have their VPC's addresses and names, reach each other, and nothing outside", async () => {
    const [back = ""] = (await ask("back", "addresses")) as string[];
    expect(back).toMatch(new RegExp(`^10\\.${NET}\\.2\\.`));
    expect(await ask("front", "addresses")).toEqual([
      expect.stringMatching(new RegExp(`^10\\.${NET}\\.1\\.`)),
    ]);
    expect(await ask("back", "serve")).toBe("up");
    expect(await ask("front", "connect", 8000, back)).toBe("hello from back");
    expect(await ask("free", "connect", 8000, back)).not.toContain("hello");
    expect(await ask("front", "lookup", "db.shop.internal")).toBe(`10.${NET}.2.77`);
    expect(await ask("free", "lookup", "db.shop.internal")).toMatch(/^error/);
    expect(await ask("front", "connect", outside.port, outside.there)).not.toContain("hello");
    expect(await ask("free", "connect", outside.port, outside.there)).toBe(`hello ${outside.here}`);
  });

  test("see one file, and no other function does", async () => {
    await ask("front", "write", "shared");
    expect(await ask("back", "read")).toBe("shared");
    expect(await ask("free", "read")).toBe("error ENOENT");
  });

  test("leave by the fixed address of a NAT gateway, and have changed names at once, when the next up says so", async () => {
    docker.settle({ open: "true", database: `10.${NET}.2.78` });
    await docker.must("up");
    expect(await ask("front", "connect", outside.port, outside.there)).toBe(`hello ${outside.hereToo}`);
    expect(await ask("back", "connect", outside.port, outside.there)).toBe(`hello ${outside.hereToo}`);
    expect(await ask("free", "connect", outside.port, outside.there)).toBe(`hello ${outside.here}`);
    expect(await ask("front", "lookup", "db.shop.internal")).toBe(`10.${NET}.2.78`);
    await docker.must("up", "--refresh", "--expect-no-changes");
  });

  test("have all of it again when the platform was killed", async () => {
    const [container = ""] = await docker.platforms();
    const engine = new Engine();
    await engine.ask({ method: "POST", path: `/containers/${container}/restart?t=0` });
    engine.close();
    await expect.poll(() => ask("back", "read").catch(String), { timeout: 60_000 }).toBe("shared");
    expect(await ask("front", "connect", outside.port, outside.there)).toBe(`hello ${outside.hereToo}`);
    expect(await ask("front", "lookup", "db.shop.internal")).toBe(`10.${NET}.2.78`);
  });

  test("leave no network, gateway and file behind", async () => {
    await docker.must("destroy");
    expect(await docker.inventory()).toEqual([]);
  });
});
