import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startInstance, type Ended, type LoadChanges, type TestInstance } from "./instance.ts";
import { compileChecks, csharp } from "./languages/csharp.ts";

const { found, missing } = await csharp.subjects();
for (const reason of missing) console.warn(`skipped: ${reason}`);

const EVERYTHING = {
  Text: 'a "text"',
  Large: 9007199254740991,
  Half: 0.5,
  Money: 12.34,
  Color: "Green",
  When: "2026-01-31T08:00:00.0000000Z",
  Id: "6f9619ff-8b86-d011-b42d-00c04fc964ff",
  Bytes: "AQID",
  List: [1, 2],
  "other-name": "renamed",
};
const TIMER = {
  version: "v1.0",
  time: "2026-01-31T08:00:00+08:00",
  trigger_type: "TIMER",
  trigger_name: "t",
  user_event: "u",
};
const CTS = {
  cts: { time: 1, user: { name: "n", domain: { id: "d" } }, request: { a: [1] }, code: 204, read_only: true },
};

/** Handlers of csharp/Checks.cs, an event, and the answer. */
const EVENTS = [
  ["Timer", TIMER, TIMER],
  [
    "Apig",
    {
      body: "aGVsbG8=",
      isBase64Encoded: true,
      headers: { host: "h" },
      queryStringParameters: { responseType: "/html/" },
      requestContext: { stage: "RELEASE" },
      path: "/a",
    },
    { statusCode: 200, headers: { host: "h" }, body: "hello/html/RELEASE/a", isBase64Encoded: false },
  ],
  ["Kafka", { records: [{ messages: ["one", "two"], topic_id: "t" }] }, ["one", "two"]],
  [
    "Obs",
    {
      Records: [
        {
          s3: { bucket: { name: "b", ownerIdentity: { PrincipalId: "p" } }, object: { key: "k", size: 12 } },
        },
      ],
    },
    "b/k 12 p",
  ],
  ["Dis", { StreamName: "s", Message: { records: [{ data: "d2VsY29tZQ==" }] } }, "s welcome"],
  ["Cts", CTS, expect.objectContaining({ cts: expect.objectContaining({ code: 204, request: { a: [1] } }) })],
] as const;

describe.each(found)("$title", (subject) => {
  async function start(handler: string, changes: LoadChanges = {}): Promise<TestInstance> {
    const code = await compileChecks(join(import.meta.dirname, "csharp"), subject);
    await using failing = new AsyncDisposableStack();
    const instance = failing.use(await startInstance(csharp, subject));
    await cp(code, instance.codeRoot, { recursive: true });
    await instance.load({ ...changes, handler: `index::Checks.${handler}` });
    failing.move();
    return instance;
  }

  async function answer(handler: string, event: string): Promise<Ended> {
    await using instance = await start(handler);
    return await instance.invoke(event);
  }

  test.each(EVENTS)("%s takes its event", async (handler, event, expected) => {
    const end = await answer(`Events::${handler}`, JSON.stringify(event));
    expect(end).toMatchObject({ kind: "ok" });
    const text = typeof expected === "string" ? end.text : (JSON.parse(end.text) as unknown);
    expect(text).toEqual(expected);
  });

  test("events and results of many types", async () => {
    const inner = { Text: "in\n", large: 1, Inner: null };
    const end = await answer(
      "Json::Echo",
      JSON.stringify({ ...EVERYTHING, Inner: { one: inner }, unknown: [{}] }),
    );
    expect(JSON.parse(end.text)).toMatchObject({
      ...EVERYTHING,
      Missing: null,
      Inner: { one: { Text: "in\n", Large: 1, Half: 0, Color: "Red", Inner: null } },
    });
    expect(end.text).not.toContain("idden");
  });

  test("an event that does not fit its type", async () => {
    const end = await answer("Json::Echo", '{"Large":"many"}');
    expect(JSON.parse(end.text)).toMatchObject({
      errorMessage: expect.stringContaining("the event is not JSON: ") as string,
      errorType: "UserFunctionError",
    });
  });

  test("nesting of any depth ends no instance", async () => {
    expect((await answer("Json::Deep", "1000")).text).toBe(nested(1000));
    expect(await answer("Json::Deep", "200000")).toMatchObject({ kind: "not-serialisable" });
    expect((await answer("Json::Depth", nested(1000))).text).toBe("1000");
    expect(await answer("Json::Depth", nested(200_000))).toMatchObject({ kind: "code" });
  });

  test("the serializer for code, and one that the code brings", async () => {
    expect((await answer("Json::Written", "{}")).text).toBe(
      '{"Quote":"\\"\\\\\\u0001","Nothing":null,"Words":["é"]}',
    );
    expect((await answer("Json::Own", "not JSON")).text).toBe("NOT JSON");
  });

  test.each([
    ["Streams::AtItsEnd", '"as it came"', '"as it came"'],
    ["Streams::Closed", "12345", "written 5"],
    ["Streams::OfAFile", "1", "from a file"],
    ["Streams::Bytes", "123", "321"],
    ["Streams::Nothing", "1", ""],
    ["Folder::Part", "1", "Part"],
  ])("%s", async (handler, event, text) => {
    expect(await answer(handler, event)).toMatchObject({ kind: "ok", text });
  });

  test.each(["Meet", "Block"])("runs requests at once and keeps them apart: %s", async (method) => {
    await using instance = await start(`Together::${method}`, { concurrency: 4 });
    const ends = await Promise.all([0, 1, 2, 3].map((number) => instance.invoke(String(number))));
    expect(new Set(ends.map(({ text }) => text)).size).toBe(4);
    if (method === "Block") return;
    for (const [number, { logs }] of ends.entries())
      expect(logs.map((line) => line.replace(/^.*Z request-\d+ /, ""))).toEqual([
        `thread of ${String(number)}`,
        `task of ${String(number)}`,
        `log of ${String(number)}`,
      ]);
  });

  // Mono throws an exception that can be caught, .NET ends the process.
  test("a stack that overflows fails its request, with what was printed", async () => {
    await using instance = await start("Ends::Overflow");
    const end = await instance.invoke("1");
    expect(end.logs[0]).toBe("before");
    expect(["code", "crash"]).toContain(end.kind);
    expect(end.logs.join("\n").split("\n").length).toBeLessThan(150);
  });

  test("memory that cannot be had is an error like others", async () => {
    await using instance = await start("Ends::Memory");
    expect(JSON.parse((await instance.invoke("1")).text)).toMatchObject({
      errorType: "System.OutOfMemoryException",
    });
    expect(await instance.invoke("1")).toMatchObject({ kind: "code" });
  });
});

function nested(depth: number): string {
  return `${"[".repeat(depth)}null${"]".repeat(depth)}`;
}
