import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { POSTGRES_HERE, TemporaryPostgres } from "./postgres.ts";

test.runIf(POSTGRES_HERE)("a database keeps what was committed over a crash", async () => {
  await using server = await TemporaryPostgres.start();
  const [one, other] = [server.database(), server.database()];
  ask(one, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
  await server.crash();
  await server.resume();
  expect(ask(one, "SELECT n FROM kept")).toBe("7");
  expect(ask(other, "SELECT to_regclass('kept') IS NULL")).toBe("t");
  expect(ask(one, "SHOW fsync")).toBe("on");
});

function ask(database: string, sql: string): string {
  return execFileSync("psql", ["-AtX", database, "-c", sql], { encoding: "utf8" }).trim();
}
