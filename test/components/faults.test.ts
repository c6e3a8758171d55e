import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as Fungraph from "../../components/index.ts";
import { ProgramFolder, Recorder } from "./recorder.ts";

const recorder = await Recorder.start();
const fg: typeof Fungraph = await import("../../components/index.ts");

const HELLO = { runtime: "Node.js20.15", handler: "index.handler", code: "./hello" };
const functionUrn = "urn:fss:region:project:function:default:hello:latest";

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder({
    "hello/index.js": "exports.handler = async (event, context) => event;\n",
    "broken/index.ts": "export const handler = (event: unknown, context: unknown) => {\n",
    "notes.txt": "not code",
  });
});
afterAll(() => folder[Symbol.dispose]());

/** The message of the one error; nothing may have been registered. */
async function messageOf(declare: () => unknown): Promise<string> {
  let error: unknown;
  const recorded = await recorder.record(() => {
    try {
      declare();
    } catch (reason) {
      error = reason;
    }
  });
  expect(recorded).toEqual([]);
  if (!(error instanceof pulumi.ResourceError)) throw new Error(`no ResourceError: ${String(error)}`);
  expect(error.hideStack).toBe(true);
  return error.message;
}

describe("fails a function", () => {
  test("with every fault at once", async () => {
    const message = await messageOf(
      () =>
        new fg.Function("9lives", {
          ...HELLO,
          code: "./hello",
          memoryMb: 100,
          timeoutSeconds: 1,
          concurrency: 0,
          maxInstances: 2000,
          description: "x".repeat(513),
          environment: { RUNTIME_CPU: "fast", "a-b": "c" },
          encryptedEnvironment: { "9": "s3cret" },
          initializer: { handler: "other.initialize", timeoutSeconds: 301 },
          preStop: { handler: "index", timeoutSeconds: 91 },
          heartbeatHandler: "index.heartbeat",
        }),
    );
    expect(message.split("\n")[0]).toBe('Function "9lives" has invalid arguments:');
    expect(
      message
        .split("\n")
        .slice(1)
        .map((line) => /^ {2}- ([^:]+):.* \((FSS\.\d{4})\)$/.exec(line)?.slice(1)),
    ).toEqual([
      ["functionName", "FSS.1002"],
      ["initializer.handler", "FSS.1404"],
      ["initializer.timeoutSeconds", "FSS.1405"],
      ["preStop.handler", "FSS.1003"],
      ["preStop.timeoutSeconds", "FSS.0400"],
      ["heartbeatHandler", "FSS.1003"],
      ["memoryMb", "FSS.1007"],
      ["timeoutSeconds", "FSS.1008"],
      ["environment.RUNTIME_CPU", "FSS.1009"],
      ["environment.a-b", "FSS.1009"],
      ["encryptedEnvironment.9", "FSS.1009"],
      ["description", "FSS.1019"],
      ["concurrency", "FSS.1026"],
      ["maxInstances", "FSS.1026"],
    ]);
    expect(message).not.toContain("s3cret");
  });

  test.each([
    ["memoryMb", { memoryMb: 3 }, "memoryMb: 3 — must be one of 128, 256,"],
    [
      "a timeout",
      { timeoutSeconds: 2.5 },
      "timeoutSeconds: 2.5 — must be a whole number from 3 to 259200 seconds. Use 3, for example. (FSS.1008)",
    ],
    ["a name", { functionName: "späti" }, 'functionName: "späti" — must start with a letter'],
    [
      "a runtime",
      { runtime: "Node.js21" },
      'runtime: "Node.js21" — is not a runtime of the service. Use one of Node.js6.10,',
    ],
    ["a handler", { handler: "index" }, 'handler: "index" — must be the entry file at the root of the code'],
    [
      "a handler that is not in the code",
      { handler: "index.serve" },
      'handler: "index.serve" — index.js has no function serve. Define serve in index.js and export it',
    ],
    [
      "an entry file that is not there",
      { handler: "main.handler" },
      "the entry file main.js or main.cjs or main.mjs must be at the root of the code",
    ],
    [
      "a folder that is not there",
      { code: "./hullo" },
      'code: "./hullo" — does not exist. Correct the path; it counts from ',
    ],
    [
      "a file that is no code",
      { code: "./notes.txt" },
      "code is a folder, a .zip or .jar file, or a .ts entry of a Node.js function",
    ],
    ["source with an error", { code: "./broken/index.ts" }, 'code: "index.ts:2:1" — Unexpected end of file'],
  ])("for %s", async (_what, wrong, expected) => {
    const message = await messageOf(() => new fg.Function("hello", { ...HELLO, ...wrong }));
    expect(message).toContain(`Function "hello" has invalid arguments:\n  - `);
    expect(message).toContain(expected);
  });

  test("for code that is not there together with a runtime that is none", async () => {
    const wrong = { runtime: "Node.js99", code: "./nowhere", memoryMb: 3 };
    const message = await messageOf(() => new fg.Function("hello", { ...HELLO, ...wrong }));
    expect(message).toContain('runtime: "Node.js99"');
    expect(message).toContain("memoryMb: 3");
    expect(message).toContain('code: "./nowhere" — does not exist. Correct the path; it counts from ');
  });

  test.each([
    [{}, "code: is missing. Give the folder that it is in"],
    [
      { runtime: "Custom Image", handler: "-" },
      "image: the runtime Custom Image needs an image. Give the address of a container image",
    ],
    [
      { runtime: "Custom Image", handler: "-", image: { reference: "shop:1" }, code: "./hello" },
      "code: a function with a container image has no other code. Leave out code, or image.",
    ],
    [
      { runtime: "http", handler: "-", image: { reference: "shop:1", uid: 0 } },
      "image.uid: 0 — must be a whole number from 1001 to 65533: root and the ids below are reserved",
    ],
  ])("for %o: code, an image, or both", async (change, said) => {
    const { runtime, handler } = HELLO;
    expect(await messageOf(() => new fg.Function("hello", { runtime, handler, ...change }))).toContain(said);
  });

  test("takes values that only come later on trust", async () => {
    const later = pulumi.output(7);
    const recorded = await recorder.record(
      () =>
        void new fg.Function("hello", { ...HELLO, memoryMb: later, environment: pulumi.output({ A: "b" }) }),
    );
    expect(recorded[0]?.inputs).toMatchObject({ memoryMb: 7, environment: { A: "b" } });
  });

  test("published twice without a name", async () => {
    let message = "";
    await recorder.record(() => {
      const hello = new fg.Function("hello", HELLO);
      hello.publish("blue");
      try {
        hello.publish("green");
      } catch (error) {
        message = (error as Error).message;
      }
    });
    expect(message).toBe(
      'Version "hello-green" has invalid arguments:\n' +
        '  - versionName: the function is published as "blue" already, and the platform keeps one version of one content. ' +
        "Use that version in both places, or give this one a versionName. (FSS.1016)",
    );
  });
});

