import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { RuntimeFailure } from "../../platform/link/runtime-failure.ts";
import { compileJava, jarOf, javaLibraries } from "../support/java.ts";
import { loadMessage, startInstance, type LoadChanges, type TestInstance } from "./instance.ts";
import { java } from "./languages/java.ts";

const SOURCES = fileURLToPath(new URL("java", import.meta.url));
const { found, missing } = await java.subjects();
for (const reason of missing) console.warn(`skipped: ${reason}`);

let classes = "";
let lib = "";

beforeAll(async () => {
  if (found.length === 0) return;
  classes = mkdtempSync(join(tmpdir(), "fungraph-java-classes-"));
  lib = await javaLibraries();
  const sources = readdirSync(SOURCES).map((name) => [name, readFileSync(join(SOURCES, name), "utf8")]);
  await compileJava(Object.fromEntries(sources) as Record<string, string>, classes);
}, 120_000);

afterAll(() => {
  if (classes !== "") rmSync(classes, { recursive: true });
});

/** An instance with all handlers as its code. */
async function started(
  change: LoadChanges,
  put: (code: string) => void = (code) => cpSync(classes, code, { recursive: true }),
): Promise<TestInstance> {
  const [subject] = found;
  if (subject === undefined) throw new Error("there is no Java");
  const instance = await startInstance(java, subject);
  onTestFinished(() => instance[Symbol.asyncDispose]());
  put(instance.codeRoot);
  const handler = change.handler ?? "demo.Handlers.text";
  await instance.link.load(loadMessage(instance.codeRoot, { ...change, handler }), 10_000);
  return instance;
}

/** What a handler answers to an event. */
async function answer(method: string, event: unknown = {}): Promise<string> {
  const instance = await started({ handler: `demo.Handlers.${method}` });
  return (await instance.invoke(JSON.stringify(event))).text;
}

async function refusal(change: LoadChanges): Promise<{ errorMessage: string; errorType: string }> {
  const failure = await started(change).catch((error: RuntimeFailure) => error);
  return JSON.parse((failure as RuntimeFailure).body.toString()) as {
    errorMessage: string;
    errorType: string;
  };
}

describe.skipIf(found.length === 0)("handlers", () => {
  test("a String gets the event's text as it came", async () => {
    const instance = await started({ handler: "demo.Handlers.text" });
    expect((await instance.invoke('{"a": 1}')).text).toBe('{"a": 1}');
    expect((await instance.invoke("not JSON")).text).toBe("not JSON");
  });

  test("a JsonObject is the platform's where the code brings none", async () => {
    expect(await answer("json", { a: "b" })).toBe("bfalse");
  });

  test("objects, generic ones too, and their results by name", async () => {
    const event = { full_name: "Ada", age: 36, scores: [{ math: 1 }] };
    expect(JSON.parse(await answer("person", event))).toEqual({ person: event, first: 2 });
    expect(await answer("sum", [1, 2, 3])).toBe("6");
  });

  test.each([
    ["plain", "static"],
    ["only", "hello"],
    ["other", "hello"],
    ["anonymous", '{"a":1}'],
  ])("%s", async (method, text) => {
    expect(await answer(method)).toBe(text);
  });

  test("the event's type may come from an ancestor", async () => {
    const instance = await started({ handler: "demo.Generic.handleRequest" });
    expect((await instance.invoke('{"number":7}')).text).toBe("number 7");
    const inherited = await started({ handler: "demo.Generic.described" });
    expect((await inherited.invoke('{"number":7}')).text).toBe("Event#7");
  });

  test("an event of another form is told apart from one that is no JSON", async () => {
    const instance = await started({ handler: "demo.Handlers.sum" });
    const end = await instance.invoke('{"a":1}');
    expect([end.kind, end.text]).toEqual([
      "code",
      expect.stringMatching(/the event does not fit java.util.List</),
    ]);
    expect((await instance.invoke("")).text).toContain("the event is not JSON: it is empty");
  });

  test.each([
    ["demo.Handlers.hidden", "handler 'hidden' in class 'demo.Handlers' must be public"],
    [
      "demo.NoConstructor.handler",
      "class 'demo.NoConstructor' of the handler needs a constructor without parameters",
    ],
    ["demo.Nowhere.handler", "not found class 'demo.Nowhere' in the code"],
  ])("%s is refused", async (handler, sentence) => {
    expect((await refusal({ handler })).errorMessage).toContain(
      `function entry exception, error: ${sentence}`,
    );
  });
});

