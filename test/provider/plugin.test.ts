import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import grpc from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { UNKNOWN } from "../../provider/unknown.ts";
import { StepGate } from "../pulumi/step-gate.ts";
import { ListeningEngine, methods, ProviderProcess, wire } from "./engine.ts";
import { TestPlatform } from "./platform.ts";

const MARK = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown): object => ({ [MARK]: "1b47061264138c4ac30d75fd1eb44270", value });
const urnOf = (kind: string): string =>
  `urn:pulumi:dev::shop::fungraph:index:Function$fungraph:index:${kind}::x`;

const HELLO = {
  name: "hello",
  runtime: "Node.js20.15",
  handler: "index.handler",
  codeType: "zip",
  codeSize: 10,
  codeDigest: "d1",
  codeFilename: "index.zip",
  codeArchive: ".fungraph/code/d1.zip",
};
const TIMER = {
  functionUrn: "urn:fss:local:p:function:default:hello:latest",
  name: "hourly",
  scheduleType: "Rate",
  schedule: "1h",
};

let provider: ProviderProcess;
beforeAll(async () => {
  provider = await ProviderProcess.start();
});
afterAll(() => provider[Symbol.asyncDispose]());

async function check(kind: string, given: Record<string, unknown>): Promise<proto.CheckResponse> {
  return await provider.call(
    methods.check,
    new proto.CheckRequest().setUrn(urnOf(kind)).setNews(wire(given)),
  );
}

async function diff(
  kind: string,
  old: Record<string, unknown>,
  next: Record<string, unknown>,
): Promise<proto.DiffResponse> {
  const request = new proto.DiffRequest().setUrn(urnOf(kind)).setOlds(wire(old)).setNews(wire(next));
  return await provider.call(methods.diff, request);
}

describe("the process", () => {
  test("prints its port and nothing else, and says which version it is", async () => {
    expect(provider.printed).toMatch(/^\d+\n$/);
    const info = await provider.call(methods.getPluginInfo, new empty.Empty());
    expect(info.getVersion()).toBe(packageFile.version);
    const reply = await provider.call(methods.getSchema, new proto.GetSchemaRequest());
    expect(JSON.parse(reply.getSchema())).toMatchObject({ name: "fungraph", version: packageFile.version });
  });

  test("leaves what it has no answer for unimplemented, as the engine expects", async () => {
    await expect(provider.call(methods.parameterize, new proto.ParameterizeRequest())).rejects.toMatchObject({
      code: grpc.status.UNIMPLEMENTED,
    });
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ends on %s", async (signal) => {
    await using own = await ProviderProcess.start();
    own.child.kill(signal);
    expect(await once(own.child, "exit")).toEqual([0, null]);
  });

  const old = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => existsSync(path) && major(path) < 24);
  if (old === undefined)
    console.log("skipped: this machine has no Node older than 24 to start the provider with");
  test.skipIf(old === undefined)(
    "starts on the Node that the package brings when an old one is found first",
    async () => {
      await using own = await ProviderProcess.start(old);
      const info = await own.call(methods.getPluginInfo, new empty.Empty());
      expect(info.getVersion()).toBe(packageFile.version);
    },
  );
});

function major(path: string): number {
  return Number(execFileSync(path, ["-p", "process.versions.node.split('.')[0]"], { encoding: "utf8" }));
}

describe("a check", () => {
  test("fills defaults and keeps secrets secret, leaf by leaf, marked by the program or not", async () => {
    const reply = await check("Function", {
      ...HELLO,
      environment: { PUBLIC: "1", HIDDEN: secret("2") },
      encryptedEnvironment: { TOKEN: "3" },
    });
    expect(reply.getFailuresList()).toEqual([]);
    expect(reply.getInputs()?.toJavaScript()).toMatchObject({
      memoryMb: 128,
      environment: { PUBLIC: "1", HIDDEN: secret("2") },
      encryptedEnvironment: { TOKEN: secret("3") },
    });
  });

  test("believes what is not known yet, secret or not", async () => {
    const reply = await check("Function", {
      ...HELLO,
      memoryMb: UNKNOWN,
      environment: { LATER: UNKNOWN },
      encryptedEnvironment: secret({ TOKEN: UNKNOWN }),
    });
    expect(reply.getFailuresList()).toEqual([]);
    expect(reply.getInputs()?.toJavaScript()).toMatchObject({
      memoryMb: UNKNOWN,
      environment: { LATER: UNKNOWN },
      encryptedEnvironment: { TOKEN: secret(UNKNOWN) },
    });
  });

  test("tells every fault with the property it is about", async () => {
    const reply = await check("Function", { ...HELLO, memoryMb: 3, timeoutSeconds: 0 });
    expect(reply.getFailuresList().map((failure) => failure.getProperty())).toEqual([
      "memoryMb",
      "timeoutSeconds",
    ]);
    expect(reply.getFailuresList()[0]?.getReason()).toContain("must be one of 128, 256");
  });

  test("refuses a type that the package does not have, by name", async () => {
    await expect(check("Funktion", {})).rejects.toThrow("fungraph has no resource fungraph:index:Funktion");
  });
});

