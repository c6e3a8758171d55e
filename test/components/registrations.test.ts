import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as Fungraph from "../../components/index.ts";
import { ProgramFolder, Recorder } from "./recorder.ts";

const recorder = await Recorder.start();
const fg: typeof Fungraph = await import("../../components/index.ts");

const HELLO = { runtime: "Node.js20.15", handler: "index.handler", code: "./hello" };
const URN = "urn:fss:region:project:function:default:hello:latest";

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder({
    "hello/index.js": "exports.handler = async (event) => event;\n",
    "typed/index.ts":
      'import { greet } from "./greet.ts";\nexport const handler = async () => greet("you");\n',
    "typed/greet.ts": "export const greet = (name: string): string => `hello ${name}`;\n",
  });
});
afterAll(() => folder[Symbol.dispose]());

describe("a function", () => {
  test("with defaults only", async () => {
    const recorded = await recorder.record(() => void new fg.Function("hello", HELLO));
    expect(recorded).toEqual([
      {
        type: "fungraph:index:Function",
        name: "hello",
        inputs: {
          name: "hello",
          package: "default",
          runtime: "Node.js20.15",
          handler: "index.handler",
          memoryMb: 128,
          timeoutSeconds: 3,
          description: "",
          environment: {},
          encryptedEnvironment: {},
          concurrency: 1,
          maxInstances: 400,
          dynamicMemory: false,
          codeType: "zip",
          codeSize: expect.any(Number),
          codeDigest: expect.stringMatching(/^[0-9a-f]{128}$/),
          codeFilename: expect.stringMatching(/\.zip$/),
          codeArchive: expect.stringMatching(/^\.fungraph\/code\/[0-9a-f]{32}\.zip$/),
        },
      },
    ]);
  });

  test("with everything set", async () => {
    const [recorded] = await recorder.record(
      () =>
        void new fg.Function("hello", {
          ...HELLO,
          functionName: "greeter",
          package: "shop",
          description: "Greets.",
          memoryMb: 512,
          timeoutSeconds: 30,
          environment: { TEXT: "hello", FROM: pulumi.output("later") },
          encryptedEnvironment: { TOKEN: pulumi.secret("s3cret") },
          initializer: { handler: "index.initialize", timeoutSeconds: 20 },
          preStop: { handler: "index.stop" },
          concurrency: pulumi.output(8),
          maxInstances: 10,
          dynamicMemory: true,
          executionAgency: "runs",
          configurationAgency: "configures",
        }),
    );
    expect(recorded?.inputs).toMatchObject({
      name: "greeter",
      package: "shop",
      description: "Greets.",
      memoryMb: 512,
      timeoutSeconds: 30,
      environment: { TEXT: "hello", FROM: "later" },
      encryptedEnvironment: { secret: { TOKEN: "s3cret" } },
      initializer: { handler: "index.initialize", timeoutSeconds: 20 },
      preStop: { handler: "index.stop", timeoutSeconds: 3 },
      concurrency: 8,
      maxInstances: 10,
      dynamicMemory: true,
      executionAgency: "runs",
      configurationAgency: "configures",
    });
  });

  test("from a container image has no archive", async () => {
    const image = { reference: pulumi.output("shop:1"), args: ["-v"], gid: 2000 };
    const args = { runtime: fg.Runtime.CustomImage, handler: "-", authInHeader: true, image };
    const [recorded] = await recorder.record(() => void new fg.Function("shop", args));
    expect(recorded?.inputs).toMatchObject({
      authInHeader: true,
      image: { reference: "shop:1", command: [], args: ["-v"], workingDir: "", uid: 1003, gid: 2000 },
      codeType: "Custom-Image-Swr",
      codeSize: 0,
      codeDigest: "",
      codeArchive: "",
    });
  });

  test("in TypeScript is bundled", async () => {
    const [recorded] = await recorder.record(
      () => void new fg.Function("typed", { ...HELLO, code: "./typed/index.ts" }),
    );
    expect(recorded?.inputs).toMatchObject({ codeType: "zip", handler: "index.handler" });
  });
});

