import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { LOCKS, SINGLE } from "../../platform/cluster/advisory-lock.ts";
import { StoreFullError, StoreUnavailableError } from "../../platform/store/errors.ts";
import { POSTGRES_HERE, type TemporaryPostgres } from "../support/postgres.ts";
import { ownServer } from "../support/requests.ts";
import { CODE, KEY, spec, TemporaryFolder } from "./fixtures.ts";
import { keyFileIn, StoreMember } from "./shared-store.ts";

const WAIT = { timeout: 25_000, interval: 10 };
const WRITES = 1000;
const WAITS_FOR_LEAD =
  "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND classid = $1 AND objid = $2";
const AT_ONCE = 8;

const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Leads, makes functions, some at a time, and says of each when it is acknowledged. */
const WRITER = `
import { StoreMember } from ${module("./shared-store.ts")};
import { CODE, KEY, spec } from ${module("./fixtures.ts")};
const [url, key, name] = process.argv.slice(1);
const { store } = await StoreMember.lead(url, key, 100);
let next = 0;
await Promise.all(Array.from({ length: ${AT_ONCE} }, async () => {
  while (next < ${WRITES}) {
    const mine = name + next++;
    store.functions.create({ key: { ...KEY, name: mine }, spec: spec({ name: mine }), code: CODE });
    await store.settled();
    process.stdout.write(mine + "\\n");
  }
}));
`;