describe.skipIf(found.length === 0)("events", () => {
  test.each([
    ["smn", { record: [{ smn: { message: "m", timestamp: "t", message_attributes: null } }] }, "mt"],
    ["dis", { StreamName: "s", Message: { records: [{ data: "d2VsY29tZQ==" }] } }, "swelcome"],
    ["lts", { lts: { data: "eyJsb2dzIjoiW10ifQ==" } }, '{"logs":"[]"}'],
    [
      "timer",
      { version: "v1.0", time: "t", trigger_type: "TIMER", trigger_name: "n", user_event: "u" },
      "TimerTriggerEvent{version=v1.0, time=t, trigger_type=TIMER, trigger_name=n, user_event=u}",
    ],
    [
      "kafka",
      { event_version: "v1.0", event_time: 1704155400, records: [{ messages: ["a", "b"], topic_id: "t" }] },
      "KafkaTriggerEvent{event_version=v1.0, region=null, event_time=1704155400, trigger_type=null, instance_id=null, records=[KafkaRecord{messages=[a, b], topic_id=t, instance_id=null}]}",
    ],
    [
      "cts",
      { cts: { time: 1, code: 204, trace_name: "t", user: { domain: { name: "d" } }, request: {} } },
      "t204d",
    ],
    ["dds", { records: [{ dds: { ns: "{}" } }] }, "{}"],
    [
      "obs",
      {
        Records: [
          { eventName: "ObjectCreated:Put", s3: { bucket: { name: "b" }, object: { key: "k", size: 1 } } },
        ],
      },
      "b/k ObjectCreated:Put",
    ],
    ["grid", { id: "1", data: { eventName: "e" } }, "e"],
  ])("%s", async (method, event, text) => {
    expect(await answer(method, event)).toBe(text);
  });

  test("an HTTP request and its reply", async () => {
    const event = { body: "aGk=", isBase64Encoded: true, requestContext: { stage: "RELEASE" }, headers: {} };
    expect(JSON.parse(await answer("http", event))).toEqual({
      statusCode: 201,
      headers: { "X-Stage": "RELEASE" },
      body: "hi",
      isBase64Encoded: false,
    });
  });
});

describe.skipIf(found.length === 0)("class loading", () => {
  test("a Gson that the code brings is the one that counts", async () => {
    const instance = await started({ handler: "demo.Handlers.json" }, (code) => {
      cpSync(classes, code, { recursive: true });
      cpSync(join(lib, "gson.jar"), join(code, "gson-of-mine.jar"));
    });
    expect((await instance.invoke('{"a":"b"}')).text).toBe("btrue");
  });

  test("jars of the code, also in lib, and a copy of the interfaces among them", async () => {
    const jar = await jarOf(classes);
    const instance = await started({ handler: "demo.Handlers.person" }, (code) => {
      writeFileSync(join(code, "function.jar"), jar);
      mkdirSync(join(code, "lib"));
      cpSync(join(lib, "gson.jar"), join(code, "lib/gson.jar"));
      cpSync(join(lib, "fungraph-java-sdk.jar"), join(code, "lib/sdk.jar"));
    });
    const event = { full_name: "Ada", age: 1, scores: [{ math: 1 }] };
    expect(JSON.parse((await instance.invoke(JSON.stringify(event))).text)).toMatchObject({ person: event });
  });

  test("the bootstrap is out of sight, and threads find the code's classes", async () => {
    expect(await answer("loader")).toBe("true false");
  });

  test("a Context can be written as JSON and tells no secret", async () => {
    const credentials = { secretKey: "hush", token: "hush" };
    const instance = await started({ handler: "demo.Handlers.written", credentials });
    const { text } = await instance.invoke("{}");
    expect(text).not.toContain("hush");
    expect(JSON.parse(text)).toMatchObject({ logger: { logLevel: "DEBUG" } });
  });
});

