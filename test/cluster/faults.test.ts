import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { describe, expect, test, vi } from "vitest";
import { AdvisoryLock, LOCKS } from "../../platform/cluster/advisory-lock.ts";
import { Postgres } from "../../platform/cluster/connection.ts";
import { LEADER_CHANNEL } from "../../platform/cluster/leader.ts";
import { Leadership } from "../../platform/cluster/leadership.ts";
import { Members } from "../../platform/cluster/members.ts";
import { SharedSlots } from "../../platform/cluster/slots.ts";
import { ChangeLog } from "../../platform/store/postgres/change-log.ts";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { openRequests, ownServer } from "../support/requests.ts";

const WAIT = { timeout: 25_000, interval: 20 };

async function open(url: string): Promise<Postgres> {
  return Postgres.open({ url, problem: () => undefined });
}

function memberOf(postgres: Postgres): Members {
  return new Members(postgres, { role: "gateway", addresses: {} });
}

function slotsOf(postgres: Postgres, members: Members): SharedSlots {
  return new SharedSlots(postgres, members, () => undefined);
}

/** Another session than those that are looked at. */
async function bystander(url: string): Promise<Client> {
  const client = (await open(url)).session();
  await client.connect();
  return client;
}

describe.skipIf(!POSTGRES_HERE)(
  "what goes wrong between processes and PostgreSQL",
  { timeout: 60_000 },
  () => {
    test("a snapshot that was long in the making takes no newer one's place", async () => {
      const postgres = await open((await ownServer()).database());
      const log = new ChangeLog(postgres);
      await postgres.query("INSERT INTO snapshots (seq, schema, image) VALUES (0, 1, '')");
      const change = { changeset: new Uint8Array([1]), functionKeys: [] };
      await log.append(0, 0, [change, change, change]);
      const image = Buffer.from("image");
      await log.compact(0, { seq: 3, schema: 1, image });
      await log.compact(0, { seq: 1, schema: 1, image });
      expect(await log.base()).toEqual({ seq: 3, schema: 1 });
      await log.compact(0, { seq: 3, schema: 2, image });
      expect(await log.base()).toEqual({ seq: 3, schema: 2 });
      await postgres.close();
    });

    test("a slot that was given back while PostgreSQL was away is free once it is there again", async () => {
      const server = await ownServer();
      const url = server.database();
      const [one, other] = [await open(url), await open(url)];
      const [first, second] = [memberOf(one), memberOf(other)];
      const slots = [slotsOf(one, first), slotsOf(other, second)] as const;
      await Promise.all([one.start(), other.start()]);
      const kept = await slots[0].claim("kept", 1, true);
      const slot = await slots[0].claim("function", 1, true);
      expect(await slots[1].claim("function", 1, false)).toBeUndefined();
      await server.crash();
      slots[0].free(slot ?? "");
      await server.resume();
      await vi.waitFor(() => expect([first.joined, second.joined]).toEqual([true, true]), WAIT);
      await vi.waitFor(
        async () => expect(await slots[1].claim("function", 1, false)).not.toBeUndefined(),
        WAIT,
      );
      expect(kept).toBeDefined();
      expect(await slots[1].claim("kept", 1, false)).toBeUndefined();
      await Promise.all([one.close(), other.close()]);
    });

    test("whoever loses a lock amid what it begins with it hears of the loss after that", async () => {
      const postgres = await open((await ownServer()).database());
      const events: string[] = [];
      const gate = Promise.withResolvers<void>();
      const lock = new AdvisoryLock(postgres, [LOCKS.single, 99], false, {
        held: async () => {
          events.push("begins");
          if (events.length === 1) await gate.promise;
          events.push("leads");
        },
        lost: () => void events.push("lost"),
      });
      await vi.waitFor(() => expect(events).toEqual(["begins"]), WAIT);
      const holders = "FROM pg_locks WHERE locktype = 'advisory' AND objid = 99";
      await postgres.query(`SELECT pg_terminate_backend(pid) ${holders}`);
      await vi.waitFor(async () => expect(await postgres.query(`SELECT 1 ${holders}`)).toEqual([]), WAIT);
      await sleep(100);
      gate.resolve();
      await vi.waitFor(() => expect(events).toEqual(["begins", "leads", "lost", "begins", "leads"]), WAIT);
      await lock.close();
      await postgres.close();
      expect(events).toHaveLength(5);
    });

    test("a connection that ends while it begins is followed by one, and not by two", async () => {
      const url = (await ownServer()).database();
      const postgres = await open(url);
      const heard: string[] = [];
      postgres.listen("news", (payload) => heard.push(payload));
      let cuts = 1;
      postgres.onUp(async (home) => {
        if (cuts-- <= 0) return;
        const { rows } = await home.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
        const ended = new Promise<void>((resolve) => home.once("end", resolve));
        await postgres.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
        await ended;
        await home.query("SELECT 1");
      });
      await expect(postgres.start()).rejects.toThrow("PostgreSQL cannot be reached");
      await postgres.start();
      // A second one would have come by now.
      await sleep(500);
      await postgres.notify("news", "once");
      await vi.waitFor(() => expect(heard).toContain("once"), WAIT);
      await sleep(100);
      expect(heard).toEqual(["once"]);
      await postgres.close();
    });

    test("a member that is gone is missed though the list could not be read just then", async () => {
      const url = (await ownServer()).database();
      const [one, other] = [await open(url), await open(url)];
      const [first, second] = [memberOf(one), memberOf(other)];
      await one.start();
      await other.start();
      await vi.waitFor(() => expect(first.list()).toHaveLength(2), WAIT);
      const admin = await bystander(url);
      await admin.query("ALTER TABLE members RENAME TO members_away");
      await other.close();
      await sleep(500);
      expect(first.list().map(({ id }) => id)).toContain(second.id);
      await admin.query("ALTER TABLE members_away RENAME TO members");
      await vi.waitFor(() => expect(first.list().map(({ id }) => id)).toEqual([first.id]), WAIT);
      await admin.end();
      await one.close();
    });

    test("a leader that was told of while the last one was looked up is the leader", async () => {
      const url = (await ownServer()).database();
      const postgres = await open(url);
      const members = memberOf(postgres);
      const leadership = new Leadership(postgres, members);
      const admin = await bystander(url);
      await admin.query("BEGIN");
      await admin.query("LOCK TABLE leadership IN ACCESS EXCLUSIVE MODE");
      const started = postgres.start();
      const waits = "SELECT 1 FROM pg_locks WHERE relation = 'leadership'::regclass AND NOT granted";
      await vi.waitFor(async () => expect((await admin.query(waits)).rows).toHaveLength(1), WAIT);
      await postgres.notify(LEADER_CHANNEL, members.id);
      await vi.waitFor(() => expect(leadership.leader?.id).toBe(members.id), WAIT);
      await admin.query("COMMIT");
      await started;
      expect(leadership.leader?.id).toBe(members.id);
      await admin.end();
      await postgres.close();
    });

    test("a request that PostgreSQL wrote late, when its caller had given up, waits again", async () => {
      const opened = await openRequests((await ownServer()).database());
      const { requests, members, postgres } = opened;
      await postgres.query(
        `INSERT INTO requests (id, function_key, qualifier, owner, attempts, hops, accepted_at, due_at, event)
      VALUES ('late', 'p/default/f', 'latest', $1, 1, 0, 0, 0, '')`,
        [members.id],
      );
      await vi.waitFor(() => expect(requests.waitingOf("p/default/f")).toBe(1), WAIT);
      expect(await requests.take("p/default/f", Date.now(), 1)).toMatchObject([{ id: "late", attempts: 1 }]);
      await opened.close();
    });
  },
);
