import { expect, test } from "vitest";
import type { InstanceView } from "../../platform/scheduler/scheduler.ts";
import { dataFolder, type PlatformProcess, until } from "./support.ts";

const CODE = `
let began;
exports.initializer = async (context) => { began = Date.now(); console.log("initialized"); };
exports.handler = async (event, context) => ({ began, now: Date.now(), text: "one" });`;

function put(platform: PlatformProcess, urn: string, body: unknown): Promise<Record<string, unknown>> {
  const path = `/v2/${platform.facts.projectId}/fgs/functions/${urn}/reservedinstances`;
  return platform.transport.json({ method: "PUT", path, body }, (reply) => reply as Record<string, unknown>);
}

async function reserved(platform: PlatformProcess): Promise<readonly InstanceView[]> {
  const { instances } = await platform.get<{ instances: InstanceView[] }>("instances");
  return instances.filter((one) => one.reserved && one.state === "ready");
}

/** Waits until so many instances are reserved and ready; gives their ids. */
async function untilReserved(platform: PlatformProcess, count: number): Promise<string[]> {
  const found = await until(async () => {
    const now = await reserved(platform);
    return now.length === count && now.map((one) => one.id);
  });
  return found || [];
}

async function invoke(platform: PlatformProcess, name: string): Promise<Record<string, unknown>> {
  const { result } = await platform.client.invocations.invoke(name, "{}");
  return JSON.parse(result.toString()) as Record<string, unknown>;
}

test(
  "reserved instances are there before a call, follow the code, survive kill -9 and go with their count",
  { timeout: 90_000 },
  async () => {
    await using folder = await dataFolder();
    const first = await folder.start();
    const initializer = { handler: "index.initializer", timeoutSeconds: 5 };
    const urn = await first.deploy("work", CODE, { initializer });
    expect(await put(first, urn, { count: 2 })).toEqual({ count: 2, idle_mode: false, tactics_config: {} });
    const before = await untilReserved(first, 2);
    const { entries } = await first.logs("work", { keyword: "initialized" });
    expect(entries).toHaveLength(2);
    const asked = Date.now();
    const answer = await invoke(first, "work");
    expect(Number(answer["began"])).toBeLessThan(asked);
    expect((await reserved(first)).map((one) => one.id).sort()).toEqual(before.sort());

    await first.client.functions.updateCode(urn, {
      type: "inline",
      file: Buffer.from(CODE.replace("one", "two")),
      filename: "index.js",
    });
    await until(async () => (await reserved(first)).every((one) => !before.includes(one.id)));
    await untilReserved(first, 2);
    expect((await invoke(first, "work"))["text"]).toBe("two");
    await first.kill();

    const second = await folder.start();
    await untilReserved(second, 2);
    const path = `/v2/${second.facts.projectId}/fgs/functions/${urn}/instancereports`;
    const report = await second.transport.json({ method: "GET", path }, (body) => body as never);
    const series = report["reservedInstanceNum"] as { timestamp: number; value: number }[];
    expect(series).toHaveLength(60);
    expect(series.at(-1)?.value).toBe(2);

    const [one = ""] = await untilReserved(second, 2);
    const root = `/v2/${second.facts.projectId}/fgs/functions/${urn}/reservedinstances`;
    await second.transport.send({ method: "DELETE", path: `${root}/${one}` });
    await until(async () => (await reserved(second)).every(({ id }) => id !== one));
    await untilReserved(second, 2);
    await expect(second.transport.send({ method: "DELETE", path: `${root}/${one}` })).rejects.toThrow(
      "no reserved instance",
    );

    await put(second, urn, { count: 0 });
    await untilReserved(second, 0);
    expect(await put(second, urn, { count: 0 })).toMatchObject({ count: 0 });
  },
);

const SLOW = `
let began;
exports.initializer = async (context) => {
  await new Promise((resolve) => setTimeout(resolve, 300));
  began = Date.now();
};
exports.handler = async (event, context) => ({ began, text: "one" });`;

test(
  "a change of the code is rolled over: none fewer is ready, and no call under load fails or waits for a start",
  { timeout: 90_000 },
  async () => {
    await using folder = await dataFolder();
    const platform = await folder.start();
    const initializer = { handler: "index.initializer", timeoutSeconds: 5 };
    const urn = await platform.deploy("work", SLOW, { initializer, concurrency: 10 });
    await put(platform, urn, { count: 2 });
    await untilReserved(platform, 2);
    const load = { going: true };
    const answers: { readonly text: unknown; readonly waited: boolean }[] = [];
    let fewest = Infinity;
    const callers = Array.from({ length: 4 }, async () => {
      while (load.going) {
        const asked = Date.now();
        const { text, began } = await invoke(platform, "work");
        answers.push({ text, waited: Number(began) > asked });
      }
    });
    const watcher = (async () => {
      while (load.going) fewest = Math.min(fewest, (await reserved(platform)).length);
    })();
    for (const text of ["two", "three"]) {
      const file = Buffer.from(SLOW.replace("one", text));
      await platform.client.functions.updateCode(urn, { type: "inline", file, filename: "index.js" });
      await until(() => answers.at(-1)?.text === text);
    }
    load.going = false;
    await Promise.all([...callers, watcher]);
    expect(new Set(answers.map((one) => one.text))).toEqual(new Set(["one", "two", "three"]));
    expect(answers.filter(({ waited }) => waited)).toEqual([]);
    expect(fewest).toBe(2);
    await untilReserved(platform, 2);
    expect((await invoke(platform, "work"))["text"]).toBe("three");
  },
);

test("in idle mode reserved instances are paused while nothing calls them", { timeout: 60_000 }, async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  const urn = await platform.deploy("work", CODE);
  await put(platform, urn, { count: 1, idle_mode: true });
  await until(async () => (await reserved(platform)).some(({ paused }) => paused));
  expect((await invoke(platform, "work"))["text"]).toBe("one");
  await until(async () => (await reserved(platform)).some(({ paused }) => paused));
  await put(platform, urn, { count: 1, idle_mode: false });
  await until(async () => (await reserved(platform)).some(({ paused }) => !paused));
  expect((await invoke(platform, "work"))["text"]).toBe("one");
});
