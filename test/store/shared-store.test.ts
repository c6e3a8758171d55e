import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { Identities } from "../../platform/auth/identities.ts";
import { DatabaseUnfitError } from "../../platform/cluster/errors.ts";
import { DataFolderError, StoreUnavailableError } from "../../platform/store/errors.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import { POSTGRES_HERE, type TemporaryPostgres } from "../support/postgres.ts";
import { ownServer } from "../support/requests.ts";
import { CODE, KEY, spec, TemporaryFolder } from "./fixtures.ts";
import { keyFileIn, StoreMember } from "./shared-store.ts";

const WAIT = { timeout: 20_000, interval: 10 };
const named = (name: string) => ({ key: { ...KEY, name }, spec: spec({ name }), code: CODE });

/** Waits until a change is safe and the member has it: on a busy machine the leader does not wait for that. */
async function seen(leader: StoreMember, member: StoreMember): Promise<void> {
  await leader.store.settled();
  await vi.waitFor(() => expect(member.store.applied).toBe(leader.store.applied), WAIT);
}

describe.runIf(POSTGRES_HERE)("a store that processes share", () => {
  const folder = new TemporaryFolder();
  let server: TemporaryPostgres;
  let url = "";
  let key = "";

  beforeAll(async () => {
    server = await ownServer();
    key = keyFileIn(folder.path);
  });
  afterAll(() => folder[Symbol.dispose]());
  const lead = (compactAfter?: number) => {
    url = server.database();
    return StoreMember.lead(url, key, compactAfter);
  };
  const follow = () => StoreMember.open(url, key);

  test("shows every member what the leader changed", async () => {
    await using leader = await lead();
    await using member = await follow();
    const heard: string[] = [];
    member.store.onChange((text) =>
      heard.push(`${text} ${member.store.functions.find(KEY)?.revision ?? "gone"}`),
    );
    await vi.waitFor(() => expect(leader.members.list()).toHaveLength(2), WAIT);
    const secret = spec({ encryptedEnvironment: { PASSWORD: "hunter2hunter2" } });
    const created = leader.store.functions.create({ key: KEY, spec: secret, code: CODE });
    await seen(leader, member);
    expect(member.store.functions.find(KEY)).toEqual(created);
    leader.store.versions.publish(KEY, "v1", "first");
    leader.store.aliases.create(KEY, { name: "prod", version: "v1", description: "" });
    leader.store.functions.update(KEY, 1, { spec: spec({ memoryMb: 256 }) });
    await seen(leader, member);
    expect(leader.store.settled()).toBeUndefined();
    expect(member.store.versions.list(KEY)).toEqual(leader.store.versions.list(KEY));
    expect(member.store.aliases.list(KEY)).toEqual(leader.store.aliases.list(KEY));
    leader.store.functions.delete(KEY);
    await seen(leader, member);
    expect([member.store.functions.find(KEY), member.store.aliases.list(KEY)]).toEqual([undefined, []]);
    expect(new Set(heard)).toEqual(
      new Set(["p1/default/demo 1", "p1/default/demo 2", "p1/default/demo gone"]),
    );
    expect(member.store.applied).toBe(leader.store.applied);
    const rows = await leader.postgres.query<{ text: string }>(
      "SELECT encode(changeset, 'escape') AS text FROM changes",
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.some((row) => row.text.includes("hunter2hunter2"))).toBe(false);
    expect([leader.problems, member.problems]).toEqual([[], []]);
  });

  test("acknowledges a change when members show it", async () => {
    await using leader = await lead();
    await using member = await follow();
    await vi.waitFor(() => expect(leader.members.list()).toHaveLength(2), WAIT);
    let shown = 0;
    for (let round = 0; round < 20; round++) {
      const { key: made } = leader.store.functions.create(named(`f${round}`));
      await leader.store.settled();
      if (member.store.functions.find(made) !== undefined) shown++;
    }
    // Half a second is the most that it waits: on a busy machine some come later, but not all.
    expect(shown).toBeGreaterThan(0);
  });

  test("is changed by its leader alone", async () => {
    await using leader = await lead();
    await using member = await follow();
    expect([leader.store.leads, member.store.leads]).toEqual([true, false]);
    expect(() => member.store.functions.create(named("a"))).toThrow(StoreUnavailableError);
    expect(() => member.store.functions.create(named("a"))).toThrow("Send the request to the leader");
    expect(member.store.functions.find(named("a").key)).toBeUndefined();
  });

  test("tells members who may do what, and whose dependencies are called otherwise", async () => {
    await using leader = await lead();
    await using member = await follow();
    const [ours, theirs] = [new Identities(leader.store), new Identities(member.store)];
    expect(theirs.credentials.default).toEqual(ours.credentials.default);
    const project = ours.projects.create("other");
    const pair = ours.credentials.create(project, "FunctionGraph FullAccess");
    ours.agencies.put(project.id, "helper", "FunctionGraph ReadOnlyAccess");
    const draft = { owner: project.id, digest: "d", etag: "e", size: 1 };
    const text = { name: "lib", runtime: "Python3.12", description: "" } as const;
    const { id, dependencyId } = leader.store.dependencies.publish({ ...draft, spec: text });
    await seen(leader, member);
    expect(theirs.projects.find("other")).toEqual(project);
    expect(theirs.credentials.find(pair.accessKey)).toMatchObject({ projectName: "other" });
    expect(theirs.agencies.find(project.id, "helper")).toBeDefined();
    expect(member.store.dependencies.version(id)?.spec.name).toBe("lib");
    leader.store.dependencies.rename(dependencyId, "better");
    ours.credentials.delete(pair.accessKey);
    await seen(leader, member);
    expect(member.store.dependencies.version(id)?.spec.name).toBe("better");
    expect(theirs.credentials.find(pair.accessKey)).toBeUndefined();
  });

  test("lets a member that comes late begin with a snapshot, and keeps its log short", async () => {
    await using leader = await lead(20);
    for (let round = 0; round < 90; round++) {
      leader.store.functions.create(named(`f${round}`));
      await leader.store.settled();
    }
    const count = async (table: string) =>
      (await leader.postgres.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;
    await vi.waitFor(async () => expect(await count("changes")).toBeLessThan(60), WAIT);
    expect(await count("snapshots")).toBe(1);
    await using late = await follow();
    expect(late.store.functions.list("p1")).toEqual(leader.store.functions.list("p1"));
    expect(late.store.functions.count("p1")).toBe(90);
    leader.store.functions.create(named("last"));
    await leader.store.settled();
    await vi.waitFor(() => expect(late.store.functions.count("p1")).toBe(91), WAIT);
    expect(readdirSync(late.folder.path).filter((entry) => entry.startsWith("replica-"))).toEqual([]);
  });

  test("brings code to the member that runs it, whole however large", async () => {
    await using leader = await lead();
    await using member = await follow();
    const large = randomBytes(9 * 1024 * 1024);
    const archive = await writeZip([
      memoryFile("index.js", Buffer.from("1")),
      memoryFile("large.bin", large),
    ]);
    const { digest } = await leader.store.code.put(archive);
    await leader.store.code.put(archive);
    const folders = await Promise.all([member.store.code.folder(digest), member.store.code.folder(digest)]);
    expect(readFileSync(join(folders[0], "large.bin")).equals(large)).toBe(true);
    expect((await member.store.code.read(digest)).equals(archive)).toBe(true);
    await expect(member.store.code.read("0".repeat(128))).rejects.toThrow("ENOENT");
    // Used lately: it stays, though no record names it. Later it goes, and with it nothing that is named.
    await leader.store.code.collect();
    expect(await member.postgres.query("SELECT 1 FROM archives")).toHaveLength(1);
    await member.postgres.query("UPDATE archives SET used_at = now() - interval '1 hour'");
    await member.store.code.collect();
    leader.store.functions.create({ key: KEY, spec: spec(), code: { ...CODE, digest } });
    await leader.store.code.collect();
    expect(await member.postgres.query("SELECT 1 FROM archives")).toHaveLength(1);
    leader.store.functions.delete(KEY);
    await leader.store.code.collect();
    expect(await member.postgres.query("SELECT 1 FROM archive_parts")).toHaveLength(0);
  });

  test("sums what all members counted", async () => {
    await using leader = await lead();
    await using member = await follow();
    const minute = Math.floor(Date.now() / 60_000);
    const row = { ...ROW, minute };
    for (const one of [leader, member, member]) one.store.metrics.add([row, { ...row, version: "v2" }]);
    const busy = { ...row, count: 0, durationMin: 0, durationMax: 0, durationSum: 0, reservedInstances: 5 };
    leader.store.metrics.add([busy]);
    await vi.waitFor(async () => {
      const rows = await leader.store.metrics.query(row.functionKey, minute, minute);
      expect(rows.map((one) => [one.version, one.count, one.durationMin, one.reservedInstances])).toEqual([
        ["latest", 6, 1.5, 6],
        ["v2", 6, 1.5, 2],
      ]);
    }, WAIT);
    expect(await member.store.metrics.queryProject("p1", minute, minute)).toHaveLength(2);
    expect(await member.store.metrics.queryProject("p", minute, minute)).toEqual([]);
    const month = new Date(minute * 60_000).toISOString().slice(0, 7);
    expect(await leader.store.metrics.months("p1", month)).toEqual([{ month, count: 12, gbSeconds: 3.5 }]);
  });

  test("has the next leader forget the requests of functions that an earlier one deleted", async () => {
    await using leader = await lead();
    await using heir = await follow();
    leader.store.functions.create(named("stays"));
    await seen(leader, heir);
    const { asyncRequests } = heir.store;
    const request = { qualifier: "latest", event: Buffer.from("{}"), acceptedAt: 1, dueAt: 1 };
    const keys = ["stays", "gone"].map((name) => ({ ...KEY, name }));
    await asyncRequests.accept(keys.map((to) => ({ ...request, id: to.name, key: to })));
    // Of this one nothing waits any more.
    await asyncRequests.accept([{ ...request, id: "done", key: { ...KEY, name: "over" }, started: true }]);
    await asyncRequests.finish([{ id: "done", status: "success" }]);
    await leader.store.close();
    await heir.lead();
    await heir.store.settled();
    const left = await heir.postgres.query<{ id: string }>("SELECT id FROM requests");
    expect(left).toEqual([{ id: "stays" }]);
    expect(await heir.postgres.query("SELECT id FROM ended_requests")).toEqual([]);
  });

  test("leaves a member of an older version where it is, and keeps it from leading", async () => {
    await using leader = await lead();
    await using member = await follow();
    leader.store.functions.create(named("known"));
    await seen(leader, member);
    // What a newer leader writes: a snapshot of its own tables first.
    await leader.postgres.query("UPDATE snapshots SET schema = 999");
    await leader.postgres.query(
      "INSERT INTO changes (seq, schema, changeset, function_keys) SELECT max(seq) + 1, 999, '', '{}' FROM changes",
    );
    await leader.postgres.notify("fungraph_changes", "");
    await vi.waitFor(() => expect(String(member.problems)).toContain("Start that newer one"), WAIT);
    expect(member.store.functions.count("p1")).toBe(1);
    await leader.store.close();
    member.store.stand();
    const told = member.problems.length;
    await vi.waitFor(() => expect(member.problems.length).toBeGreaterThan(told), WAIT);
    expect(member.store.leads).toBe(false);
  });

  test("refuses another key, a newer platform, and a folder of a platform in one process", async () => {
    await using leader = await lead();
    using other = new TemporaryFolder();
    const stranger = StoreMember.open(url, keyFileIn(other.path));
    await expect(stranger).rejects.toThrow(DatabaseUnfitError);
    await expect(stranger).rejects.toThrow("Give every process the same key file");
    await expect(StoreMember.open(url, join(other.path, "none"))).rejects.toThrow("There is no key file");
    const embedded = await openStore(other.path);
    embedded.close();
    await expect(StoreMember.open(url, key, 1000, other)).rejects.toThrow(DataFolderError);
    await leader.postgres.query("UPDATE snapshots SET schema = 999");
    await expect(follow()).rejects.toThrow("written by a newer Fungraph (schema 999");
  });
});

const ROW = {
  functionKey: "p1/default/demo",
  version: "latest",
  count: 2,
  failCount: 0,
  systemFailCount: 0,
  rejectCount: 0,
  durationSum: 4,
  durationMax: 2.5,
  durationMin: 1.5,
  concurrencyMax: 1,
  reservedInstances: 1,
  onDemandInstances: 0,
  gbSeconds: 0.5,
};
