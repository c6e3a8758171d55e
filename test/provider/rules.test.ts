import { describe, expect, test } from "vitest";
import type { Properties, ResourceLogic } from "../../provider/resource.ts";
import { resources } from "../../provider/resources.ts";
import { UNKNOWN } from "../../provider/unknown.ts";
import { short } from "../support/faults.ts";

const functionUrn = "urn:fss:here:project:function:default:hello:latest";
const place = { region: "here", projectId: "project" };
const CODE = {
  codeType: "zip",
  codeSize: 10,
  codeDigest: "d1",
  codeFilename: "index.zip",
  codeArchive: ".fungraph/code/d1.zip",
};
const HELLO = { name: "hello", runtime: "Node.js20.15", handler: "index.handler", ...CODE };
const HTTP = { functionUrn, name: "photo", path: "/photo" };
const TIMER = { functionUrn, name: "hourly", scheduleType: "Rate", schedule: "1h" };
const KAFKA = { functionUrn, instanceId: "kafka-1", topics: ["orders"], user: "shop", password: "s3cret" };
const RABBIT = { functionUrn, instanceId: "rabbit-1", exchange: "orders", password: "s3cret" };
const ALIAS = { functionUrn, name: "prod", version: "v1" };

function logic(kind: string): ResourceLogic {
  const found = resources[`fungraph:index:${kind}`];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function faultsOf(kind: string, given: Properties): string[] {
  return short(logic(kind).check(given).faults);
}

/** The changes between two declarations, written `property kind`, and whether the old one has to go first. */
function diffOf(kind: string, old: Properties, next: Properties): { changes: string[]; first: boolean } {
  const one = logic(kind);
  const found = one.diff(one.check(old).inputs, one.check(next).inputs);
  expect(found.replace).toEqual(
    found.changes.filter((change) => change.kind === "replace").map((change) => change.property),
  );
  const changes = found.changes.map((change) => `${change.property} ${change.kind}`);
  return { changes, first: found.deleteBeforeReplace };
}

describe("check", () => {
  test("fills in the defaults", () => {
    expect(logic("Function").check(HELLO)).toEqual({
      faults: [],
      inputs: {
        ...HELLO,
        package: "default",
        memoryMb: 128,
        timeoutSeconds: 3,
        description: "",
        environment: {},
        encryptedEnvironment: {},
        concurrency: 1,
        maxInstances: 400,
        dynamicMemory: false,
      },
    });
    expect(logic("HttpTrigger").check(HTTP).inputs).toEqual({
      ...HTTP,
      method: "ANY",
      auth: "IAM",
      matchMode: "NORMAL",
      protocol: "HTTP",
      groupId: "DEFAULT",
      timeoutMs: 5000,
    });
    expect(logic("TimerTrigger").check(TIMER).inputs).toEqual({ ...TIMER, userEvent: "", enabled: true });
    expect(logic("Alias").check(ALIAS).inputs).toEqual({ ...ALIAS, description: "" });
    expect(logic("Version").check({ functionUrn }).inputs).toEqual({ functionUrn, description: "" });
  });

  test.each([
    ["Function", { ...HELLO, memoryMb: 3, handler: "x" }, ["handler FSS.1003", "memoryMb FSS.1007"]],
    ["Function", { ...HELLO, memoryMb: "128", extra: 1 }, ["memoryMb FSS.0400", "body FSS.0400"]],
    [
      "Function",
      { name: "hello" },
      [
        "runtime FSS.0400",
        "handler FSS.0400",
        "codeType FSS.0400",
        "codeSize FSS.0400",
        "codeDigest FSS.0400",
        "codeFilename FSS.0400",
        "codeArchive FSS.0400",
      ],
    ],
    ["Version", { functionUrn: "hello", name: "latest" }, ["functionUrn FSS.1051", "name FSS.1015"]],
    [
      "Alias",
      { ...ALIAS, additional: { version: "latest", weight: 200 } },
      ["additional.weight FSS.1092", "additional.version FSS.1091"],
    ],
    ["HttpTrigger", { ...HTTP, path: "photo", auth: "nobody" }, ["path FSS.1107", "auth FSS.1107"]],
    ["TimerTrigger", { ...TIMER, schedule: "1w" }, ["schedule FSS.1109"]],
  ])("fails %s %j", (kind, given: Properties, expected) => {
    expect(faultsOf(kind, given)).toEqual(expected);
  });

  test.each([
    ["Function", { ...HELLO, memoryMb: UNKNOWN, environment: { A: UNKNOWN } }],
    ["Version", { functionUrn: UNKNOWN, contentDigest: UNKNOWN }],
    [
      "Alias",
      { ...ALIAS, functionUrn: UNKNOWN, version: UNKNOWN, additional: { version: UNKNOWN, weight: 5 } },
    ],
    ["HttpTrigger", { ...HTTP, functionUrn: UNKNOWN, path: UNKNOWN }],
    ["TimerTrigger", { ...TIMER, functionUrn: UNKNOWN, schedule: UNKNOWN }],
    ["TimerTrigger", { ...TIMER, scheduleType: "Cron", schedule: UNKNOWN }],
  ])("believes what is not known yet: %s %j", (kind, given: Properties) => {
    const { inputs, faults } = logic(kind).check(given);
    expect(faults).toEqual([]);
    expect(inputs).toMatchObject(given);
  });

  test("never shows a secret", () => {
    const secret = { encryptedEnvironment: { "1": "s3cret", B: 7 } };
    for (const wrong of [secret, { encryptedEnvironment: { "1": "s3cret" } }])
      expect(JSON.stringify(logic("Function").check({ ...HELLO, ...wrong }).faults)).not.toContain("s3cret");
    expect(logic("Function").secrets).toEqual(["encryptedEnvironment"]);
  });
});

function diffHello(next: Properties): ReturnType<typeof diffOf> {
  const environment = { A: "1", B: "2" };
  return diffOf("Function", { ...HELLO, environment }, { ...HELLO, environment, ...next });
}

describe("diff of a function", () => {
  test.each([
    [{}, []],
    [{ environment: { B: "2", A: "1" } }, []],
    [{ codeFilename: "x.zip", codeArchive: "elsewhere" }, []],
    [{ environment: { A: "1", B: "3", C: "4" } }, ["environment.B update", "environment.C update"]],
    [{ environment: {} }, ["environment.A update", "environment.B update"]],
    [{ codeDigest: "d2", codeSize: 11 }, ["codeDigest update", "codeSize update"]],
    [{ memoryMb: 256, timeoutSeconds: 5 }, ["memoryMb update", "timeoutSeconds update"]],
    [{ initializer: { handler: "index.init", timeoutSeconds: 3 } }, ["initializer update"]],
    [{ environment: UNKNOWN }, ["environment update"]],
  ])("%j", (next, changes) => {
    expect(diffHello(next)).toEqual({ changes, first: false });
  });

  test.each([
    [{ name: "greeter" }, ["name replace"], false],
    [{ runtime: "Node.js18.15", memoryMb: 256 }, ["memoryMb update", "runtime replace"], true],
    [{ package: "shop" }, ["package replace"], false],
  ])("%j makes a new one", (next, changes, first) => {
    expect(diffHello(next)).toEqual({ changes, first });
  });
});

describe("diff of the rest", () => {
  const version = { functionUrn, contentDigest: "a" };
  const other = functionUrn.replace("hello", "other");

  test.each([
    ["Version", version, { ...version, contentDigest: "b" }, ["contentDigest replace"], false],
    [
      "Version",
      { functionUrn, name: "v1" },
      { functionUrn, name: "v1", description: "x" },
      ["description replace"],
      true,
    ],
    ["Version", { functionUrn, name: "v1" }, { functionUrn, name: "v2" }, ["name replace"], false],
    ["Alias", ALIAS, { ...ALIAS, version: "v2" }, ["version update"], false],
    ["Alias", ALIAS, { ...ALIAS, additional: { version: "v2", weight: 1 } }, ["additional update"], false],
    ["Alias", ALIAS, { ...ALIAS, name: "live" }, ["name replace"], false],
    ["Alias", ALIAS, { ...ALIAS, functionUrn: other }, ["functionUrn replace"], false],
    ["HttpTrigger", HTTP, { ...HTTP, auth: "NONE" }, ["auth replace"], true],
    ["HttpTrigger", HTTP, { ...HTTP, path: "/picture" }, ["path replace"], false],
    ["KafkaTrigger", KAFKA, { ...KAFKA, password: "other" }, ["password replace"], true],
    ["KafkaTrigger", KAFKA, { ...KAFKA, topics: ["goods"] }, ["topics replace"], false],
    ["RabbitMqTrigger", RABBIT, { ...RABBIT, password: "other" }, ["password replace"], true],
    ["RabbitMqTrigger", RABBIT, { ...RABBIT, vhost: "shop" }, ["vhost replace"], false],
    ["TimerTrigger", TIMER, { ...TIMER, enabled: false }, ["enabled update"], false],
    ["TimerTrigger", TIMER, { ...TIMER, schedule: "2h" }, ["schedule replace"], true],
  ])("%s %j → %j", (...[kind, old, next, changes, first]) => {
    expect(diffOf(kind, old, next)).toEqual({ changes, first });
  });
});

function predict(kind: string, given: Properties, old?: Properties): Properties {
  return logic(kind).predict(logic(kind).check(given).inputs, place, old);
}

describe("predict", () => {
  test("says what is certain without the platform, and no more", () => {
    expect(predict("Function", HELLO)).toEqual({ functionUrn, functionName: "hello", version: "latest" });
    expect(predict("Version", { functionUrn, name: "v1" })).toEqual({
      version: "v1",
      versionUrn: functionUrn.replace("latest", "v1"),
    });
    expect(predict("Version", { functionUrn })).toEqual({ version: UNKNOWN, versionUrn: UNKNOWN });
    expect(predict("Alias", ALIAS)).toEqual({ aliasUrn: functionUrn.replace("latest", "!prod") });
    expect(predict("Alias", { ...ALIAS, functionUrn: UNKNOWN })).toEqual({ aliasUrn: UNKNOWN });
    expect(predict("HttpTrigger", HTTP)).toEqual({ triggerId: UNKNOWN, url: UNKNOWN });
    expect(predict("TimerTrigger", TIMER)).toEqual({ triggerId: UNKNOWN });
  });

  test("keeps what an existing one has", () => {
    expect(predict("HttpTrigger", HTTP, { triggerId: "t", url: "u" })).toEqual({ triggerId: "t", url: "u" });
    expect(predict("Version", { functionUrn }, { version: "v2026" })).toMatchObject({ version: "v2026" });
  });
});
