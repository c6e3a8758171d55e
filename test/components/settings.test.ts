import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as Fungraph from "../../components/index.ts";
import { ProgramFolder, Recorder } from "./recorder.ts";

const recorder = await Recorder.start();
const fg: typeof Fungraph = await import("../../components/index.ts");

const HELLO = { runtime: "Node.js20.15", handler: "index.handler", code: "./hello" };
const URN = "urn:fss:region:project:function:default:hello:latest";
const POLICY = {
  name: "day",
  cron: "0 0 8 * * *",
  count: 5,
  from: "2027-01-01T00:00:00Z",
  until: "2027-02-01T00:00:00Z",
};

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder({
    "hello/index.js": "exports.handler = async (event) => event;\n",
    "numbers/numbers.js": "exports.one = 1;\n",
    "web/bootstrap": "#!/bin/sh\nexec node server.js\n",
    "backup/numbers.js~": "exports.one = 1;\n",
  });
});
afterAll(() => folder[Symbol.dispose]());

/** Runs a program that must not be accepted, and answers the message. */
async function refusal(program: () => void): Promise<string> {
  let message = "";
  const recorded = await recorder.record(() => {
    try {
      program();
    } catch (error) {
      message = error instanceof Error ? error.message : String(error);
    }
  });
  expect(recorded.filter(({ type }) => !type.endsWith(":Function"))).toEqual([]);
  return message;
}

describe("settings of a function, its versions and aliases", () => {
  test("with defaults only", async () => {
    const recorded = await recorder.record(() => {
      const hello = new fg.Function("hello", HELLO);
      hello.onAsync("queue", {});
      hello.testEvent("order", { event: '{"order": 1}' });
      hello.publish("v1", { versionName: "v1" }).reserve("warm", { count: 2 });
      void new fg.Dependency("numbers", { code: "./numbers", runtime: fg.Runtime.NodeJs20 });
    });
    const inputs = Object.fromEntries(recorded.map((each) => [each.name, each.inputs]));
    expect(inputs["hello-queue"]).toEqual({
      functionUrn: URN,
      maxRetries: 1,
      maxAgeSeconds: 3600,
      statusLog: false,
    });
    expect(inputs["hello-order"]).toEqual({ functionUrn: URN, name: "order", event: '{"order": 1}' });
    expect(inputs["hello-v1-warm"]).toMatchObject({ count: 2, idleMode: false, policies: [] });
    expect(inputs["numbers"]).toEqual({
      name: "numbers",
      runtime: "Node.js20.15",
      description: "",
      codeEtag: expect.stringMatching(/^[0-9a-f]{32}$/),
      codeSize: expect.any(Number),
      codeArchive: expect.stringMatching(/^\.fungraph\/code\/[0-9a-f]{32}\.zip$/),
    });
  });

  test("with everything set", async () => {
    const recorded = await recorder.record(() => {
      const numbers = new fg.Dependency("numbers", {
        code: "./numbers",
        runtime: "Node.js20.15",
        dependencyName: "numbers.lib",
        description: "Numbers.",
      });
      const hello = new fg.Function("hello", { ...HELLO, dependencies: [numbers.versionId, "another"] });
      const prod = hello.alias("prod", { version: "latest" });
      prod.onAsync("queue", {
        maxRetries: pulumi.output(0),
        maxAgeSeconds: 60,
        statusLog: true,
        onSuccess: "urn:fss:region:project:function:default:other:latest",
        onFailure: "urn:fss:region:project:function:default:alarm:latest",
      });
      prod.reserve("warm", { count: pulumi.output(1), idleMode: true, policies: [POLICY] });
      hello.testEvent("order", { event: pulumi.output("{}"), eventName: "first-order" });
    });
    const inputs = Object.fromEntries(recorded.map((each) => [each.name, each.inputs]));
    expect(inputs["numbers"]).toMatchObject({ name: "numbers.lib", description: "Numbers." });
    expect(inputs["hello"]?.["dependencies"]).toEqual(["numbers-version", "another"]);
    expect(inputs["hello-prod-queue"]).toEqual({
      functionUrn: "urn:fss:region:project:function:default:hello:!prod",
      maxRetries: 0,
      maxAgeSeconds: 60,
      statusLog: true,
      onSuccess: "urn:fss:region:project:function:default:other:latest",
      onFailure: "urn:fss:region:project:function:default:alarm:latest",
    });
    expect(inputs["hello-prod-warm"]).toMatchObject({
      count: 1,
      idleMode: true,
      policies: [
        { name: "day", cron: "0 0 8 * * *", count: 5, startTime: 1_798_761_600, expiredTime: 1_801_440_000 },
      ],
    });
    expect(inputs["hello-order"]).toMatchObject({ name: "first-order", event: "{}" });
  });
});

describe("fails with every fault at once:", () => {
  test("reserved instances", async () => {
    const message = await refusal(() => {
      const policies = [
        { ...POLICY, count: 1, cron: "daily" },
        { ...POLICY, name: "night", from: "yesterday", until: "2027-01-01" },
        { ...POLICY, name: "never", from: POLICY.until, until: POLICY.from },
      ];
      void new fg.ReservedInstances("warm", { functionUrn: URN, count: 2, policies });
    });
    expect(message).toContain('ReservedInstances "warm" has invalid arguments:');
    for (const fault of [
      'policies[0].cron: "daily"',
      "policies[0].count: 1",
      'policies[1].from: "yesterday"',
      'policies[1].until: "2027-01-01"',
    ])
      expect(message).toContain(fault);
    const swapped = await refusal(() => {
      const policies = [{ ...POLICY, from: POLICY.until, until: POLICY.from }];
      void new fg.ReservedInstances("warm", { functionUrn: URN, count: 2, policies });
    });
    expect(swapped).toContain('policies[0].until: "2027-01-01T00:00:00.000Z" — must be after from');
  });

  test("asynchronous settings, a dependency, a test event", async () => {
    const numbers = { code: "./backup", runtime: "Node.js20.15", dependencyName: "my numbers" };
    expect(
      await refusal(() => void new fg.AsyncInvoke("queue", { functionUrn: URN, maxRetries: 9 })),
    ).toContain("maxRetries: 9");
    const dependency = await refusal(() => void new fg.Dependency("numbers", numbers));
    expect(dependency).toContain('dependencyName: "my numbers"');
    expect(dependency).toContain("a name cannot end in ~");
    expect(await refusal(() => void new fg.TestEvent("order", { functionUrn: URN, event: "{" }))).toContain(
      "event: must be a JSON text. Write JSON.stringify({ order: 1 }), for example. (FSS.1074)",
    );
  });

  test("an HTTP function with anything but HTTP triggers", async () => {
    const http = { runtime: fg.Runtime.Http, handler: "bootstrap", code: "./web" };
    for (const kind of ["onTimer", "onAsync"] as const)
      expect(await refusal(() => void new fg.Function("web", http)[kind]("x", { every: "1h" }))).toContain(
        "an HTTP function takes HTTP triggers only",
      );
  });
});
