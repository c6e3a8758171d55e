import { Client } from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { CLUSTER_MIGRATIONS } from "../../platform/cluster/schema.ts";
import type { Invocation, Outcome } from "../../platform/gateway/invoker.ts";
import { keyText } from "../../platform/store/function-key.ts";
import type { NewAsyncRequest } from "../../platform/store/async-requests.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import type { QueueOptions } from "../../platform/triggers/queue-options.ts";
import { POSTGRES_HERE, TemporaryPostgres } from "../support/postgres.ts";
import { openRequests, ownServer, type OpenRequests } from "../support/requests.ts";
import { createFunction, HELLO, request, temporaryStore, until } from "./support.ts";

const SUCCESS: Outcome = { failure: undefined, code: 0, payload: Buffer.from("ok"), durationMs: 1 };
const SMALL = { ...HELLO, name: "small" };

/** One gateway of several: its queue, and what it was asked to run. */
interface Gateway extends OpenRequests {
  readonly queue: DurableQueue;
  readonly asked: Invocation[];
  readonly cancelled: string[];
}

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function openGateway(
  url: string,
  invoke: (one: Invocation) => Promise<Outcome>,
  more: Partial<QueueOptions> = {},
): Promise<Gateway> {
  const open = await openRequests(url);
  const records = await temporaryStore();
  createFunction(records);
  createFunction(records, SMALL);
  const [asked, cancelled]: [Invocation[], string[]] = [[], []];
  const queue = new DurableQueue({
    store: { ...records, asyncRequests: open.requests },
    invoker: {
      invoke: (one) => (asked.push(one), invoke(one)),
      cancel: (id) => void cancelled.push(id),
    },
    warn: () => undefined,
    ...more,
  });
  closers.push(async () => {
    await queue.close(100);
    await open.close();
    await records[Symbol.asyncDispose]();
  });
  return { ...open, queue, asked, cancelled };
}

function many(count: number, name: string, key = HELLO): NewAsyncRequest[] {
  return Array.from({ length: count }, (_, at) => request(`${name}${at}`, key));
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2));
const succeed = async (): Promise<Outcome> => (await turn(), SUCCESS);

