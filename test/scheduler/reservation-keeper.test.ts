import { expect, test } from "vitest";
import { normalizeFunction } from "../../model/function.ts";
import type { ReservedInstancesSpec } from "../../model/reserved-instances.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { ReservationKeeper } from "../../platform/scheduler/reservation-keeper.ts";
import { planReservations } from "../../platform/scheduler/reservation-plan.ts";
import type { Wish } from "../../platform/scheduler/scheduler.ts";
import type { Target } from "../../platform/scheduler/target.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import type { Store } from "../../platform/store/store.ts";
import { temporaryStore, until } from "../triggers/support.ts";

const KEY: FunctionKey = { projectId: "project", package: "default", name: "work" };

function spec(count: number, policies: ReservedInstancesSpec["policies"] = []): ReservedInstancesSpec {
  return { count, idleMode: false, policies };
}

async function createWork(store: Store, key = KEY): Promise<void> {
  const code = await store.code.put(
    await writeZip([memoryFile("index.js", Buffer.from("exports.handler = 1"))]),
  );
  const work = normalizeFunction({ name: key.name, runtime: "Node.js20.15", handler: "index.handler" });
  store.functions.create({ key, spec: work, code: { ...code, type: "zip", filename: "code.zip" } });
}

/** Remembers what is reserved, by version and revision. */
class Reserved {
  readonly counts = new Map<string, number>();
  readonly idle = new Map<string, boolean>();
  reserve(target: Target, { count, idleMode }: Wish): void {
    const name = target.key.split(":").slice(1).join(":");
    this.idle.set(name, idleMode);
    if (count === 0) this.counts.delete(name);
    else this.counts.set(name, count);
  }
  get all(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}

function problem(error: unknown): never {
  throw error;
}

function keeperOf(store: Store, now?: () => number): { keeper: ReservationKeeper; reserved: Reserved } {
  const reserved = new Reserved();
  const options = { store, scheduler: reserved, region: "local", problem, ...(now && { now }) };
  return { keeper: new ReservationKeeper(options), reserved };
}

test("reservations follow the version, the alias and its weights, and go with them", async () => {
  await using store = await temporaryStore();
  await createWork(store);
  store.reservedInstances.put(KEY, "latest", spec(2));
  const { keeper, reserved } = keeperOf(store);
  keeper.start();
  await until(() => reserved.counts.get("latest:1/128") === 2);
  const latest = store.functions.find(KEY);
  store.functions.update(KEY, 1, { spec: { ...(latest?.spec ?? ({} as never)), memoryMb: 256 } });
  await until(() => reserved.counts.get("latest:2/256") === 2);
  expect(reserved.all).toEqual({ "latest:2/256": 2 });
  store.reservedInstances.delete(KEY, "latest");
  store.versions.publish(KEY, "v1", "");
  const touched = store.functions.find(KEY);
  store.functions.update(KEY, 2, { spec: { ...(touched?.spec ?? ({} as never)), memoryMb: 512 } });
  store.versions.publish(KEY, "v2", "");
  store.aliases.create(KEY, {
    name: "prod",
    version: "v1",
    description: "",
    additional: { version: "v2", weight: 25 },
  });
  store.reservedInstances.put(KEY, "!prod", spec(4));
  await until(() => reserved.counts.size === 2);
  expect(reserved.all).toEqual({ "v1:2/256": 3, "v2:3/512": 1 });
  store.aliases.delete(KEY, "prod");
  await until(() => reserved.counts.size === 0);
  expect(store.reservedInstances.all()).toEqual([]);
  keeper.close();
});

test("a policy holds while its window is open, then the base count comes back", async () => {
  await using store = await temporaryStore();
  await createWork(store);
  const start = Date.UTC(2026, 0, 1, 8) / 1000;
  let now = start * 1000 - 5000;
  const policy = {
    name: "day",
    cron: "0 0 9 * * ?",
    count: 5,
    startTime: start,
    expiredTime: start + 2 * 3600,
  };
  store.reservedInstances.put(KEY, "latest", spec(1, [policy]));
  const { keeper, reserved } = keeperOf(store, () => now);
  keeper.start();
  await until(() => reserved.counts.get("latest:1/128") === 1);
  now = Date.UTC(2026, 0, 1, 9, 30);
  await until(() => reserved.counts.get("latest:1/128") === 5);
  now = Date.UTC(2026, 0, 1, 10, 30);
  await until(() => reserved.counts.get("latest:1/128") === 1);
  keeper.close();
});

const DAILY = { name: "day", cron: "0 0 9 * * ?", count: 5 };

/** A store with one function whose policy holds from 9:00 UTC, in a window of several days. */
async function storeOfDays(first: number, last: number) {
  const store = await temporaryStore();
  await createWork(store);
  const window = { startTime: first / 1000, expiredTime: last / 1000 };
  const evening = { name: "evening", cron: "0 0 18 * * ?", count: 2, ...window };
  store.reservedInstances.put(KEY, "latest", spec(1, [{ ...DAILY, ...window }, evening]));
  return store;
}

test("clocks that jump, forwards or back, change what is reserved to what holds then", async () => {
  await using store = await storeOfDays(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 5));
  let now = Date.UTC(2026, 0, 2, 8);
  const { keeper, reserved } = keeperOf(store, () => now);
  keeper.start();
  const at = async (time: number, count: number): Promise<void> => {
    now = time;
    await until(() => reserved.counts.get("latest:1/128") === count);
  };
  await at(Date.UTC(2026, 0, 2, 8), 2);
  await at(Date.UTC(2026, 0, 2, 9, 0, 0), 5);
  await at(Date.UTC(2026, 0, 2, 17, 59, 59), 5);
  await at(Date.UTC(2026, 0, 2, 18), 2);
  await at(Date.UTC(2026, 0, 4, 12), 5);
  // Back by two days and six hours, to before anything fired in the window.
  await at(Date.UTC(2026, 0, 1, 6), 1);
  await at(Date.UTC(2026, 0, 1, 10), 5);
  await at(Date.UTC(2026, 0, 5, 0, 0, 1), 1);
  await at(Date.UTC(2025, 11, 31), 1);
  keeper.close();
});

