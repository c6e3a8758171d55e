import { describe, expect, test } from "vitest";
import { filesLanguage } from "./files-language.ts";
import { startInstance, type TestInstance } from "./instance.ts";
import { python } from "./languages/python.ts";
import type { Subject } from "./languages/language.ts";

const { found } = await python.subjects();

function started(subject: Subject, code: string): Promise<TestInstance> {
  return startInstance(filesLanguage("python", { "index.py": code }), subject, "code");
}

const ECHO = "def handler(event, context):\n    return [event]\n";

describe.each(found)("$title", (subject) => {
  const old = subject.version?.startsWith("2.") === true;

  test("reads and writes JSON as the json module does", async () => {
    await using instance = await started(subject, ECHO);
    await instance.load();
    const events = [
      ' \t\r\n{"a" : [1, -2.5e3, true, null, "\\u00e9\\ud83d\\ude00\\"\\\\/"] } \n',
      "123456789012345678901234567890",
      "0.1",
      '{"":{}}',
      "[]",
    ];
    for (const event of events) {
      const { kind, text } = await instance.invoke(event);
      expect({ event, kind }).toEqual({ event, kind: "ok" });
      // JavaScript's numbers end earlier.
      if (event.startsWith("1")) expect(text).toBe(`[${event}]`);
      else expect(JSON.parse(text)).toEqual([JSON.parse(event)]);
    }
    expect((await instance.invoke("[NaN, Infinity, -Infinity]")).text).toBe("[[NaN, Infinity, -Infinity]]");
  });

  test("fails for what is no JSON with the place, and for what is nested too deep, and goes on", async () => {
    await using instance = await started(subject, ECHO);
    await instance.load();
    for (const event of ["", " ", "{} x", "[1,]", '{"a":', "tru", "'a'", '"\n"', "[".repeat(200_000)]) {
      const { kind, text } = await instance.invoke(event);
      expect({ event: event.slice(0, 9), kind }).toEqual({ event: event.slice(0, 9), kind: "code" });
      expect(text).toContain("the event is not JSON: ");
      if (event === "{} x") expect(text).toContain("Extra data");
    }
    expect((await instance.invoke("1")).text).toBe("[1]");
  });

  test("its own threads are none of the code's, which runs in the main one", async () => {
    const code = `import threading
def handler(event, context):
    ours = threading.current_thread()
    return [ours.name, len(threading.enumerate()), threading.active_count(), isinstance(ours, threading._MainThread)]
`;
    await using instance = await started(subject, code);
    await instance.load();
    expect(JSON.parse((await instance.invoke("1")).text)).toEqual(["MainThread", 1, 1, true]);
  });

  test.skipIf(old)("finds its standard library and the code, and no package of this machine", async () => {
    const code = `import sys
def handler(event, context):
    return [path for path in sys.path if "site-packages" in path or "dist-packages" in path]
`;
    await using instance = await started({ ...subject, env: {} }, code);
    await instance.load();
    expect((await instance.invoke("1")).text).toBe("[]");
  });

  test.skipIf(old).each([1, 4])(
    "finds an event loop where it runs, with concurrency %i",
    async (concurrency) => {
      const code = `import asyncio
async def work(event):
    await asyncio.sleep(0.01)
    return [event]
def handler(event, context):
    return asyncio.get_event_loop().run_until_complete(work(event))
`;
      await using instance = await started(subject, code);
      await instance.load({ concurrency });
      const ends = await Promise.all(["1", "2", "3", "4"].map((event) => instance.invoke(event)));
      expect(ends.map(({ text }) => text)).toEqual(["[1]", "[2]", "[3]", "[4]"]);
    },
  );

  test("exit() of short scripts ends the process", async () => {
    await using instance = await started(subject, "def handler(event, context):\n    exit(4)\n");
    await instance.load();
    expect(await instance.invoke("1")).toMatchObject({ kind: "crash" });
    expect(await instance.exited).toBe(4);
  });
});