describe.skipIf(found.length === 0)("misbehaviour", () => {
  test("endless recursion and lack of memory are failures of one request", async () => {
    const instance = await started({ handler: "demo.Handlers.endless" });
    for (let round = 0; round < 2; round++) {
      const end = await instance.invoke("{}");
      const { errorType, stackTrace } = JSON.parse(end.text) as { errorType: string; stackTrace: string[] };
      expect([end.kind, errorType]).toEqual(["code", "java.lang.StackOverflowError"]);
      expect(stackTrace.length).toBeLessThanOrEqual(64);
    }
    expect(JSON.parse(await answer("noMemory"))).toMatchObject({ errorType: "java.lang.OutOfMemoryError" });
  });

  test("causes follow in the stack", async () => {
    const { stackTrace } = JSON.parse(await answer("caused")) as { stackTrace: string[] };
    expect(stackTrace).toEqual([
      expect.stringMatching(/^at demo\.Handlers\.caused\(Handlers\.java:\d+\)$/),
      "Caused by: java.lang.IllegalStateException: inner",
      expect.stringMatching(/^at demo\.Handlers\.caused\(Handlers\.java:\d+\)$/),
    ]);
  });

  test("an interrupt does not reach the next request", async () => {
    const instance = await started({ handler: "demo.Handlers.interrupted" });
    for (let round = 0; round < 3; round++) expect((await instance.invoke("1")).text).toBe("false");
  });

  test("threads print for the request that started them, and do not keep the process", async () => {
    const instance = await started({ handler: "demo.Handlers.thread", concurrency: 4 });
    const ends = await Promise.all([1, 2, 3].map((i) => instance.invoke(String(i))));
    expect(ends.map(({ logs }) => logs)).toEqual([["thread of 1.0"], ["thread of 2.0"], ["thread of 3.0"]]);
    await instance.link.stop(5_000);
    expect(await instance.exited).toBe(0);
  });

  test("instances that share an archive of classes share no chance", async () => {
    const [one, other] = await Promise.all([answer("chance"), answer("chance")]);
    const values = [...(JSON.parse(one) as string[]), ...(JSON.parse(other) as string[])];
    expect(new Set(values).size).toBe(6);
  });
});

describe.skipIf(found.length === 0)("a heartbeat method", () => {
  const heartbeat = { handler: "demo.Handlers.heartbeat" };

  test("is asked beside a running handler", async () => {
    const instance = await started({ handler: "demo.Handlers.text", heartbeat });
    await instance.link.heartbeat(5_000);
    await instance.link.heartbeat(5_000);
    expect((await instance.invoke("1")).text).toBe("1");
  });

  test("that waits for a lock gives no answer until it is free", async () => {
    const instance = await started({ handler: "demo.Handlers.hold", heartbeat });
    const holding = instance.invoke("600");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(instance.link.heartbeat(100)).rejects.toThrow("no sign of life within 100 ms");
    await expect(instance.link.heartbeat(100)).rejects.toThrow("no sign of life within 100 ms");
    expect((await holding).text).toBe("held");
    await instance.link.heartbeat(5_000);
  });

  test("that returns false ends the instance", async () => {
    const instance = await started({ handler: "demo.Handlers.sick", heartbeat });
    await instance.invoke("1");
    await expect(instance.link.heartbeat(5_000)).rejects.toMatchObject({
      kind: "heartbeat",
      message: "function heartbeat exception, error: the heartbeat method returned false instead of true",
    });
    expect(await instance.exited).toBe(0);
  });

  test("that is none ends it, too", async () => {
    const odd = { handler: "demo.Handlers.heartbeatText" };
    const instance = await started({ handler: "demo.Handlers.text", heartbeat: odd });
    await expect(instance.link.heartbeat(5_000)).rejects.toThrow("returned yes instead of true");
  });
});

describe.skipIf(found.length === 0)("many at once", () => {
  test("contexts and logs are never mixed", async () => {
    const instance = await started({ handler: "demo.Handlers.other", concurrency: 32 });
    const ends = await Promise.all(Array.from({ length: 1_000 }, (_, i) => instance.invoke(String(i))));
    for (const { text, logs } of ends) {
      expect(text).toBe("hello");
      expect(logs).toHaveLength(1);
    }
    const ids = ends.map(({ logs }) => /request-\d+/.exec(logs[0] ?? "")?.[0]);
    expect(new Set(ids).size).toBe(1_000);
  });
});
