import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type * as Fungraph from "../../components/index.ts";
import { ProgramFolder, Recorder } from "./recorder.ts";

const recorder = await Recorder.start(true);
const fg: typeof Fungraph = await import("../../components/index.ts");
const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
afterEach(() => warn.mockClear());

const HELLO = { runtime: "Node.js20.15", handler: "index.handler", code: "./hello" };
const WEB = { runtime: fg.Runtime.Http, handler: "bootstrap", code: "./web" };
const BUCKET = { bucket: "photos", prefix: "in/" };

let folder: ProgramFolder;
beforeAll(() => {
  folder = new ProgramFolder({
    "hello/index.js": "exports.handler = async (event, context) => event;\n",
    "web/bootstrap": "#!/bin/sh\nexec node server.js\n",
  });
});
afterAll(() => folder[Symbol.dispose]());

/** Runs a program and answers what it was refused with; an empty text when it was not. */
async function refusal(program: () => void): Promise<string> {
  let message = "";
  await recorder.record(() => {
    try {
      program();
    } catch (error) {
      message = error instanceof pulumi.ResourceError ? error.message : `stack: ${String(error)}`;
    }
  });
  return message;
}

function warnings(): string[] {
  return warn.mock.calls.map(([text]) => text).filter((text) => !text.includes("no such event source"));
}

describe("an HTTP function", () => {
  type Declare = (web: Fungraph.Function) => unknown;
  const topicUrn = "urn:smn:region:project:orders";
  const cases: [string, Declare][] = [
    ["a timer", (web) => web.onTimer("hourly", { every: "1h" })],
    ["a timer of its alias", (web) => web.alias("prod", { version: "latest" }).onTimer("h", { every: "1h" })],
    ["an event source", (web) => new fg.SmnTrigger("orders", { functionUrn: web.functionUrn, topicUrn })],
    [
      "an event source of its version",
      (web) =>
        new fg.SmnTrigger("orders", {
          functionUrn: web.publish("v1", { versionName: "v1" }).versionUrn,
          topicUrn,
        }),
    ],
    ["settings of asynchronous requests", (web) => web.onAsync("queue", {})],
  ];

  test.each(cases)("takes no %s", async (_what, declare) => {
    const message = await refusal(() => declare(new fg.Function("web", WEB)));
    expect(message).toContain(
      'functionUrn: "http" — an HTTP function takes HTTP triggers only, and no asynchronous requests (guide 3.2.2.2). ' +
        "Use onHttp, or a function with another runtime. (FSS.1101)",
    );
  });

  test("takes no asynchronous HTTP trigger, and all faults of it are told at once", async () => {
    const message = await refusal(() =>
      new fg.Function("web", WEB).onHttp("all", { path: "all", asynchronous: true }),
    );
    expect(message).toContain('asynchronous: "http" — an HTTP function takes');
    expect(message).toContain('path: "all"');
  });

  test("has all its HTTP triggers in one gateway", async () => {
    const dedicated = { gateway: fg.HttpGateway.Dedicated, instanceId: "gateway-1" };
    const message = await refusal(() => {
      const web = new fg.Function("web", WEB);
      web.onHttp("one", { path: "/one", ...dedicated });
      web.onHttp("two", { path: "/two", ...dedicated });
      web.onHttp("three", { path: "/three" });
    });
    expect(message).toContain(
      'gateway: "APIG" — the HTTP triggers of one HTTP function are in one gateway, and web-one is in DEDICATEDGATEWAY gateway-1',
    );
  });

  test("other functions take all of it", async () => {
    const message = await refusal(() => {
      const hello = new fg.Function("hello", HELLO);
      hello.onHttp("one", { path: "/one", gateway: fg.HttpGateway.Apic, asynchronous: true });
      hello.onHttp("two", { path: "/two" });
      hello.onTimer("hourly", { every: "1h" });
      hello.onAsync("queue", {});
    });
    expect(message).toBe("");
  });
});

describe("an alias and a version of it", () => {
  test.each([
    ["the alias first", true],
    ["the version first", false],
  ])("are not both reserved: %s", async (_what, aliasFirst) => {
    for (const versionName of ["v1", undefined]) {
      const message = await refusal(() => {
        const v1 = new fg.Function("hello", HELLO).publish(
          "v1",
          versionName === undefined ? {} : { versionName },
        );
        const hello = new fg.Function("other", HELLO);
        const own = hello.publish("v1", versionName === undefined ? {} : { versionName });
        const prod = hello.alias("prod", { version: own.version });
        v1.reserve("warm", { count: 1 });
        const [first, second] = aliasFirst ? [prod, own] : [own, prod];
        first.reserve("warm", { count: 1 });
        second.reserve("hot", { count: 1 });
      });
      expect(message).toContain(
        "the alias and a version that it points to both have reserved instances, and",
      );
      expect(message).toContain(
        aliasFirst ? "other-prod-warm has some already" : "other-v1-warm has some already",
      );
      expect(message).toContain("(FSS.0409)");
    }
  });

  test("nor is the second version of the alias, whose name is plain text", async () => {
    const message = await refusal(() => {
      const hello = new fg.Function("hello", HELLO);
      hello.publish("v2", { versionName: "v2" }).reserve("warm", { count: 1 });
      hello
        .alias("prod", { version: "v1", additional: { version: "v2", weight: 10 } })
        .reserve("warm", { count: 1 });
    });
    expect(message).toContain("hello-v2-warm has some already");
  });

  test("another version is no clash", async () => {
    const message = await refusal(() => {
      const hello = new fg.Function("hello", HELLO);
      const v1 = hello.publish("v1", { versionName: "v1" });
      const v2 = hello.publish("v2");
      hello.alias("prod", { version: v2.version }).reserve("warm", { count: 1 });
      v1.reserve("warm", { count: 1 });
    });
    expect(message).toBe("");
  });
});