describe.runIf(POSTGRES_HERE)("two gateways over one database", () => {
  test("one that has nothing to do runs what the other accepted and has no room for", async () => {
    const url = (await ownServer()).database();
    const busy = await openGateway(url, () => new Promise(() => undefined), { running: 1 });
    const idle = await openGateway(url, succeed);
    await busy.queue.start();
    await idle.queue.start();
    await busy.queue.accept(many(1, "hangs"));
    await busy.queue.accept(many(100, "waits"));
    await until(() => idle.asked.length === 100);
    expect(busy.asked.map((one) => one.requestId)).toEqual(["hangs0"]);
    await until(() => busy.requests.count("success") === 100);
    expect(busy.requests.count("running")).toBe(1);
  });

  test("they share the work, run nothing twice, and a long queue of one function holds up no other", async () => {
    const url = (await ownServer()).database();
    const one = await openGateway(url, succeed, { running: 4, runningPerFunction: 3 });
    const other = await openGateway(url, succeed, { running: 4, runningPerFunction: 3 });
    await one.queue.accept(many(1000, "hog"));
    await one.queue.accept(many(10, "small", SMALL));
    await Promise.all([one.queue.start(), other.queue.start()]);
    const asked = (): string[] => [...one.asked, ...other.asked].map(({ requestId }) => requestId);
    await until(() => asked().filter((id) => id.startsWith("small")).length === 10);
    expect(asked().length).toBeLessThan(300);
    await until(() => asked().length === 1010);
    expect(new Set(asked()).size).toBe(1010);
    expect(Math.min(one.asked.length, other.asked.length)).toBeGreaterThan(100);
  });

  test("a request is cancelled from the gateway that does not run it, and from where it waits", async () => {
    const url = (await ownServer()).database();
    const ends = Promise.withResolvers<Outcome>();
    const owner = await openGateway(url, () => ends.promise, { running: 1 });
    const asker = await openGateway(url, succeed, { running: 0 });
    await owner.queue.start();
    await asker.queue.start();
    await owner.queue.accept(many(2, "r"));
    const cancelled = asker.queue.cancel(HELLO, "r0");
    await until(() => owner.cancelled.includes("r0"));
    ends.resolve({ failure: "cancelled", code: 4208, payload: Buffer.alloc(0), durationMs: 1 });
    expect(await cancelled).toBe(true);
    const dead = await asker.requests.dead.list({ projectId: "project", id: "r0" }, { offset: 0, limit: 1 });
    expect(dead.requests).toMatchObject([{ id: "r0", status: "failed", errorCode: 4208 }]);
    expect(await asker.queue.cancel(HELLO, "unknown")).toBe(false);
    expect(await asker.queue.cancel(SMALL, "r1")).toBe(false);
  });

  test("what a gateway that is gone had taken waits again, and its attempt counts", async () => {
    const url = (await ownServer()).database();
    const gone = await openRequests(url);
    await gone.requests.accept([{ ...request("lost"), started: true }]);
    await gone.close();
    const next = await openRequests(url);
    await next.requests.recover();
    const [taken] = await next.requests.take(keyText(HELLO), Date.now(), 1);
    expect(taken).toMatchObject({ id: "lost", attempts: 2 });
    await next.close();
  });

  test("what ran under a schema that counted no cut runs is cut for the first time", async () => {
    const url = (await ownServer()).database();
    const before = CLUSTER_MIGRATIONS.findIndex((step) => step.includes("ADD COLUMN cuts"));
    const old = new Client({ connectionString: url, options: "-c search_path=fungraph" });
    await old.connect();
    await old.query("CREATE SCHEMA fungraph; CREATE TABLE schema_version (version integer NOT NULL)");
    for (const step of CLUSTER_MIGRATIONS.slice(0, before)) await old.query(step);
    await old.query(`INSERT INTO schema_version VALUES (${before});
      INSERT INTO requests (id, function_key, qualifier, owner, attempts, hops, accepted_at, due_at, event)
      VALUES ('ran', 'p/default/f', 'latest', gen_random_uuid(), 3, 0, 0, 1, '')`);
    await old.end();
    const { requests, close } = await openRequests(url);
    await until(() => requests.waitingOf("p/default/f") === 1);
    expect(await requests.take("p/default/f", 1, 1)).toMatchObject([{ id: "ran", attempts: 4, cuts: 1 }]);
    await close();
  });

  test("a gateway that the others gave up ends nothing that another one has taken since", async () => {
    const url = (await ownServer()).database();
    const [cut, next] = [await openRequests(url), await openRequests(url)];
    const ids = ["good", "bad", "again"];
    await cut.requests.accept(ids.map((id) => ({ ...request(id), started: true })));
    await next.postgres.query("DELETE FROM members WHERE id = $1", [cut.members.id]);
    await next.requests.recover();
    expect(await next.requests.take(keyText(HELLO), Date.now(), 9)).toHaveLength(3);
    await cut.requests.finish([
      { id: "good", status: "success" },
      { id: "bad", status: "failed", errorCode: 4002 },
      { id: "again", status: "retry", dueAt: 1 },
    ]);
    const rows = await next.postgres.query("SELECT id FROM requests WHERE owner = $1", [next.members.id]);
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(ids));
    await next.requests.finish(ids.map((id) => ({ id, status: "success" })));
    expect(await next.postgres.query("SELECT id FROM requests")).toEqual([]);
    await cut.close();
    await next.close();
  });

  test("large events of many callers go over whole, in as many commits as it takes", async () => {
    const open = await openRequests((await ownServer()).database());
    const events = Array.from({ length: 12 }, (_, at) => Buffer.alloc(6 * 1024 * 1024, at));
    await Promise.all(
      events.map((event, at) => open.requests.accept([{ ...request(`r${at}`), event, dueAt: at }])),
    );
    const taken = await open.requests.take(keyText(HELLO), Date.now(), events.length);
    expect(taken.map(({ id }) => id)).toEqual(events.map((_, at) => `r${at}`));
    expect(taken.every(({ event }, at) => event.equals(events[at] ?? Buffer.alloc(0)))).toBe(true);
    await open.close();
  });

  test("a database that stands still is not filled without end, and what was let in is kept", async () => {
    const open = await openRequests((await ownServer()).database());
    const other = open.postgres.session();
    await other.connect();
    await other.query("BEGIN; LOCK TABLE requests IN ACCESS EXCLUSIVE MODE");
    const outcomes = Promise.allSettled(
      Array.from({ length: 30 }, (_, at) => open.requests.accept(many(1000, `r${at}-`))),
    );
    await turn();
    await other.query("COMMIT");
    await other.end();
    const settled = await outcomes;
    const refused = settled.filter((one) => one.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    expect(String(refused[0]?.reason)).toContain("PostgreSQL is behind");
    await until(() => open.requests.count("waiting") === (30 - refused.length) * 1000);
    await open.close();
  });

  test("timers of a process that leads no longer fire nothing, and spoil nobody else's commit", async () => {
    const url = (await ownServer()).database();
    const open = await openRequests(url, { term: () => 7 });
    const fires = [{ triggerId: "t", at: 5 }];
    const fire = open.requests.accept([request("late")], fires);
    const accept = open.requests.accept([request("good")]);
    await expect(fire).rejects.toThrow("leads now");
    await accept;
    expect(await open.requests.lastFires()).toEqual(new Map());
    await open.postgres.query("UPDATE leadership SET term = 7");
    await open.requests.accept([request("fired")], fires);
    expect(await open.requests.lastFires()).toEqual(new Map([["t", 5]]));
    const taken = await open.requests.take(keyText(HELLO), Date.now(), 9);
    expect(taken.map((one) => one.id)).toEqual(["good", "fired"]);
    await open.close();
  });
});

test.runIf(POSTGRES_HERE)(
  "PostgreSQL ends amid the work, twice: all that was accepted runs once it is back",
  { timeout: 90_000 },
  async () => {
    await using server = await TemporaryPostgres.start();
    const url = server.database();
    const one = await openGateway(url, succeed);
    const other = await openGateway(url, succeed);
    await Promise.all([one.queue.start(), other.queue.start()]);
    const accepted: string[] = [];
    let refused = 0;
    const over = new AbortController();
    const work = async (gateway: Gateway, name: string): Promise<void> => {
      for (let at = 0; !over.signal.aborted; at++) {
        const group = many(10, `${name}${at}-`);
        try {
          await gateway.queue.accept(group);
          for (const { id } of group) accepted.push(id);
        } catch {
          refused++;
        }
        await turn();
      }
    };
    const working = Promise.all([work(one, "a"), work(other, "b")]);
    for (let times = 0; times < 2; times++) {
      const [soon, later] = [accepted.length + 100, refused + 4];
      await until(() => accepted.length > soon);
      await server.crash();
      await until(() => refused > later);
      await server.resume();
    }
    over.abort();
    await working;
    const ran = (): Set<string> => new Set([...one.asked, ...other.asked].map(({ requestId }) => requestId));
    await until(() => accepted.every((id) => ran().has(id)));
    await until(() => one.requests.count("running") + one.requests.count("waiting") === 0);
    for (const close of closers.splice(0).toReversed()) await close();
  },
);
