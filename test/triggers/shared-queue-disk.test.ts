import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { StoreFullError } from "../../platform/store/errors.ts";
import { keyText } from "../../platform/store/function-key.ts";
import { SmallDisk } from "../store/fixtures.ts";
import { POSTGRES_HERE, TemporaryPostgres } from "../support/postgres.ts";
import { openRequests } from "../support/requests.ts";
import { HELLO, request, until } from "./support.ts";

test.runIf(POSTGRES_HERE && SmallDisk.possible)(
  "a full disk of PostgreSQL refuses the request and keeps what was accepted; with space it goes on",
  async () => {
    using disk = new SmallDisk("4m");
    await using server = await TemporaryPostgres.start();
    chmodSync(dirname(disk.path), 0o711);
    server.own(disk.path);
    const open = await openRequests(server.database());
    await open.postgres.query(`CREATE TABLESPACE small LOCATION '${disk.path}'`);
    await open.postgres.query("ALTER TABLE requests SET TABLESPACE small");
    const event = Buffer.alloc(10_000, "x");
    let accepted = 0;
    const fill = async (): Promise<void> => {
      for (; accepted < 10_000; accepted++)
        await open.requests.accept([{ ...request(`r${accepted}`), event }]);
    };
    await expect(fill()).rejects.toThrow(StoreFullError);
    expect(accepted).toBeGreaterThan(10);
    await until(() => open.requests.count("waiting") === accepted);
    execFileSync("/bin/mount", ["-o", "remount,size=32m", disk.path]);
    await open.requests.accept([request("after")]);
    const taken = await open.requests.take(keyText(HELLO), Date.now(), 10_001);
    expect(taken.map(({ id }) => id)).toEqual([
      ...Array.from({ length: accepted }, (_, at) => `r${at}`),
      "after",
    ]);
    expect(taken[0]?.event).toEqual(event);
    await open.close();
  },
);