test("no more instances are reserved than the function may have, in no policy either", async () => {
  const policies = [
    {
      name: "day",
      cron: "0 0 8 * * *",
      count: 9,
      from: "2027-01-01T00:00:00Z",
      until: "2027-02-01T00:00:00Z",
    },
  ];
  const message = await refusal(() => {
    const v1 = new fg.Function("hello", { ...HELLO, maxInstances: 3 }).publish("v1");
    v1.reserve("warm", { count: 4, policies });
  });
  expect(message).toContain("count: 4 — must be a whole number from 0 to 3 instances");
  expect(message).toContain("policies[0].count: 9");
});

describe("a grey release", () => {
  test("never goes to latest", async () => {
    const message = await refusal(() => {
      const hello = new fg.Function("hello", HELLO);
      const v1 = hello.publish("v1");
      hello.alias("prod", { version: v1.version, additional: { version: hello.version, weight: 10 } });
    });
    expect(message).toContain('additional.version: "latest" — a grey release goes to a published version');
    expect(message).toContain("(FSS.1091)");
  });

  test("never goes to the version that answers already", async () => {
    const message = await refusal(() => {
      const hello = new fg.Function("hello", HELLO);
      const { version } = hello.publish("v1");
      hello.alias("prod", { version, additional: { version, weight: 10 } });
    });
    expect(message).toContain("both versions of the alias are the same one");
    expect(message).toContain("(FSS.1093)");
  });

  test("goes to another published version", async () => {
    const message = await refusal(() => {
      const hello = new fg.Function("hello", HELLO);
      const v1 = hello.publish("v1", { versionName: "v1" });
      const v2 = hello.publish("v2");
      hello.alias("prod", { version: v1.version, additional: { version: v2.version, weight: 10 } });
    });
    expect(message).toBe("");
  });
});

describe("warns of results", () => {
  test("that lead in a circle, once, whoever closes it", async () => {
    await recorder.record(() => {
      const [a, b, c] = ["a", "b", "c"].map((name) => new fg.Function(name, HELLO));
      if (a === undefined || b === undefined || c === undefined) throw new Error("three functions");
      a.onAsync("tell", { onSuccess: b.functionUrn });
      b.alias("prod", { version: "latest" }).onAsync("tell", { onFailure: c.functionUrn });
      expect(warnings()).toEqual([]);
      c.onAsync("tell", { onSuccess: a.functionUrn });
    });
    expect(warnings()).toEqual([
      "Destinations lead in a circle: c -> a -> b -> c. Each call goes round for ever; take one of the destinations out.",
    ]);
  });

  test.each([true, false])(
    "that lead in a circle over a topic, once, with the trigger declared first: %s",
    async (triggerFirst) => {
      await recorder.record(() => {
        const [a, b] = [new fg.Function("a", HELLO), new fg.Function("b", HELLO)];
        const topicUrn = `urn:smn:local:p:ended-${triggerFirst}`;
        const trigger = (): unknown =>
          new fg.SmnTrigger("hears", {
            functionUrn: b.alias("prod", { version: "latest" }).aliasUrn,
            topicUrn,
          });
        b.onAsync("back", { onFailure: a.functionUrn });
        const settings = (): unknown => a.onAsync("tell", { onSuccessTo: { topicUrn } });
        for (const declare of triggerFirst ? [trigger, settings] : [settings, trigger]) declare();
        const others = [
          { functionUrn: a.functionUrn, topicUrn, enabled: false },
          { functionUrn: a.functionUrn, topicUrn: `${topicUrn}-2` },
        ];
        for (const [at, other] of others.entries()) void new fg.SmnTrigger(`other-${at}`, other);
      });
      expect(warnings()).toEqual([expect.stringContaining(triggerFirst ? "a -> b -> a." : "b -> a -> b.")]);
    },
  );

  test("that a function tells itself", async () => {
    await recorder.record(() => {
      const a = new fg.Function("a", HELLO);
      a.onAsync("tell", { onSuccess: a.alias("prod", { version: "latest" }).aliasUrn });
    });
    expect(warnings()).toEqual([expect.stringContaining("a -> a.")]);
  });

  test.each([
    ["the same folder", "in/", true],
    ["a folder below", "in/small/", true],
    ["the whole bucket", undefined, true],
    ["another folder", "out/", false],
  ])("that go to the bucket whose objects call the function: %s", async (_what, prefix, told) => {
    for (const triggerFirst of [true, false]) {
      warn.mockClear();
      await recorder.record(() => {
        const resize = new fg.Function("resize", HELLO);
        const { functionUrn } = resize;
        const trigger = (): unknown =>
          new fg.ObsTrigger("uploads", { functionUrn, ...BUCKET, events: [fg.ObsEvent.Created] });
        const settings = (): unknown =>
          resize.onAsync("tell", {
            onSuccessTo: { bucket: "photos", ...(prefix !== undefined && { prefix }) },
          });
        for (const declare of triggerFirst ? [trigger, settings] : [settings, trigger]) declare();
      });
      expect(warnings()).toEqual(
        told
          ? [expect.stringContaining("Results of resize go to the bucket photos, where new objects call it")]
          : [],
      );
    }
  });

  test("that callers behind a gateway never see", async () => {
    await recorder.record(() => {
      const slow = new fg.Function("slow", { ...HELLO, timeoutSeconds: 91 });
      slow.onHttp("later", { path: "/later", asynchronous: true });
      slow.onTimer("hourly", { every: "1h" });
      new fg.Function("web", { ...WEB, timeoutSeconds: 300 }).onHttp("live", { path: "/live" });
      expect(warnings()).toEqual([]);
      slow.onHttp("now", { path: "/now" });
    });
    expect(warnings()).toEqual([
      expect.stringMatching(/^Callers get no answer after 90 seconds, and slow may run for longer/),
    ]);
  });
});