test("a whole application", async () => {
  const recorded = await recorder.record(() => {
    void new fg.Platform("platform");
    const hello = new fg.Function("hello", HELLO);
    const first = hello.publish("first", { versionName: "v1", description: "first" });
    const current = hello.publish("current");
    const prod = hello.alias("prod", {
      version: first.version,
      additional: { version: current.version, weight: 10 },
      description: "what customers use",
    });
    hello.onHttp("greet", { path: "/greet" });
    void new fg.HttpTrigger("open", {
      functionUrn: prod.aliasUrn,
      path: "/open/{id}",
      method: fg.HttpMethod.Get,
      auth: fg.HttpAuth.None,
      match: fg.HttpMatch.Prefix,
      protocol: fg.HttpProtocol.Https,
      groupId: "shop",
      timeoutMs: 60_000,
      triggerName: "API_open",
    });
    hello.onTimer("hourly", { every: "1h" });
    prod.onHttp("greet", { path: "/v1/greet" });
    prod.onTimer("daily", { every: "1d" });
    void new fg.TimerTrigger("mornings", {
      functionUrn: current.versionUrn,
      cron: "0 30 8 ? * Mon-Fri",
      userEvent: "good morning",
      enabled: false,
    });
  });
  expect(recorded.map(({ type, name }) => `${type.split(":")[2]} ${name}`)).toEqual([
    "Alias hello-prod",
    "Function hello",
    "HttpTrigger hello-greet",
    "HttpTrigger hello-prod-greet",
    "HttpTrigger open",
    "Platform platform",
    "TimerTrigger hello-hourly",
    "TimerTrigger hello-prod-daily",
    "TimerTrigger mornings",
    "Version hello-current",
    "Version hello-first",
  ]);
  const inputs = Object.fromEntries(recorded.map((each) => [each.name, each.inputs]));
  expect(inputs["hello-first"]).toEqual({ functionUrn: URN, name: "v1", description: "first" });
  expect(inputs["hello-current"]).toEqual({
    functionUrn: URN,
    description: "",
    contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(inputs["hello-prod"]).toEqual({
    functionUrn: URN,
    name: "prod",
    version: "v1",
    description: "what customers use",
    additional: { version: "v20260101-000000", weight: 10 },
  });
  expect(inputs["hello-greet"]).toEqual({
    functionUrn: URN,
    name: "greet",
    path: "/greet",
    method: "ANY",
    auth: "IAM",
    matchMode: "NORMAL",
    protocol: "HTTP",
    groupId: "DEFAULT",
    timeoutMs: 5000,
  });
  expect(inputs["open"]).toEqual({
    functionUrn: "urn:fss:region:project:function:default:hello:!prod",
    name: "API_open",
    path: "/open/{id}",
    method: "GET",
    auth: "NONE",
    matchMode: "SWA",
    protocol: "HTTPS",
    groupId: "shop",
    timeoutMs: 60_000,
  });
  const onProd = "urn:fss:region:project:function:default:hello:!prod";
  expect(inputs["hello-prod-greet"]).toMatchObject({ functionUrn: onProd, name: "greet" });
  expect(inputs["hello-prod-daily"]).toMatchObject({ functionUrn: onProd, name: "daily" });
  expect(inputs["hello-hourly"]).toEqual({
    functionUrn: URN,
    name: "hourly",
    scheduleType: "Rate",
    schedule: "1h",
    userEvent: "",
    enabled: true,
  });
  expect(inputs["mornings"]).toMatchObject({
    name: "mornings",
    scheduleType: "Cron",
    schedule: "0 30 8 ? * Mon-Fri",
    userEvent: "good morning",
    enabled: false,
  });
});

function program(environment: Record<string, string>): void {
  const hello = new fg.Function("hello", { ...HELLO, environment });
  hello.alias("prod", { version: hello.publish("current").version });
}

describe("the same program", () => {
  test("gives the same bytes, whatever the order of its maps", async () => {
    const one = await recorder.record(() => program({ A: "1", B: "2" }));
    const two = await recorder.record(() => program({ B: "2", A: "1" }));
    expect(canonical(two)).toBe(canonical(one));
  });

  test("with another variable is another content", async () => {
    const one = await recorder.record(() => program({ A: "1" }));
    const two = await recorder.record(() => program({ A: "2" }));
    const content = (each: typeof one): unknown => each.find(({ name }) => name === "hello-current")?.inputs;
    expect(content(two)).not.toEqual(content(one));
  });

  test("makes the version's digest a secret when a secret is in it", async () => {
    const recorded = await recorder.record(() => {
      const secret = { ...HELLO, encryptedEnvironment: { TOKEN: "s3cret" } };
      new fg.Function("hello", secret).publish("current");
    });
    const version = recorded.find(({ name }) => name === "hello-current");
    expect(version?.inputs["contentDigest"]).toEqual({ secret: expect.any(String) });
  });
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
