import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { containerArgs } from "../../components/docker/container.ts";
import type * as Fungraph from "../../components/index.ts";
import { platformScope } from "../../components/docker/names.ts";
import { ProgramFolder, Recorder, type Recorded } from "./recorder.ts";

const recorder = await Recorder.start();
const fg: typeof Fungraph = await import("../../components/index.ts");

const HELLO = { runtime: "Node.js20.15", handler: "index.handler", code: "./hello" };
const RUNTIMES = { runtimes: [fg.Runtime.NodeJs20] };
const SCOPE = platformScope("shop", "test", "platform");

/** What is handed to @pulumi/docker is what it takes. */
const checked: docker.ContainerArgs = {} as ReturnType<typeof containerArgs>;

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder({ "hello/index.js": "exports.handler = async (event, context) => event;\n" });
  pulumi.runtime.setAllConfig({ "fungraph:target": "docker" });
});
afterAll(() => folder[Symbol.dispose]());

/** What a platform registers in a stack, and what is declared after it. */
function record(args: Fungraph.PlatformArgs, more?: () => void): Promise<Recorded[]> {
  return recorder.record(async () => {
    await pulumi.runtime.runInPulumiStack(async () => {
      const platform = new fg.Platform("platform", args);
      more?.();
      await new Promise((resolve) => platform.provider?.urn.apply(resolve));
    });
  });
}

/** Inputs of what was registered under a type and name. */
function inputsOf(recorded: readonly Recorded[], type: string, name: string): Recorded["inputs"] | undefined {
  return recorded.find((each) => each.type === type && each.name === name)?.inputs;
}