describe("Kafka", () => {
  const kafka = { instanceId: "kafka-1", topics: ["orders"] };
  const network = { vpcId: "vpc-1", subnetId: "subnet-1" };

  test("calls functions in a VPC alone", async () => {
    const message = await refusal(() => {
      const { functionUrn } = new fg.Function("hello", HELLO);
      void new fg.KafkaTrigger("orders", { functionUrn, ...kafka });
    });
    expect(message).toContain("the function is in no VPC, and Kafka has to lie in the function's own subnet");
    expect(message).toContain("(FSS.1114)");
  });

  test.each([
    ["subnet-1", ""],
    [undefined, ""],
    [pulumi.output("subnet-2"), ""],
    ["subnet-2", 'subnetId: "subnet-2" — the function is in another subnet, "subnet-1" (FAQ 5.2)'],
  ])("calls functions of its own subnet: %s", async (subnetId, expected) => {
    const message = await refusal(() => {
      const { functionUrn } = new fg.Function("hello", { ...HELLO, network });
      const more = subnetId === undefined ? {} : { subnetId };
      void new fg.KafkaTrigger("orders", { functionUrn, ...kafka, ...more });
      void new fg.OpenSourceKafkaTrigger("own", { functionUrn, address: "a:1", topics: ["b"], ...more });
    });
    if (expected === "") expect(message).toBe("");
    else expect(message).toContain(expected);
  });
});

describe("destinations", () => {
  test("are a bucket or a topic too", async () => {
    const recorded = await recorder.record(() => {
      new fg.Function("hello", HELLO).onAsync("tell", {
        onSuccessTo: { bucket: "results", prefix: "ok/", expiresDays: 30 },
        onFailureTo: { topicUrn: pulumi.output("urn:smn:region:project:alarms") },
      });
    });
    expect(recorded.find(({ name }) => name === "hello-tell")?.inputs).toMatchObject({
      onSuccessTo: { bucket: "results", prefix: "ok/", expiresDays: 30 },
      onFailureTo: { topicUrn: "urn:smn:region:project:alarms" },
    });
  });

  test("are one each, and named rightly", async () => {
    const urn = "urn:fss:region:project:function:default:other:latest";
    const message = await refusal(() =>
      new fg.Function("hello", HELLO).onAsync("tell", {
        onSuccess: urn,
        onSuccessTo: { bucket: "results" },
        onFailureTo: { bucket: "My Results", expiresDays: -1 },
      }),
    );
    expect(message).toContain("onSuccess, onSuccessTo: has one destination: a function, a bucket or a topic");
    expect(message).toContain('onFailureTo.bucket: "My Results" — must have 3 to 63 small letters');
    expect(message).toContain("onFailureTo.expiresDays: -1");
    for (const onSuccessTo of [{}, { topicUrn: "alarms" }, { topicUrn: "urn:smn:a:b:c", prefix: "in/" }])
      expect(await refusal(() => new fg.Function("hello", HELLO).onAsync("tell", { onSuccessTo }))).toContain(
        "onSuccessTo",
      );
  });
});
