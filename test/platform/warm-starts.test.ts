import { join } from "node:path";
import { expect, test } from "vitest";
import { IdleTimes } from "../../platform/gateway/idle-times.ts";
import { Habit, Warmth } from "../../platform/gateway/warmth.ts";
import { WarmthFile } from "../../platform/gateway/warmth-file.ts";
import type { InstanceView } from "../../platform/scheduler/scheduler.ts";
import { dataFolder, type PlatformProcess, until } from "./support.ts";

const MINUTE = 60_000;
/** Tells when its instance began, so that a call can be told from the start before it. */
const CODE = `
const began = Date.now();
exports.handler = async (event, context) => {
  if (event.time) console.log(began < Date.parse(event.time) ? "was ready" : "was cold");
  return { began };
};`;

async function views(platform: PlatformProcess): Promise<InstanceView[]> {
  return (await platform.get<{ instances: InstanceView[] }>("instances")).instances;
}

async function instances(platform: PlatformProcess): Promise<string[]> {
  return (await views(platform)).map(({ functionKey }) => functionKey);
}

/** What the function says at the next fire of a timer that is set for 16 s from now. */
async function firstFire(platform: PlatformProcess): Promise<string> {
  const urn = await platform.deploy("fired", CODE);
  const second = new Date(Date.now() + 16_000).getUTCSeconds();
  await platform.client.triggers.create(urn, {
    type: "TIMER",
    status: "ACTIVE",
    eventData: { name: "minutely", schedule_type: "Cron", schedule: `${String(second)} * * * * ?` },
  });
  expect(await instances(platform)).toEqual([]);
  const [said] =
    (await until(async () => {
      const { entries } = await platform.logs("fired", { keyword: "was" });
      return entries.length > 0 && entries.map(({ lines }) => lines);
    })) || [];
  return /was \w+/.exec(said ?? "")?.[0] ?? "";
}

test(
  "a timer's function is ready before it fires, and is not without warmth",
  { timeout: 60_000 },
  async () => {
    await using folder = await dataFolder();
    await using other = await dataFolder();
    const warm = await folder.start();
    const cold = await other.start({ warmth: false });
    expect(await Promise.all([firstFire(warm), firstFire(cold)])).toEqual(["was ready", "was cold"]);
  },
);

/** Writes that a function was called every so often, and a tenth of a minute less than `everyMs` ago for the last time. */
async function teach(dataDir: string, habits: Readonly<Record<string, number>>): Promise<void> {
  const warmth = new Warmth({ keepMs: MINUTE, mostMb: 1024 });
  for (const [name, everyMs] of Object.entries(habits)) {
    const times = new IdleTimes();
    for (let seen = 0; seen < 20; seen++) times.add(everyMs);
    warmth.know(name, new Habit(128, times, Date.now() - 9.9 * MINUTE));
  }
  await new WarmthFile(join(dataDir, "warmth.json"), warmth, (error) =>
    expect(error).toBeUndefined(),
  ).close();
}

test(
  "after a restart a regular caller finds an instance, a rare one a cold start",
  { timeout: 60_000 },
  async () => {
    await using folder = await dataFolder();
    const first = await folder.start();
    for (const name of ["regular", "rare"]) await first.deploy(name, CODE);
    const { projectId } = first.facts;
    await first.stop();
    const regular = `${projectId}/default/regular`;
    await teach(folder.path, {
      [`${regular}:latest`]: 10 * MINUTE,
      [`${projectId}/default/rare:latest`]: 600 * MINUTE,
    });

    const second = await folder.start();
    await until(async () => (await views(second)).some(({ state }) => state === "ready"));
    expect(await instances(second)).toEqual([regular]);
    const began = async (name: string): Promise<number> => {
      const { result } = await second.client.invocations.invoke(name, "{}");
      return (JSON.parse(result.toString()) as { began: number }).began;
    };
    const asked = Date.now();
    expect(await began("regular")).toBeLessThan(asked);
    expect(await began("rare")).toBeGreaterThanOrEqual(asked);
  },
);
