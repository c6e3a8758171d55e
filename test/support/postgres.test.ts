import { Client } from "pg";
import { expect, test } from "vitest";
import { POSTGRES_HERE, TemporaryPostgres } from "./postgres.ts";

test.runIf(POSTGRES_HERE)("a database keeps what was committed over a crash", async () => {
  await using server = await TemporaryPostgres.start();
  const [one, other] = [server.database(), server.database()];
  await ask(one, "CREATE TABLE kept AS SELECT 7 AS n");
  await server.crash();
  await server.resume();
  expect(await ask(one, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  expect(await ask(other, "SELECT to_regclass('kept') AS name")).toEqual([{ name: null }]);
  expect(await ask(one, "SHOW fsync")).toEqual([{ fsync: "on" }]);
});

async function ask(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}
