import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalizeFunction } from "../../model/function.ts";
import { nodejs } from "../../platform/drivers/process/languages/nodejs.ts";
import { python } from "../../platform/drivers/process/languages/python.ts";
import { IMAGES } from "../runtimes/languages/language.ts";
import { archive, dataFolder, PlatformProcess } from "./support.ts";

/** The oldest and the newest runtime of both families, and one of the time before a change of ours. */
const RUNTIMES = [
  ["Node.js6.10", "nodejs", ".js"],
  ["Node.js12.13", "nodejs", ".js"],
  ["Node.js20.15", "nodejs", ".js"],
  ["Python2.7", "python", ".py"],
  ["Python3.6", "python", ".py"],
  ["Python3.12", "python", ".py"],
] as const;

const here = (await Promise.all([nodejs.find(), python.find()])).flat();

/** What `contract/<family>/surroundings` tells. */
interface Surroundings {
  readonly version: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly context: readonly unknown[];
  readonly left: number;
}

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: PlatformProcess;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await PlatformProcess.start({ dataDir: folder.path });
}, 60_000);

afterAll(async () => {
  await platform.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

function nameOf(runtime: string): string {
  return `in-${runtime.replaceAll(".", "-")}`;
}

async function deploy(runtime: string, family: string, ending: string): Promise<string> {
  const source = await readFile(`${IMAGES}/contract/${family}/surroundings${ending}`, "utf8");
  const spec = normalizeFunction({
    name: nameOf(runtime),
    package: "tools",
    runtime,
    handler: "index.handler",
    initializer: { handler: "index.init", timeoutSeconds: 5 },
    memoryMb: 256,
    timeoutSeconds: 20,
    environment: { PLAIN: "plain" },
    encryptedEnvironment: { SECRET: "secret" },
  });
  const file = await archive({ [`index${ending}`]: source });
  const reply = await platform.client.functions.create(spec, { type: "zip", file, filename: "code.zip" });
  return reply.urn;
}

describe.each(RUNTIMES)("%s", (runtime, family, ending) => {
  const version = runtime.replace(/^[A-Za-z.]*?(?=\d)/, "");
  const exact = here.some((one) => one.family === family && majorOf(one.version) === majorOf(version));

  test.skipIf(!exact)(
    "an instance finds what the guide says, and nothing of the platform",
    async ({ skip }) => {
      if (!platform.facts.isolation.inForce.includes("read-only code and system")) skip("no sandbox here");
      const urn = await deploy(runtime, family, ending);
      const published = await platform.client.versions.publish(urn, { name: "v1" });
      await platform.client.aliases.create(urn, { name: "live", version: "v1", description: "" });
      const reply = await platform.client.invocations.invoke(published.urn.replace(/:v1$/, ":!live"), "{}");
      expect(reply).toMatchObject({ failed: false });
      const found = JSON.parse(reply.result.toString()) as Surroundings;

      expect(majorOf(found.version)).toBe(majorOf(version));
      expect(found).toMatchObject({
        ids: [1003, 1003, 1003, 1003],
        groups: [],
        folder: "/opt/function",
        code: [`index${ending}`],
        writes: ["EROFS", "EROFS", "EROFS", "EROFS", "EROFS", "done"],
        limits: expect.stringMatching(/^Max open files +1024 +1024$/) as string,
        descriptors: ["EMFILE", true, true],
        capabilities: ["CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1"],
      });
      const { projectId } = platform.facts;
      const name = nameOf(runtime);
      const told = [
        reply.requestId,
        name,
        "v1",
        "tools",
        projectId,
        256,
        400,
        20_000,
        "live",
        "plain",
        "secret",
      ];
      expect(found.context).toEqual(told);
      expect(found.left).toBeGreaterThan(0);
      expect(found.left).toBeLessThanOrEqual(20_000);
      expectEnvironment(found.environment, {
        RUNTIME_PROJECT_ID: projectId,
        RUNTIME_FUNC_NAME: name,
        RUNTIME_FUNC_VERSION: "v1",
      });
    },
  );
});

/** Guide table 3-16, to the letter; and of the platform's own nothing. */
function expectEnvironment(environment: Surroundings["environment"], own: Record<string, string>): void {
  const presets = Object.entries(environment).filter(([name]) => name.startsWith("RUNTIME_"));
  const { RUNTIME_USERDATA, ...rest } = Object.fromEntries(presets);
  expect(JSON.parse(RUNTIME_USERDATA ?? "")).toEqual({ PLAIN: "plain", SECRET: "secret" });
  expect(rest).toEqual({
    ...own,
    RUNTIME_PACKAGE: "tools",
    RUNTIME_HANDLER: "index.handler",
    RUNTIME_TIMEOUT: "20",
    RUNTIME_CPU: "400",
    RUNTIME_MEMORY: "256",
    RUNTIME_MAX_RESP_BODY_SIZE: "6291456",
    RUNTIME_INITIALIZER_HANDLER: "index.init",
    RUNTIME_INITIALIZER_TIMEOUT: "5",
    RUNTIME_ROOT: "/home/snuser/runtime",
    RUNTIME_CODE_ROOT: "/opt/function/code",
    RUNTIME_LOG_DIR: "/home/snuser/log",
  });
  expect(environment).toMatchObject({
    PLAIN: "plain",
    SECRET: "secret",
    HOME: "/home/snuser",
    TMPDIR: "/tmp",
  });
  expect(Object.keys(environment).filter((name) => name.startsWith("FUNGRAPH"))).toEqual([]);
}

/** The libraries of guide 3.9 where functions find them, when they are installed. */
test.skipIf(!here.some(({ family, libraries }) => family === "nodejs" && libraries))(
  "Node.js functions require and import the service's modules",
  async ({ skip }) => {
    if (!platform.facts.isolation.inForce.includes("mount namespace")) skip("no sandbox here");
    const code = `const required = require("lodash").VERSION;
exports.handler = async () => [required, (await import("express")).default.name, require.resolve("q")];`;
    await platform.deploy("modules", code.replace("async ()", "async (event, context)"));
    const { result } = await platform.client.invocations.invoke("modules", "{}");
    expect(JSON.parse(result.toString())).toEqual([
      expect.stringMatching(/^4\./) as string,
      "createApplication",
      "/opt/function/node_modules/q/q.js",
    ]);
  },
);

test.skipIf(!here.some(({ family, libraries }) => family === "python" && libraries))(
  "Python functions import the service's modules",
  async ({ skip }) => {
    if (!platform.facts.isolation.inForce.includes("mount namespace")) skip("no sandbox here");
    const { version } = here.findLast(({ family, libraries }) => family === "python" && libraries) ?? {
      version: "",
    };
    const runtime = platform.facts.runtimes.find(({ detail }) =>
      detail.endsWith(`(version ${version})`),
    )?.runtime;
    if (runtime === undefined) skip("no runtime of this version");
    const code =
      "import numpy\ndef handler(event, context):\n    return [int(numpy.arange(4).sum()), numpy.__file__]\n";
    const spec = normalizeFunction({
      name: "numbers",
      runtime: runtime ?? "",
      handler: "index.handler",
      memoryMb: 512,
    });
    const file = await archive({ "index.py": code });
    await platform.client.functions.create(spec, { type: "zip", file, filename: "code.zip" });
    const { result } = await platform.client.invocations.invoke("numbers", "{}");
    expect(JSON.parse(result.toString())).toEqual([6, "/opt/function/libraries/numpy/__init__.py"]);
  },
);

function majorOf(version: string): string {
  const [major = "", minor = ""] = version.split(".");
  return Number(major) > 3 ? major : `${major}.${minor}`;
}