function startWriter(url: string, key: string, name: string): ChildProcess {
  const args = ["--input-type=module", "-e", WRITER, url, key, name];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

function named(name: string) {
  return { key: { ...KEY, name }, spec: spec({ name }), code: CODE };
}

function sized(name: string, size: number) {
  return { ...named(name), code: { ...CODE, size, digest: name.padEnd(128, "0") } };
}

function namesIn({ store }: StoreMember): string[] {
  return store.functions.list(KEY.projectId).map((record) => record.key.name);
}

/** Ends the term of one, so that another leads; the first stands again behind it. */
async function handOver(from: StoreMember, to: StoreMember): Promise<void> {
  to.store.stand();
  await vi.waitFor(async () => {
    const waiting = await to.postgres.query(WAITS_FOR_LEAD, [LOCKS.single, SINGLE.leader]);
    expect(waiting.length).toBeGreaterThan(0);
  }, WAIT);
  await to.postgres.query("UPDATE leadership SET term = term + 1");
  from.store.functions.create(named(`lost-${randomUUID()}`));
  await expect(from.store.settled()).rejects.toThrow(StoreUnavailableError);
  await vi.waitFor(() => expect(to.store.leads).toBe(true), WAIT);
}

describe.runIf(POSTGRES_HERE)("a store that processes share", () => {
  const folder = new TemporaryFolder();
  let server: TemporaryPostgres;
  let key = "";

  beforeAll(async () => {
    server = await ownServer();
    key = keyFileIn(folder.path);
  });
  afterAll(() => folder[Symbol.dispose]());

  test("has every acknowledged change at the next leader when leaders are killed among a thousand", async () => {
    const url = server.database();
    const acknowledged: string[] = [];
    await using heir = await StoreMember.open(url, key);
    for (const [round, most] of [150, 333, 2].entries()) {
      const writer = startWriter(url, key, `r${round}-`);
      if (writer.stdout === null) throw new Error("no output");
      let count = 0;
      for await (const line of createInterface({ input: writer.stdout })) {
        acknowledged.push(line);
        if (++count === most) writer.kill("SIGKILL");
      }
      expect(count).toBeLessThan(WRITES);
    }
    await heir.lead();
    const found = namesIn(heir);
    expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);
    // What was under way may be there; more cannot.
    expect(found.length).toBeLessThanOrEqual(acknowledged.length + 3 * AT_ONCE);
    heir.store.functions.create(named("after"));
    await heir.store.settled();
    await using late = await StoreMember.open(url, key);
    expect(namesIn(late)).toEqual(namesIn(heir));
  }, 60_000);

  test("drops at a leader whose term is over what nobody else has, and goes on at the next one", async () => {
    const url = server.database();
    await using old = await StoreMember.lead(url, key);
    await using heir = await StoreMember.open(url, key);
    old.store.functions.create(named("kept"));
    await old.store.settled();
    const heard: string[] = [];
    old.store.onChange((text) => heard.push(text));
    const leading = heir.lead();
    await vi.waitFor(async () => {
      expect(await heir.postgres.query(WAITS_FOR_LEAD, [LOCKS.single, SINGLE.leader])).toHaveLength(1);
    }, WAIT);
    // A new leader's first act; the old one did not hear of it.
    await heir.postgres.query("UPDATE leadership SET term = term + 1");
    const mark = old.store.mark();
    old.store.functions.create(named("lost"));
    expect(namesIn(old)).toContain("lost");
    await expect(old.store.settled()).rejects.toThrow(StoreUnavailableError);
    await vi.waitFor(() => expect(namesIn(old)).toEqual(["kept"]), WAIT);
    expect(heard).toContain("p1/default/lost");
    await vi.waitFor(() => old.store.settled(), WAIT);
    await expect(old.store.settled(mark)).rejects.toThrow("it may or may not have happened");
    // It found out by the write, and gave the lead away.
    await leading;
    expect(namesIn(heir)).toEqual(["kept"]);
    heir.store.functions.create(named("next"));
    await heir.store.settled();
    await vi.waitFor(() => expect(namesIn(old)).toEqual(["kept", "next"]), WAIT);
    expect(() => old.store.functions.create(named("never"))).toThrow(StoreUnavailableError);
  });

  test("counts anew how much code there is when it takes the lead again", async () => {
    const url = server.database();
    await using first = await StoreMember.lead(url, key);
    await using second = await StoreMember.open(url, key);
    const { code } = first.store;
    expect(code.hasRoom(KEY.projectId, 10, 100)).toBe(true);
    code.takeRoom(KEY.projectId, 10);
    first.store.functions.create(sized("mine", 10));
    await first.store.settled();

    await handOver(first, second);
    second.store.functions.create(sized("theirs", 80));
    await second.store.settled();
    await handOver(second, first);
    expect(code.totalBytes(KEY.projectId)).toBe(90);
    expect(code.hasRoom(KEY.projectId, 20, 100)).toBe(false);
  });

  test("drops what PostgreSQL has no room for, and goes on when it has", async () => {
    await using leader = await StoreMember.lead(server.database(), key);
    const { store, postgres } = leader;
    await postgres.query(`CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE 'no space left' USING ERRCODE = 'disk_full'; END $$`);
    await postgres.query("CREATE TRIGGER full_disk BEFORE INSERT ON changes EXECUTE FUNCTION full_disk()");
    store.functions.create(named("refused"));
    await expect(store.settled()).rejects.toThrow(StoreFullError);
    await vi.waitFor(() => store.settled(), WAIT);
    expect(namesIn(leader)).toEqual([]);
    await postgres.query("DROP TRIGGER full_disk ON changes");
    store.functions.create(named("taken"));
    await store.settled();
    expect([namesIn(leader), store.leads, leader.problems]).toEqual([["taken"], true, []]);
  });

  test("shows at the leader too what PostgreSQL wrote after the leader had given it up", async () => {
    await using leader = await StoreMember.lead(server.database(), key);
    const { store, postgres } = leader;
    store.functions.create(named("before"));
    await store.settled();
    const last = store.applied;
    await postgres.query(
      `INSERT INTO changes (seq, schema, changeset, function_keys)
      SELECT seq + 1, schema, ''::bytea, '{}' FROM changes WHERE seq = $1`,
      [last],
    );
    await postgres.notify("fungraph_changes", String(last + 1));
    await vi.waitFor(() => expect(store.applied).toBe(last + 1), WAIT);
    await vi.waitFor(async () => {
      store.functions.create(named("after"));
      await store.settled();
    }, WAIT);
    expect(namesIn(leader)).toEqual(["before", "after"].toSorted((one, other) => one.localeCompare(other)));
    expect(store.applied).toBe(last + 2);
    expect(leader.problems).toEqual([]);
  });

  test("goes on when PostgreSQL was restarted under it, with all that was acknowledged", async () => {
    const url = server.database();
    const members = [await StoreMember.lead(url, key), await StoreMember.open(url, key)];
    for (const member of members) member.store.stand();
    const leader = (): StoreMember | undefined => members.find(({ store }) => store.leads);
    const acknowledged: string[] = [];
    const write = async (name: string): Promise<void> => {
      const store = leader()?.store;
      if (store === undefined) throw new StoreUnavailableError("Nobody leads.");
      store.functions.create(named(name));
      await store.settled();
      acknowledged.push(name);
    };
    await write("before");
    let attempts = 0;
    const enough = new AbortController();
    const steady = (async () => {
      for (; !enough.signal.aborted; attempts++)
        await write(`w${attempts}`).catch((error: unknown) => expectUnavailable(error));
    })();
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(5), WAIT);
    await server.crash();
    await server.resume();
    const until = acknowledged.length;
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(until + 5), WAIT);
    enough.abort();
    await steady;
    const [one, other] = members;
    if (one === undefined || other === undefined) throw new Error("no members");
    await vi.waitFor(() => expect(namesIn(one)).toEqual(namesIn(other)), WAIT);
    const found = namesIn(one);
    expect(acknowledged.filter((name) => !found.includes(name))).toEqual([]);
    for (const member of members) await member[Symbol.asyncDispose]();
  });

  test("acknowledges changes while a member hangs, which has them once it goes on", async () => {
    const url = server.database();
    await using leader = await StoreMember.lead(url, key);
    const hung = spawn(process.execPath, ["--input-type=module", "-e", FOLLOWER, url, key], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: hung.stdout })[Symbol.asyncIterator]();
    await lines.next();
    await vi.waitFor(() => expect(leader.members.list()).toHaveLength(2), WAIT);
    hung.kill("SIGSTOP");
    leader.store.functions.create(named("meanwhile"));
    await leader.store.settled();
    hung.kill("SIGCONT");
    expect(await lines.next()).toMatchObject({ value: "p1/default/meanwhile" });
    hung.kill("SIGKILL");
    await once(hung, "exit");
  });
});

/** Says when it follows, and then which functions change. */
const FOLLOWER = `
import { StoreMember } from ${module("./shared-store.ts")};
const { store } = await StoreMember.open(...process.argv.slice(1));
store.onChange((text) => console.log(text));
console.log("follows");
`;

async function expectUnavailable(error: unknown): Promise<void> {
  expect(error).toBeInstanceOf(StoreUnavailableError);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
