import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test, vi } from "vitest";

import { openStore } from "../../platform/store/sqlite/open.ts";
import { ConflictError, MissingError, StaleError } from "../../platform/store/errors.ts";
import { keyText } from "../../platform/store/function-key.ts";
import { CODE, KEY, spec, TemporaryFolder } from "./fixtures.ts";
import { STORES } from "./stores.ts";

describe.each(STORES)("over $kind", ({ open }) => {
  describe("functions", () => {
    test("come back as they were written, after a restart too", async () => {
      await using it = await open();
      const written = it.store.functions.create({ key: KEY, spec: WHOLE, code: CODE });
      expect(written).toMatchObject({ key: KEY, spec: WHOLE, code: CODE, version: "latest", revision: 1 });
      const after = await it.reopen();
      expect(after.functions.find(KEY)).toEqual(written);
    });

    test("are refused twice and are missing when gone", async () => {
      await using it = await open();
      const { functions, triggers, aliases } = it.store;
      functions.create({ key: KEY, spec: spec(), code: CODE });
      expect(() => functions.create({ key: KEY, spec: spec(), code: CODE })).toThrow(ConflictError);
      functions.delete(KEY);
      functions.delete(KEY);
      expect(functions.find(KEY)).toBeUndefined();
      expect(() => functions.update(KEY, 1, {})).toThrow(MissingError);
      expect(() => aliases.update(KEY, { name: "a", version: "latest", description: "" })).toThrow(
        MissingError,
      );
      expect(() => triggers.update("none", TIMER)).toThrow(MissingError);
      expect(aliases.list(KEY)).toEqual([]);
    });

    test("of two writers that read the same revision the second loses, and loses nothing of the first", async () => {
      await using it = await open();
      const { functions } = it.store;
      const read = functions.create({ key: KEY, spec: spec(), code: CODE });
      functions.update(KEY, read.revision, { spec: spec({ memoryMb: 256 }) });
      expect(() => functions.update(KEY, read.revision, { spec: spec({ memoryMb: 512 }) })).toThrow(
        StaleError,
      );
      expect(functions.find(KEY)).toMatchObject({ revision: 2, spec: { memoryMb: 256 } });
    });

    test("list by project, ordered by package and name", async () => {
      await using it = await open();
      for (const [project, pack, name] of ["p1 b x", "p1 a z", "p2 a a", "p1 a y"].map((text) =>
        text.split(" "),
      )) {
        const key = { projectId: project ?? "", package: pack ?? "", name: name ?? "" };
        it.store.functions.create({ key, spec: spec(), code: CODE });
      }
      expect(it.store.functions.list("p1").map(({ key }) => `${key.package}/${key.name}`)).toEqual([
        "a/y",
        "a/z",
        "b/x",
      ]);
    });

    test("pages narrow and cut, and always show the newest record", async () => {
      await using it = await open();
      const { functions } = it.store;
      for (const name of ["one", "two", "Tower"])
        functions.create({ key: { ...KEY, name }, spec: spec({ name }), code: CODE });
      const names = (query: Parameters<typeof functions.page>[1]): readonly string[] =>
        functions.page(KEY.projectId, query).records.map(({ key }) => key.name);
      expect(names({ offset: 1, limit: 1 })).toEqual(["one"]);
      expect(names({ namePart: "ow" })).toEqual(["Tower"]);
      expect(names({ package: "other" })).toEqual([]);
      expect(functions.page(KEY.projectId, { namePart: "o", limit: 1 }).count).toBe(3);
      const before = functions.page(KEY.projectId, { namePart: "one" }).records[0];
      expect(functions.page(KEY.projectId, { namePart: "one" }).records[0]).toBe(before);
      functions.update({ ...KEY, name: "one" }, 1, { spec: spec({ name: "one", timeoutSeconds: 9 }) });
      expect(functions.page(KEY.projectId, { namePart: "one" }).records[0]).toMatchObject({ revision: 2 });
      functions.delete({ ...KEY, name: "one" });
      functions.create({ key: { ...KEY, name: "one" }, spec: spec({ name: "one" }), code: CODE });
      expect(functions.page(KEY.projectId, { namePart: "one" }).records[0]?.id).not.toBe(before?.id);
    });

    test("tell of every committed change and of none that failed", async () => {
      await using it = await open();
      const heard: string[] = [];
      it.store.onChange((key) => heard.push(`${key} ${it.store.functions.find(KEY)?.revision ?? "gone"}`));
      it.store.functions.create({ key: KEY, spec: spec(), code: CODE });
      expect(() => it.store.functions.create({ key: KEY, spec: spec(), code: CODE })).toThrow();
      it.store.functions.update(KEY, 1, { spec: spec({ timeoutSeconds: 9 }) });
      it.store.functions.delete(KEY);
      expect(heard).toEqual(["p1/default/demo 1", "p1/default/demo 2", "p1/default/demo gone"]);
    });
  });

  describe("versions", () => {
    test("are snapshots: secrets, code and configuration stay as published", async () => {
      await using it = await open();
      const { functions, versions } = it.store;
      functions.create({ key: KEY, spec: spec({ encryptedEnvironment: { S: "one" } }), code: CODE });
      versions.publish(KEY, "v1", "first");
      functions.update(KEY, 1, { spec: spec({ encryptedEnvironment: { S: "two" } }) });
      versions.publish(KEY, "v2", "second");
      expect(versions.list(KEY).map((one) => one.version)).toEqual(["latest", "v2", "v1"]);
      expect(versions.find(KEY, "v1")).toMatchObject({
        revision: 1,
        versionDescription: "first",
        spec: { encryptedEnvironment: { S: "one" } },
      });
      expect(() => versions.publish(KEY, "v1", "")).toThrow(ConflictError);
    });

    test("take with them the aliases that name them and the triggers of both", async () => {
      await using it = await open();
      const { functions, versions, aliases, triggers } = it.store;
      functions.create({ key: KEY, spec: spec(), code: CODE });
      for (const name of ["v1", "v2"]) versions.publish(KEY, name, "");
      aliases.create(KEY, { name: "main", version: "v1", description: "" });
      aliases.create(KEY, {
        name: "grey",
        version: "v2",
        description: "",
        additional: { version: "v1", weight: 5 },
      });
      aliases.create(KEY, { name: "other", version: "v2", description: "" });
      for (const qualifier of ["latest", "v1", "v2", "!main", "!other"])
        triggers.create(KEY, qualifier, TIMER);
      versions.delete(KEY, "v1");
      expect(aliases.list(KEY).map((one) => one.spec.name)).toEqual(["other"]);
      expect(triggers.list(KEY).map((one) => one.qualifier)).toEqual(["latest", "v2", "!other"]);
    });
  });

  test("deleting a function deletes everything that is its own and nothing else", async () => {
    await using it = await open();
    const other = { ...KEY, name: "other" };
    const { store } = it;
    for (const key of [KEY, other]) {
      store.functions.create({ key, spec: spec(), code: CODE });
      store.versions.publish(key, "v1", "");
      store.aliases.create(key, { name: "prod", version: "v1", description: "" });
      store.triggers.create(key, "latest", TIMER);
      store.testEvents.create(key, "hello", "e30=");
      store.asyncConfigs.put(key, "latest", { maxRetries: 2, maxAgeSeconds: 60, statusLog: false });
      await store.asyncRequests.accept([request(`${key.name}-1`, key)]);
    }
    store.functions.delete(KEY);
    expect(store.triggers.all().map((one) => one.key)).toEqual([other]);
    expect(store.aliases.list(KEY)).toEqual([]);
    expect(store.testEvents.list(KEY)).toEqual([]);
    expect(store.asyncConfigs.list(KEY)).toEqual([]);
    await store.settled();
    const { asyncRequests } = store;
    await vi.waitFor(
      () => expect(asyncRequests.backlog().map((one) => one.functionKey)).toEqual([keyText(other)]),
      WAIT,
    );
    expect(asyncRequests.count("waiting")).toBe(1);
    expect((await asyncRequests.take(keyText(other), 10, 10)).map((one) => one.id)).toEqual(["other-1"]);
    expect(store.asyncConfigs.find(other, "latest")?.config.maxRetries).toBe(2);
  });

  test("test events are found by id, refused by a name that is taken, and changed in place", async () => {
    await using it = await open();
    it.store.functions.create({ key: KEY, spec: spec(), code: CODE });
    const { testEvents } = it.store;
    const event = testEvents.create(KEY, "hello", "e30=");
    expect(() => testEvents.create(KEY, "hello", "e30=")).toThrow(ConflictError);
    expect(testEvents.update(KEY, event.id, "W10=")).toMatchObject({
      id: event.id,
      name: "hello",
      content: "W10=",
    });
    expect(() => testEvents.update(KEY, "none", "W10=")).toThrow(MissingError);
    testEvents.delete(KEY, event.id);
    expect(testEvents.find(KEY, event.id)).toBeUndefined();
  });

  test("metrics add up: sums add, extremes widen, and a minute of rejections has no duration", async () => {
    await using it = await open();
    const minute = Math.floor(Date.now() / 60_000);
    const row = {
      functionKey: "p1/default/demo",
      version: "latest",
      minute,
      count: 0,
      failCount: 0,
      rejectCount: 3,
      durationSum: 0,
      durationMax: 0,
      durationMin: 0,
      concurrencyMax: 1,
      reservedInstances: 0,
      onDemandInstances: 0,
      systemFailCount: 0,
      gbSeconds: 0,
    };
    const busy = {
      ...row,
      count: 2,
      rejectCount: 0,
      durationSum: 30,
      durationMax: 20,
      durationMin: 10,
      concurrencyMax: 4,
    };
    const slow = {
      ...busy,
      count: 1,
      failCount: 1,
      durationSum: 50,
      durationMax: 50,
      durationMin: 50,
      concurrencyMax: 2,
    };
    for (const one of [row, busy, row, slow]) it.store.metrics.add([one]);
    expect(await it.store.metrics.query(row.functionKey, minute, minute)).toEqual([
      {
        ...row,
        count: 3,
        failCount: 1,
        rejectCount: 6,
        durationSum: 80,
        durationMax: 50,
        durationMin: 10,
        concurrencyMax: 4,
      },
    ]);
    expect(await it.store.metrics.query(row.functionKey, minute + 1, minute + 9)).toEqual([]);
  });
});

test("secrets are in no file of the data folder", async () => {
  using folder = new TemporaryFolder();
  const store = await openStore(folder.path);
  store.functions.create({ key: KEY, spec: WHOLE, code: CODE });
  store.close();
  for (const file of ["store.db", "store.db-wal"]) {
    const bytes = readIfThere(join(folder.path, file));
    expect(bytes.includes("hunter2hunter2")).toBe(false);
  }
});

test("the data folder and its key are for their owner only", async () => {
  using folder = new TemporaryFolder();
  (await openStore(folder.path)).close();
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder.path, "key")).mode & 0o777).toBe(0o600);
});

const WAIT = { timeout: 20_000, interval: 10 };

const WHOLE = spec({
  environment: { A: "é中" },
  encryptedEnvironment: { PASSWORD: "hunter2hunter2" },
  initializer: { handler: "index.init", timeoutSeconds: 5 },
});

const TIMER = {
  type: "TIMER",
  status: "ACTIVE",
  eventData: { name: "t", schedule_type: "Rate", schedule: "1m" },
} as const;

function request(id: string, key: typeof KEY) {
  return { id, key, qualifier: "latest", event: Buffer.from("{}"), acceptedAt: 1, dueAt: 1 };
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