describe("a platform on Docker", () => {
  test("can be declared in unit tests, which have no stack", async () => {
    const recorded = await recorder.record(() => void new fg.Platform("platform", RUNTIMES));
    expect(recorded.map(({ name }) => name)).toContain("platform-engine");
  });

  test("registers an engine, a volume, images, a container, its keys and a provider", async () => {
    expect(checked).toBeDefined();
    const recorded = await record(RUNTIMES);
    expect(recorded.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "docker:index/container:Container platform",
      "docker:index/volume:Volume platform-data",
      "fungraph:index:DockerAccess platform-access",
      "fungraph:index:DockerEngine platform-engine",
      "fungraph:index:DockerImage platform-node-js20-15",
      "fungraph:index:DockerImage platform-platform",
      "fungraph:index:DockerInstances platform-instances",
      "fungraph:index:Platform platform",
      "pulumi:providers:fungraph platform",
      "pulumi:pulumi:Stack shop-test",
    ]);
    expect(inputsOf(recorded, "fungraph:index:DockerEngine", "platform-engine")).toEqual({
      platform: SCOPE,
      address: "127.0.0.1",
      port: 8420,
    });
  });

  test("confines its container, gives it no secret and the settings that are given", async () => {
    const recorded = await record({
      ...RUNTIMES,
      address: "0.0.0.0",
      port: 9000,
      memoryMb: 2048,
      cpus: pulumi.output(1.5),
      publicUrl: "https://functions.example.com",
      region: "north",
      timeZone: "Asia/Shanghai",
      idleSeconds: 90,
      poolSize: 3,
    });
    expect(inputsOf(recorded, "docker:index/container:Container", "platform")).toMatchObject({
      envs: [
        "FUNGRAPH_HOST=0.0.0.0",
        "FUNGRAPH_IDLE_SECONDS=90",
        `FUNGRAPH_IMAGES=${SCOPE}`,
        "FUNGRAPH_POOL_SIZE=3",
        "FUNGRAPH_PORT=9000",
        "FUNGRAPH_PUBLIC_URL=https://functions.example.com",
        "FUNGRAPH_REGION=north",
        `FUNGRAPH_STACK=${SCOPE}`,
        "FUNGRAPH_TIME_ZONE=Asia/Shanghai",
      ],
      memory: 2048,
      cpus: "1.5",
      readOnly: true,
      capabilities: { drops: ["ALL"] },
      securityOpts: ["no-new-privileges"],
      restart: "unless-stopped",
    });
    expect(inputsOf(recorded, "pulumi:providers:fungraph", "platform")).toMatchObject({
      endpoint: "http://127.0.0.1:9000",
    });
  });

  test("builds on bases of the user's own, and more images when asked to", async () => {
    const recorded = await record({
      ...RUNTIMES,
      extras: ["fonts"],
      imageBases: {
        platform: "registry.example.com/node:24",
        [fg.Runtime.NodeJs20]: "registry.example.com/node:20",
      },
    });
    const images = recorded.filter(({ type }) => type.endsWith(":DockerImage"));
    expect(images.map(({ inputs }) => [inputs["runtime"], inputs["base"]])).toEqual([
      ["fonts", undefined],
      ["Node.js20.15", "registry.example.com/node:20"],
      ["platform", "registry.example.com/node:24"],
    ]);
  });

  test("refuses a function whose runtime it has no image of", async () => {
    await record(RUNTIMES, () => {
      expect(() => new fg.Function("hello", { ...HELLO, runtime: "Node.js18.15" })).toThrow(
        'runtime: "Node.js18.15" — has no image on the platform; it has Node.js20.15. Add it to the platform: new fg.Platform(..., { runtimes: ["Node.js20.15", "Node.js18.15"] }). (FSS.0400)',
      );
    });
  });

  test("refuses zones and ways out of VPCs when it has no image of gateways", async () => {
    const bare = { range: "10.1.0.0/16", subnets: [{ name: "all", range: "10.1.0.0/16" }] };
    const zones = [{ name: "shop.internal", records: [{ name: "db", addresses: ["10.1.9.5"] }] }];
    const fix = 'Add it to the platform: new fg.Platform(..., { extras: ["fonts", "gateway"] }). (FSS.0400)';
    await record({ ...RUNTIMES, extras: ["fonts"] }, () => {
      const { vpcId } = new fg.Vpc("shop", bare);
      expect(() => new fg.NatGateway("out", { vpcId })).toThrow(`vpcId: needs the image of gateways`);
      const inside = [{ name: "all", range: "10.2.0.0/16" }];
      expect(() => new fg.Vpc("bank", { range: "10.2.0.0/16", subnets: inside, zones })).toThrow(fix);
    });
    const recorded = await record({ ...RUNTIMES, extras: ["gateway"] }, () => {
      void new fg.NatGateway("out", { vpcId: new fg.Vpc("shop", { ...bare, zones }).vpcId });
    });
    expect(recorded.map(({ name }) => name)).toEqual(expect.arrayContaining(["shop", "out"]));
  });

  test.each<[Fungraph.PlatformArgs, string]>([
    [{ runtimes: ["Node.js99"] }, 'runtimes[0]: "Node.js99" — is no runtime. Use one of fg.Runtime'],
    [{ runtimes: ["Custom Image"] }, "brings its own image. Leave it out"],
    [{ runtimes: ["Python3.10", "Python3.10"] }, "is named twice. Name it once."],
    [{ extras: ["sauce"] }, 'extras[0]: "sauce" — must be one of fonts, gateway. Use fonts.'],
    [{ imageBases: { "Python3.10": "python" } }, "is for an image that is not built; those are platform"],
    [{ port: 0 }, "port: 0 — must be a whole number from 1 to 65535"],
    [{ memoryMb: 64 }, "memoryMb: 64 — must be a whole number from 256 to"],
  ])("refuses %j", async (args, message) => {
    const recorded = await recorder.record(() => {
      expect(() => new fg.Platform("platform", args)).toThrow(message);
    });
    expect(recorded).toEqual([]);
  });
});

describe("names on the engine", () => {
  test.each([
    ["shop", "test", "platform", /^fungraph-shop-test-platform-[0-9a-f]{6}$/],
    ["Größe", "prod/eu", "p", /^fungraph-gr-e-prod-eu-p-[0-9a-f]{6}$/],
    ["x".repeat(100), "s", "p", /^fungraph-x{40}-[0-9a-f]{6}$/],
    ["-", "-", "-", /^fungraph-[0-9a-f]{6}$/],
  ])("of %s, %s, %s", (project, stack, name, expected) => {
    expect(platformScope(project, stack, name)).toMatch(expected);
  });

  test("differ where only the border between project and stack does", () => {
    expect(platformScope("a-b", "c", "p")).not.toBe(platformScope("a", "b-c", "p"));
  });
});
