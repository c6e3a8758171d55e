import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { readSecretBox } from "../../platform/store/secrets.ts";
import { Database } from "../../platform/store/sqlite/database.ts";
import type { Change } from "../../platform/store/sqlite/journal.ts";
import { openRecords, type Records } from "../../platform/store/sqlite/records.ts";
import { CODE, KEY, spec, TemporaryFolder } from "./fixtures.ts";
import { keyFileIn } from "./shared-store.ts";

/** A database in memory, its records, and the changes made by it. */
class Copy {
  readonly changes: Change[] = [];
  readonly heard: string[] = [];
  readonly db: Database;
  readonly records: Records;

  constructor(keyFile: string) {
    this.db = Database.inMemory({
      begin: () => undefined,
      committed: (change) => this.changes.push(change),
      mark: () => 0,
      settled: () => undefined,
    });
    this.records = openRecords(this.db, readSecretBox(keyFile));
    this.records.onChange((key) => this.heard.push(key));
  }

  /** Every row of every table. */
  get rows(): Record<string, unknown[]> {
    const tables = this.db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    return Object.fromEntries(
      tables.map(({ name }) => [name, this.db.prepare(`SELECT * FROM ${String(name)}`).all()]),
    );
  }
}

const TIMER = {
  type: "TIMER",
  status: "ACTIVE",
  eventData: { name: "t", schedule_type: "Rate", schedule: "1m" },
} as const;
const OTHER = { ...KEY, name: "other" };
const GRANTS = [{ projectId: "p1", role: "FunctionGraph FullAccess" }] as const;
const PLATFORM = { name: "lib", runtime: "Python3.12", description: "" } as const;

/** Functions and all that is theirs. */
function fillFunctions({ functions, ...more }: Records): void {
  for (const key of [KEY, OTHER]) {
    functions.create({ key, spec: spec({ encryptedEnvironment: { A: "1" } }), code: CODE });
    more.versions.publish(key, "v1", "first");
    more.aliases.create(key, { name: "prod", version: "v1", description: "" });
    more.triggers.create(key, "latest", TIMER);
    more.triggers.create(key, "!prod", TIMER);
    more.testEvents.create(key, "hello", "e30=");
    more.asyncConfigs.put(key, "v1", { maxRetries: 2, maxAgeSeconds: 60, statusLog: false });
    more.reservedInstances.put(key, "!prod", { count: 2, idleMode: false, policies: [] });
    more.tags.put(key, [{ key: "team", value: "a" }]);
    more.tracing.put(key, { accessKey: "ak", secretKey: "sk" });
    more.owners.put({ kind: "version", within: key, name: "v1" }, "stack");
  }
  functions.pin(OTHER, true);
  functions.update(KEY, 1, { spec: spec({ memoryMb: 512 }) });
  more.tags.remove(KEY, ["team"]);
}

/** Everything else. */
function fillProjects(records: Records): void {
  const { access, credentials, dependencies, topics, facilities } = records;
  const key = { accessKey: "ak", secretKey: "s", role: GRANTS[0].role, administrator: true };
  credentials.add({ ...key, projectId: "p1", projectName: "default" });
  credentials.add({ ...key, accessKey: "gone", projectId: "p1", projectName: "default" });
  credentials.delete("gone");
  access.createProject({ id: "p2", name: "second" });
  const user = { passwordHash: "h", grants: GRANTS, administrator: false, changedAt: 1 };
  access.putUser({ ...user, id: "u1", name: "ann" });
  access.putUser({ ...user, id: "u2", name: "bob" });
  // One row takes the place of two.
  access.putUser({ ...user, id: "u1", name: "bob" });
  access.putAgency({ projectId: "p1", name: "reader", role: "FunctionGraph ReadOnlyAccess" });
  access.putAgency({ projectId: "p1", name: "reader", role: "FunctionGraph FullAccess" });
  records.asyncConfigs.recordAll("p1");
  const drafts = [1, 2].map(() =>
    dependencies.publish({ owner: "p1", spec: PLATFORM, digest: "d", etag: "e", size: 1 }),
  );
  dependencies.delete([drafts[0]?.id ?? ""]);
  dependencies.rename(drafts[1]?.dependencyId ?? "", "better");
  topics.create("p1", "news");
  topics.subscribe("p1", "news", { id: "s1", protocol: "https", endpoint: "https://example.com/" });
  topics.create("p1", "old");
  topics.subscribe("p1", "old", { id: "s2", protocol: "https", endpoint: "https://example.com/" });
  topics.delete("p1", "old");
  const vpc = { name: "net", range: "10.0.0.0/16", subnets: [], zones: [] };
  facilities.put("vpc", { id: "f1", projectId: "p1", spec: vpc });
  facilities.put("vpc", { id: "f1", projectId: "p1", spec: { ...vpc, name: "nets" } });
  records.vpcEndpoints.put({ projectId: "p1", vpcId: "v", subnetId: "s" });
  records.workflows.create("p1", { name: "flow" } as never, "ann");
  const draft = { projectId: "p1", name: "app", description: "", templateId: "t", resources: [] };
  records.applications.complete(records.applications.begin(draft).id, []);
}

