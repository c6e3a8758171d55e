import { expect, test } from "vitest";
import { normalizeFunction } from "../../model/function.ts";
import type { ReservedInstancesSpec } from "../../model/reserved-instances.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { ReservationKeeper } from "../../platform/scheduler/reservation-keeper.ts";
import type { Wish } from "../../platform/scheduler/scheduler.ts";
import type { Target } from "../../platform/scheduler/target.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import type { Store } from "../../platform/store/store.ts";
import { temporaryStore, until } from "../triggers/support.ts";

const KEY: FunctionKey = { projectId: "project", package: "default", name: "work" };

function spec(count: number, policies: ReservedInstancesSpec["policies"] = []): ReservedInstancesSpec {
  return { count, idleMode: false, policies };
}

async function createWork(store: Store): Promise<void> {
  const code = await store.code.put(
    await writeZip([memoryFile("index.js", Buffer.from("exports.handler = 1"))]),
  );
  const work = normalizeFunction({ name: "work", runtime: "Node.js20.15", handler: "index.handler" });
  store.functions.create({ key: KEY, spec: work, code: { ...code, type: "zip", filename: "code.zip" } });
}

/** Remembers what is reserved, by version and revision. */
class Reserved {
  readonly counts = new Map<string, number>();
  reserve(target: Target, { count }: Wish): void {
    const name = target.key.split(":").slice(1).join(":");
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