test("what holds does not depend on when the platform was started", async () => {
  await using store = await storeOfDays(Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 5));
  const hours = [0, 8.9, 9, 12, 17.9, 18, 23.9, 32.9, 33, 95.9, 96.1];
  const counts: (number | undefined)[] = [];
  for (const hour of hours) {
    const { keeper, reserved } = keeperOf(store, () => Date.UTC(2026, 0, 1) + hour * 3_600_000);
    keeper.start();
    await until(() => reserved.counts.size > 0);
    counts.push(reserved.counts.get("latest:1/128"));
    keeper.close();
  }
  expect(counts).toEqual([1, 1, 5, 5, 5, 2, 2, 2, 5, 2, 1]);
});

test("policies are read in UTC, also on a machine whose own clock changes to summer time", async () => {
  const zone = process.env["TZ"];
  process.env["TZ"] = "America/New_York";
  try {
    // Clocks there go from 2:00 to 3:00 on this day; 9:00 UTC is 4:00 and later 5:00.
    await using store = await storeOfDays(Date.UTC(2026, 2, 7), Date.UTC(2026, 2, 10));
    let now = Date.UTC(2026, 2, 8, 6, 30);
    expect(new Date(now).getHours()).toBe(1);
    const { keeper, reserved } = keeperOf(store, () => now);
    keeper.start();
    for (const [hour, count] of [
      [6.5, 2],
      [7.5, 2],
      [8.9, 2],
      [9, 5],
      [17.9, 5],
      [18, 2],
    ] as const) {
      now = Date.UTC(2026, 2, 8) + hour * 3_600_000;
      await until(() => reserved.counts.get("latest:1/128") === count);
    }
    keeper.close();
  } finally {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  }
});

test("two aliases of a version add up, and it is paused when both want that", async () => {
  await using store = await temporaryStore();
  await createWork(store);
  store.versions.publish(KEY, "v1", "");
  for (const name of ["one", "two"]) store.aliases.create(KEY, { name, version: "v1", description: "" });
  const plan = async (one: boolean, two: boolean): Promise<unknown> => {
    store.reservedInstances.put(KEY, "!one", { ...spec(2), idleMode: one });
    store.reservedInstances.put(KEY, "!two", { ...spec(3), idleMode: two });
    const { wanted } = await planReservations(store, "local", 0);
    return [...wanted.values()].map(({ count, idleMode, target }) => [target.version, count, idleMode]);
  };
  expect(await plan(true, true)).toEqual([["v1", 5, true]]);
  expect(await plan(true, false)).toEqual([["v1", 5, false]]);
  expect(await plan(false, true)).toEqual([["v1", 5, false]]);
});

test("of several functions each keeps its times, and nothing happens between them", async () => {
  await using store = await temporaryStore();
  const [early, late] = ["early", "late"].map((name) => ({ ...KEY, name }));
  if (early === undefined || late === undefined) throw new Error("two of them");
  const start = Date.UTC(2026, 0, 1);
  const window = { startTime: start / 1000, expiredTime: start / 1000 + 86_400 };
  for (const key of [early, late]) await createWork(store, key);
  store.reservedInstances.put(early, "latest", spec(1, [{ ...DAILY, ...window }]));
  store.reservedInstances.put(late, "latest", spec(1));
  const { until: holds } = await planReservations(store, "local", start + 1000);
  expect(holds).toBe(start + 9 * 3_600_000);
  expect((await planReservations(store, "local", holds)).until).toBe(start + 86_401_000);
});

test("a plan that cannot be made is told, and made a little later", async () => {
  await using store = await temporaryStore();
  await createWork(store);
  store.reservedInstances.put(KEY, "latest", spec(2));
  const told: unknown[] = [];
  let fails = false;
  const code = Object.create(store.code) as Store["code"];
  code.folder = (...given) =>
    fails && told.length === 0 ? Promise.reject(new Error("no room")) : store.code.folder(...given);
  const reserved = new Reserved();
  const keeper = new ReservationKeeper({
    store: { ...store, code },
    scheduler: reserved,
    region: "local",
    problem: (error) => told.push(error),
  });
  keeper.start();
  await until(() => reserved.counts.get("latest:1/128") === 2);
  fails = true;
  store.reservedInstances.put(KEY, "latest", spec(3));
  await until(() => reserved.counts.get("latest:1/128") === 3);
  expect(told.map(String)).toEqual(["Error: no room"]);
  keeper.close();
});

test("idle mode that is switched on or off is told", async () => {
  await using store = await temporaryStore();
  await createWork(store);
  const { keeper, reserved } = keeperOf(store);
  store.reservedInstances.put(KEY, "latest", { ...spec(1), idleMode: true });
  keeper.start();
  await until(() => reserved.idle.get("latest:1/128") === true);
  store.reservedInstances.put(KEY, "latest", spec(1));
  await until(() => reserved.idle.get("latest:1/128") === false);
  keeper.close();
});
