import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Arrangements, type Reasons } from "../../platform/cluster/arrangements.ts";
import { Postgres } from "../../platform/cluster/connection.ts";
import { EngineUse } from "../../platform/cluster/engine-use.ts";
import { Members } from "../../platform/cluster/members.ts";
import { POSTGRES_HERE, TemporaryPostgres } from "../support/postgres.ts";

const NOTHING: Reasons = new Map();
const firstChange = async (): Promise<number> => 1;
const problem = (error: unknown): void => console.error(error);

describe.skipIf(!POSTGRES_HERE)("processes that use one engine", () => {
  let server: TemporaryPostgres;
  let url: string;

  beforeAll(async () => {
    server = await TemporaryPostgres.start();
    url = server.database();
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  test("change it one after the other, and once for each change of the records", async () => {
    const [one, other] = [await Postgres.open({ url, problem }), await Postgres.open({ url, problem })];
    const uses = [new EngineUse(one, "a", () => undefined), new EngineUse(other, "a", () => undefined)];
    let [running, made] = [0, 0];
    const make = async (): Promise<Reasons> => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((done) => setTimeout(done, 20));
      running -= 1;
      made += 1;
      return new Map([["vpc", `in force ${made}`]]);
    };
    const at = (change: number, anew = false): Promise<string[]> =>
      Promise.all(
        uses.map(async (use) => {
          const reasons = await use.arrange({ change: async () => change, make, anew });
          return reasons.get("vpc") ?? "";
        }),
      );
    expect(await at(1)).toEqual(["in force 1", "in force 1"]);
    expect(new Set(await at(2))).toEqual(new Set(["in force 2"]));
    expect(new Set(await at(2, true))).toEqual(new Set(["in force 3", "in force 4"]));
    for (const use of uses) await use.leave(async () => undefined);
    await Promise.all([one.close(), other.close()]);
  });

  test("do it again after one that failed, or was cut off from the database in the middle", async () => {
    const [one, other] = [await Postgres.open({ url, problem }), await Postgres.open({ url, problem })];
    const [first, second] = [
      new EngineUse(one, "b", () => undefined),
      new EngineUse(other, "b", () => undefined),
    ];
    const fails = { change: firstChange, make: () => Promise.reject(new Error("the engine is gone")) };
    await expect(first.arrange(fails)).rejects.toThrow("the engine is gone");
    const cut = async (): Promise<Reasons> => {
      const query =
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'";
      await other.query(query);
      return NOTHING;
    };
    await expect(first.arrange({ change: firstChange, make: cut })).rejects.toThrow();
    let made = 0;
    await second.arrange({ change: firstChange, make: async () => ((made += 1), NOTHING) });
    expect(made).toBe(1);
    for (const use of [first, second]) await use.leave(async () => undefined);
    await Promise.all([one.close(), other.close()]);
  });

  test("leave it to the last one to tidy up, also when all leave at once", async () => {
    const connections = await Promise.all([1, 2, 3].map(() => Postgres.open({ url, problem })));
    const uses = connections.map((one) => new EngineUse(one, "c", () => undefined));
    const elsewhere = new EngineUse(connections[0] ?? expect.fail(), "d", () => undefined);
    await Promise.all([...uses, elsewhere].map(({ begun }) => begun));
    const tidied: number[] = [];
    const leave = (index: number): Promise<void> | undefined =>
      uses[index]?.leave(async () => void tidied.push(index));
    await leave(0);
    expect(tidied).toEqual([]);
    await Promise.all([leave(1), leave(2)]);
    expect(tidied.length).toBeGreaterThan(0);
    await elsewhere.leave(async () => undefined);
    await Promise.all(connections.map((one) => one.close()));
  });

  test("answer for each other: what one cannot make is told, and who is gone makes nothing", async () => {
    const [leader, able, unable, gateway] = await Promise.all([
      member({ engine: "x" }, async () => NOTHING),
      member({ engine: "x" }, async () => NOTHING),
      member({ engine: "y" }, async () => new Map([["vpc-1", "taken. ".repeat(5_000)]])),
      member({ http: "z" }, () => Promise.reject(new Error("was never asked"))),
    ]);
    await expect.poll(() => leader.members.list().length).toBe(4);
    const reasons = await leader.arrangements.ask();
    expect([...reasons.keys()]).toEqual(["vpc-1"]);
    expect(reasons.get("vpc-1")).toMatch(/^taken\. /);
    await unable.close();
    await expect.poll(() => leader.members.list().length).toBe(3);
    expect((await leader.arrangements.ask()).size).toBe(0);

    const stuck = await member({ engine: "y" }, () => new Promise(() => undefined));
    await expect.poll(() => leader.members.list().length).toBe(4);
    const asking = leader.arrangements.ask();
    await stuck.close();
    expect((await asking).size).toBe(0);
    for (const one of [able, gateway, leader]) await one.close();
  });

  test.each([30, 1000])("name what cannot be made however much that is: %i networks", async (count) => {
    const ids = Array.from({ length: count }, (_, at) => `vpc-${at}`);
    const reasons = new Map(ids.map((id) => [id, `${id} is taken. `.repeat(50)]));
    const leader = await member({ engine: "x" }, async () => NOTHING);
    const unable = await member({ engine: "y" }, async () => reasons);
    await expect.poll(() => leader.members.list().length).toBe(2);
    const told = await leader.arrangements.ask();
    for (const id of ids) expect(told.get(id) ?? told.get("")).toContain("is taken");
    for (const one of [unable, leader]) await one.close();
  });

  test("do not wait twice for one that does not answer, until it does", async () => {
    const late: ((reasons: Reasons) => void)[] = [];
    const leader = await member({ engine: "x" }, async () => NOTHING, 500);
    const slow = await member({ engine: "y" }, () => new Promise((resolve) => late.push(resolve)));
    await expect.poll(() => leader.members.list().length).toBe(2);
    expect((await leader.arrangements.ask()).get("")).toBe("1 of the schedulers did not answer in time.");
    expect((await leader.arrangements.ask()).size).toBe(0);
    for (const answer of late.splice(0)) answer(NOTHING);
    await expect
      .poll(
        async () => {
          const answer = leader.arrangements.ask();
          await expect.poll(() => late.length).toBeGreaterThan(0);
          for (const one of late.splice(0)) one(new Map([["vpc", "taken."]]));
          return (await answer).get("vpc");
        },
        { timeout: 10_000 },
      )
      .toBe("taken.");
    for (const one of [slow, leader]) await one.close();
  });

  async function member(
    addresses: Record<string, string>,
    arrange: () => Promise<Reasons>,
    patienceMs = 30_000,
  ) {
    const postgres = await Postgres.open({ url, problem });
    const members = new Members(postgres, { role: "scheduler", addresses });
    const arrangements = new Arrangements({ postgres, members, address: "engine", arrange, patienceMs });
    await postgres.start();
    const close = async (): Promise<void> => {
      await members.leave();
      await postgres.close();
    };
    return { members, arrangements, close };
  }
});
