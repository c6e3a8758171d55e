import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { Postgres } from "../../platform/cluster/connection.ts";
import { DatabaseDownError, DatabaseUnfitError } from "../../platform/cluster/errors.ts";
import { Candidate, findLeader } from "../../platform/cluster/leader.ts";
import { Members } from "../../platform/cluster/members.ts";
import { POSTGRES_HERE, TemporaryPostgres } from "../support/postgres.ts";

const WAIT = { timeout: 20_000, interval: 10 };

/** One process of a cluster, as far as membership goes. */
class Node implements AsyncDisposable {
  readonly postgres: Postgres;
  readonly members: Members;
  readonly terms: number[] = [];
  deposed = 0;
  #candidate: Candidate | undefined;

  private constructor(postgres: Postgres) {
    this.postgres = postgres;
    this.members = new Members(postgres, { role: "all", addresses: { http: "http://127.0.0.1:1" } });
  }

  static async start(url: string): Promise<Node> {
    const node = new Node(await Postgres.open({ url, problem: (error) => console.error(error) }));
    await node.postgres.start();
    return node;
  }

  stand(): void {
    this.#candidate = new Candidate(this.postgres, this.members.id, {
      leads: async (term) => void this.terms.push(term),
      deposed: () => void this.deposed++,
    });
  }

  get ids(): string[] {
    return this.members.list().map((one) => one.id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#candidate?.close();
    await this.members.leave();
    await this.postgres.close();
  }
}

const MODULE = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
const MEMBER = `
import { Postgres } from ${MODULE("../../platform/cluster/connection.ts")};
import { Members } from ${MODULE("../../platform/cluster/members.ts")};
import { Candidate } from ${MODULE("../../platform/cluster/leader.ts")};
const postgres = await Postgres.open({ url: process.argv[1], problem: console.error });
const members = new Members(postgres, { role: "scheduler", addresses: {} });
await postgres.start();
new Candidate(postgres, members.id, { leads: async () => console.log(members.id), deposed: () => {} });
`;

async function startLeader(url: string): Promise<{ process: ChildProcess; id: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", MEMBER, url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { process: child, id: line.toString().trim() };
}

describe.runIf(POSTGRES_HERE)("members", () => {
  let server: TemporaryPostgres;
  beforeAll(async () => {
    server = await TemporaryPostgres.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("know each other in one order, and who leaves or is killed", async () => {
    const url = server.database();
    await using one = await Node.start(url);
    await using two = await Node.start(url);
    const leaver = await Node.start(url);
    await vi.waitFor(
      () => expect(one.ids).toEqual([one.members.id, two.members.id, leaver.members.id]),
      WAIT,
    );
    await vi.waitFor(() => expect(two.ids).toEqual(one.ids), WAIT);
    expect(one.members.list()[1]).toMatchObject({ role: "all", addresses: { http: "http://127.0.0.1:1" } });
    await leaver[Symbol.asyncDispose]();
    const killed = await startLeader(url);
    await vi.waitFor(() => expect(two.ids).toEqual([one.members.id, two.members.id, killed.id]), WAIT);
    killed.process.kill("SIGKILL");
    for (const node of [one, two])
      await vi.waitFor(() => expect(node.ids).toEqual([one.members.id, two.members.id]), WAIT);
  });

  test("three that are killed at once are all missed", async () => {
    const url = server.database();
    const first = await startLeader(url);
    await using node = await Node.start(url);
    const others = await Promise.all([Node.start(url), Node.start(url)]);
    await vi.waitFor(() => expect(node.ids).toHaveLength(4), WAIT);
    first.process.kill("SIGKILL");
    for (const other of others) {
      // Their connections end without a word, as with a killed process.
      const pids = await node.postgres.query<{ pid: number }>(
        "SELECT pid FROM pg_locks l JOIN members m ON l.objid = m.number::bigint::oid AND l.mode = 'ExclusiveLock' WHERE m.id = $1",
        [other.members.id],
      );
      await other.postgres.close();
      await node.postgres.query("SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid", [
        pids.map((row) => row.pid),
      ]);
    }
    await vi.waitFor(() => expect(node.ids).toEqual([node.members.id]), WAIT);
    await vi.waitFor(
      async () => expect(await node.postgres.query("SELECT 1 FROM members")).toHaveLength(1),
      WAIT,
    );
  });

  test("the next one leads as soon as the leader is killed, under a later term", async () => {
    const url = server.database();
    const leader = await startLeader(url);
    await using heir = await Node.start(url);
    heir.stand();
    expect(await findLeader(heir.postgres)).toBe(leader.id);
    expect(heir.terms).toEqual([]);
    leader.process.kill("SIGKILL");
    await vi.waitFor(() => expect(heir.terms).toEqual([2]), WAIT);
    expect(await findLeader(heir.postgres)).toBe(heir.members.id);
  });

  test("are the same ones again after PostgreSQL was away, and one of them leads", async () => {
    const url = server.database();
    await using one = await Node.start(url);
    await using two = await Node.start(url);
    one.stand();
    await vi.waitFor(() => expect(one.terms).toEqual([1]), WAIT);
    two.stand();
    await vi.waitFor(() => expect(two.ids).toHaveLength(2), WAIT);
    await server.crash();
    await vi.waitFor(() => expect([one.deposed, one.members.joined]).toEqual([1, false]), WAIT);
    await expect(one.postgres.query("SELECT 1")).rejects.toThrow(DatabaseDownError);
    await server.resume();
    await vi.waitFor(() => expect([...one.terms, ...two.terms]).toContain(2), WAIT);
    for (const node of [one, two])
      await vi.waitFor(
        () => expect(node.ids.toSorted()).toEqual([one.members.id, two.members.id].toSorted()),
        WAIT,
      );
  });

  test("a connection hears what others tell, keeps nothing of a transaction that fails, and refuses a newer database", async () => {
    const url = server.database();
    const open = () => Postgres.open({ url, problem: console.error });
    const [one, other] = [await open(), await open()];
    const heard: string[] = [];
    other.listen("news", (payload) => heard.push(payload));
    await other.start();
    await one.notify("news", "good");
    await vi.waitFor(() => expect(heard).toEqual(["good"]), WAIT);
    const failing = one.transact(async (client) => {
      await client.query("UPDATE leadership SET term = 9");
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await one.query("SELECT term FROM leadership")).toEqual([{ term: 0 }]);
    await one.query("UPDATE schema_version SET version = 999");
    await expect(open()).rejects.toThrow(DatabaseUnfitError);
    await expect(open()).rejects.toThrow("was written by a newer Fungraph (schema 999");
    await Promise.all([one.close(), other.close()]);
  });

  test("a platform that PostgreSQL does not let in, or that reaches none, is told what to look at", async () => {
    const url = server.database();
    const stranger = openAt(url.replace("fungraph@", "stranger:secret@"));
    await expect(stranger).rejects.toThrow(DatabaseUnfitError);
    await expect(stranger).rejects.toThrow(
      /role "stranger" does not exist. Check user, password and database/,
    );
    await expect(stranger).rejects.not.toThrow("secret");
    await expect(openAt("postgres://127.0.0.1:1/none")).rejects.toThrow(
      /PostgreSQL cannot be reached: .*ECONNREFUSED/,
    );
  });
});

function openAt(url: string): Promise<Postgres> {
  return Postgres.open({ url, problem: console.error });
}