describe("fails", () => {
  test.each([
    [
      "a version called latest",
      () => new fg.Version("v", { functionUrn, versionName: "latest" }),
      'versionName: "latest" — is the version that always changes and cannot be published.',
    ],
    [
      "a version's description",
      () => new fg.Version("v", { functionUrn, description: "x".repeat(600) }),
      "has 600 characters, at most 512 are allowed",
    ],
    [
      "an alias's name",
      () => new fg.Alias("live!", { functionUrn, version: "v1" }),
      'aliasName: "live!" — must start and end with a letter or digit',
    ],
    [
      "a grey version that is latest",
      () => new fg.Alias("a", { functionUrn, version: "v1", additional: { version: "latest", weight: 5 } }),
      'additional.version: "latest" — the grey version cannot be latest, which changes under way.',
    ],
    [
      "a weight over 100",
      () => new fg.Alias("a", { functionUrn, version: "v1", additional: { version: "v2", weight: 101 } }),
      "additional.weight: 101 — must be a whole number from 0 to 100 percent.",
    ],
    [
      "a path without a slash",
      () => new fg.HttpTrigger("h", { functionUrn, path: "photo" }),
      'path: "photo" — must start with /',
    ],
    [
      "a method",
      () => new fg.HttpTrigger("h", { functionUrn, path: "/", method: "FETCH" as Fungraph.HttpMethod }),
      'method: "FETCH" — must be one of GET, POST,',
    ],
    [
      "a backend timeout",
      () => new fg.HttpTrigger("h", { functionUrn, path: "/", timeoutMs: 0 }),
      "timeoutMs: 0 — must be a whole number",
    ],
    [
      "a trigger's name",
      () => new fg.HttpTrigger("h", { functionUrn, path: "/", triggerName: "1" }),
      'triggerName: "1" — must start with a letter',
    ],
    [
      "a rate",
      () => new fg.TimerTrigger("t", { functionUrn, every: "90s" }),
      'every: "90s" — a rate is a whole number and m, h or d',
    ],
    [
      "a rate that is too long",
      () => new fg.TimerTrigger("t", { functionUrn, every: "61m" }),
      'every: "61m" — a rate in minutes is from 1 to 60. Write "60m", for example.',
    ],
    [
      "a cron expression",
      () => new fg.TimerTrigger("t", { functionUrn, cron: "0 0 25 * * ?" }),
      'cron: "0 0 25 * * ?" — ',
    ],
    [
      "a timer without a schedule",
      () => new fg.TimerTrigger("t", { functionUrn }),
      "every, cron: a timer needs one of them.",
    ],
    [
      "a timer with two",
      () => new fg.TimerTrigger("t", { functionUrn, every: "1h", cron: "@every 1h" }),
      "every, cron: a timer has one schedule, not both.",
    ],
  ] as const)("%s", async (_what, declare, expected) => {
    expect(await messageOf(declare)).toContain(`  - ${expected.startsWith("has ") ? "" : expected}`);
    expect(await messageOf(declare)).toContain(expected);
  });
});