describe("a diff", () => {
  const { ADD, DELETE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;

  test("names each property once, with what happens to it", async () => {
    const old = { ...HELLO, memoryMb: 128, environment: { A: "1", B: "2" } };
    const reply = await diff("Function", old, { ...old, memoryMb: 256, environment: { B: "3", C: "4" } });
    const kinds: Record<string, number> = {};
    reply.getDetaileddiffMap().forEach((kind, path) => (kinds[path] = kind.getKind()));
    expect(kinds).toEqual({
      memoryMb: UPDATE,
      "environment.A": DELETE,
      "environment.B": UPDATE,
      "environment.C": ADD,
    });
    expect(reply.getReplacesList()).toEqual([]);
  });

  test("says what makes a new one, and that the old one has to go first when both have one name", async () => {
    const old = { ...HELLO, package: "default" };
    const reply = await diff("Function", old, { ...old, runtime: "Node.js18.15" });
    expect(reply.getDetaileddiffMap().get("runtime")?.getKind()).toBe(UPDATE_REPLACE);
    expect(reply.getReplacesList()).toEqual(["runtime"]);
    expect(reply.getDeletebeforereplace()).toBe(true);
  });

  test("finds no difference in what differs only in its marks", async () => {
    const reply = await diff(
      "Function",
      { ...HELLO, encryptedEnvironment: { TOKEN: secret("3") } },
      { ...HELLO, encryptedEnvironment: secret({ TOKEN: "3" }) },
    );
    expect(reply.getChanges()).toBe(proto.DiffResponse.DiffChanges.DIFF_NONE);
  });
});

describe("a preview", () => {
  test("says nothing that it does not know", async () => {
    const request = new proto.CreateRequest()
      .setUrn(urnOf("Function"))
      .setProperties(wire(HELLO))
      .setPreview(true);
    const reply = await provider.call(methods.create, request);
    expect(reply.getId()).toBe("");
    expect(reply.getProperties()?.toJavaScript()).toMatchObject({
      functionUrn: UNKNOWN,
      functionName: "hello",
      version: "latest",
    });
  });
});

describe("a cancelled run", () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await TestPlatform.start();
  });
  afterAll(() => platform[Symbol.asyncDispose]());

  async function configured(endpoint: string, engine?: string): Promise<ProviderProcess> {
    const own = await ProviderProcess.start(process.execPath, engine);
    const { projectId, accessKey, secretKey } = platform.running;
    const settings = wire({ endpoint, projectId, accessKey, secretKey: secret(secretKey) });
    await own.call(methods.configure, new proto.ConfigureRequest().setArgs(settings));
    return own;
  }

  function createTimer(own: ProviderProcess): Promise<proto.CreateResponse> {
    const functionUrn = platform.urn("ticking");
    const request = new proto.CreateRequest().setUrn(urnOf("TimerTrigger"));
    return own.call(
      methods.create,
      request.setProperties(wire({ ...TIMER, userEvent: "", enabled: true, functionUrn })),
    );
  }

  test("tells the engine what the platform warns of, before it says that it is done", async () => {
    await platform.create(await platform.function("listening", "one"));
    using engine = await ListeningEngine.start();
    await using own = await configured(platform.running.endpoint, engine.address);
    const { projectId } = platform.running;
    const trigger = {
      functionUrn: platform.urn("listening"),
      topicUrn: `urn:smn:local:${projectId}:later`,
      enabled: true,
    };
    const request = new proto.CreateRequest().setUrn(urnOf("SmnTrigger")).setProperties(wire(trigger));
    expect((await own.call(methods.create, request)).getId()).not.toBe("");
    expect(engine.heard).toEqual([
      expect.stringMatching(/^warning: The project has no topic "later", so nothing calls the function/),
    ]);
  });

  test("finishes what has begun, and begins nothing more", async () => {
    await platform.create(await platform.function("ticking", "one"));
    await using gate = await StepGate.open(platform.running);
    await using own = await configured(gate.endpoint);
    const held = gate.next({ method: "POST", path: /\/triggers\//, when: "before" });
    const made = createTimer(own);
    const release = await held;
    await own.call(methods.cancel, new empty.Empty());
    await expect(createTimer(own)).rejects.toMatchObject({ code: grpc.status.CANCELLED });
    release();
    expect((await made).getId()).not.toBe("");
  });

  test("gives up on a platform that does not answer, after some seconds", async () => {
    await using gate = await StepGate.open(platform.running);
    await using own = await configured(gate.endpoint);
    const held = gate.next({ method: "POST", path: /\/triggers\//, when: "before" });
    const made = createTimer(own);
    made.catch(() => undefined);
    await held;
    await own.call(methods.cancel, new empty.Empty());
    await expect(made).rejects.toMatchObject({
      code: grpc.status.CANCELLED,
      details: expect.stringContaining("run `pulumi up` again"),
    });
  });
});