test("a copy that takes over every change holds every row, and hears of every function", () => {
  using folder = new TemporaryFolder();
  const key = keyFileIn(folder.path);
  const [source, copy] = [new Copy(key), new Copy(key)];
  fillFunctions(source.records);
  fillProjects(source.records);
  for (const change of source.changes) copy.db.apply([change]);
  const filled = Object.entries(source.rows).filter(([, rows]) => rows.length > 0);
  expect(filled.length).toBeGreaterThan(20);
  expect(copy.rows).toEqual(source.rows);
  expect(copy.heard).toEqual(source.heard);
  expect(copy.changes).toEqual([]);
  source.changes.length = 0;
  source.records.versions.delete(KEY, "v1");
  source.records.functions.delete(OTHER);
  source.records.functions.delete(KEY);
  copy.db.apply(source.changes);
  expect(copy.rows).toEqual(source.rows);
  expect(copy.records.functions.list("p1")).toEqual([]);
});

test("a copy takes over a whole image, whatever it held before", () => {
  using folder = new TemporaryFolder();
  const key = keyFileIn(folder.path);
  const [source, copy] = [new Copy(key), new Copy(key)];
  fillFunctions(source.records);
  fillProjects(source.records);
  const stale = { ...KEY, name: "stale" };
  copy.records.functions.create({ key: stale, spec: spec({ name: "stale" }), code: CODE });
  copy.records.functions.page("p1", {});
  copy.heard.length = 0;
  const file = join(folder.path, "image");
  writeFileSync(file, source.db.image());
  copy.db.replace(file);
  expect(copy.rows).toEqual(source.rows);
  expect(copy.heard.toSorted()).toEqual(["p1/default/demo", "p1/default/other", "p1/default/stale"]);
  expect(copy.records.functions.list("p1")).toEqual(source.records.functions.list("p1"));
  // It goes on from there.
  source.changes.length = 0;
  source.records.functions.delete(OTHER);
  copy.db.apply(source.changes);
  expect(copy.rows).toEqual(source.rows);
});

test("changes that do not fit are taken over not at all", () => {
  using folder = new TemporaryFolder();
  const key = keyFileIn(folder.path);
  const [source, copy] = [new Copy(key), new Copy(key)];
  source.records.functions.create({ key: KEY, spec: spec(), code: CODE });
  source.records.functions.create({ key: OTHER, spec: spec({ name: "other" }), code: CODE });
  const [first, second] = source.changes;
  if (first === undefined || second === undefined) throw new Error("no changes");
  copy.db.apply([first]);
  const before = copy.rows;
  expect(() => copy.db.apply([second, first])).toThrow("does not fit");
  expect(copy.rows).toEqual(before);
  expect(() => copy.db.apply([{ changeset: randomBytes(40), functionKeys: [] }])).toThrow();
  expect(copy.rows).toEqual(before);
  copy.db.apply([second]);
  expect(copy.rows).toEqual(source.rows);
});