describe("the platform", () => {
  test.each([
    [{}, "embedded", ""],
    [
      { "fungraph:target": "remote", "fungraph:endpoint": "https://functions.example" },
      "remote",
      "https://functions.example",
    ],
  ])("with %j", async (config: Record<string, string>, target, endpoint) => {
    pulumi.runtime.setAllConfig(config);
    let platform: Fungraph.Platform | undefined;
    const recorded = await recorder.record(() => {
      platform = new fg.Platform("platform");
    });
    expect(recorded).toEqual([{ type: "fungraph:index:Platform", name: "platform", inputs: {} }]);
    const outputs = await new Promise((resolve) => {
      pulumi.all([platform?.target, platform?.endpoint]).apply(resolve);
    });
    expect(outputs).toEqual([target, endpoint]);
  });

  test.each([
    [
      { "fungraph:target": "cloud" },
      'fungraph:target: "cloud" — must be one of embedded, docker, kubernetes, remote. Type `pulumi config set fungraph:target embedded`. (FSS.0400)',
    ],
    [
      { "fungraph:target": "docker", "docker:host": "ssh://somewhere" },
      'docker:host: "ssh://somewhere" — must be an engine of this machine',
    ],
    [{ "fungraph:target": "kubernetes" }, "that comes with the kubernetes target. Use embedded, or remote"],
    [
      { "fungraph:target": "remote" },
      "fungraph:endpoint: the target remote needs the http or https address of a platform.",
    ],
    [
      { "fungraph:target": "remote", "fungraph:endpoint": "functions" },
      'fungraph:endpoint: "functions" — the target remote needs',
    ],
  ])("fails with %j", async (config: Record<string, string>, expected) => {
    pulumi.runtime.setAllConfig(config);
    expect(await messageOf(() => new fg.Platform("platform"))).toContain(expected);
  });
});
