import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { NewAsyncRequest } from "../../platform/store/async-requests.ts";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { openRequests, ownServer } from "../support/requests.ts";

const WAIT = { timeout: 20_000, interval: 20 };
/** So long a look is held up, as it is on a machine with ten times the work that it can do. */
const HELD_MS = 1_500;

function started(id: string): NewAsyncRequest {
  const key = { projectId: "p", package: "default", name: "f" };
  const now = Date.now();
  return {
    id,
    key,
    qualifier: "latest",
    event: Buffer.from("{}"),
    acceptedAt: now,
    dueAt: now,
    started: true,
  };
}

test.skipIf(!POSTGRES_HERE)(
  "a process that looked for long, because its machine was busy, soon knows again what the others did",
  { timeout: 60_000 },
  async () => {
    const url = (await ownServer()).database();
    const runner = await openRequests(url);
    const observer = await openRequests(url);
    const blocker = observer.postgres.session();
    await blocker.connect();
    await runner.requests.accept([started("one")]);
    await vi.waitFor(() => expect(observer.requests.count("running")).toBe(1), WAIT);

    await blocker.query("BEGIN");
    await blocker.query("LOCK TABLE request_tally IN ACCESS EXCLUSIVE MODE");
    // The looks of both.
    await vi.waitFor(async () => expect(await waiting()).toBeGreaterThanOrEqual(2), WAIT);
    await sleep(HELD_MS);
    await blocker.query("COMMIT");
    await vi.waitFor(async () => expect(await waiting()).toBe(0), WAIT);

    await runner.requests.finish([{ id: "one", status: "success" }]);
    await vi.waitFor(() => expect(observer.requests.count("running")).toBe(0), WAIT);
    expect(observer.requests.count("success")).toBe(1);
    await blocker.end();
    await Promise.all([runner.close(), observer.close()]);

    async function waiting(): Promise<number | undefined> {
      const [row] = await observer.postgres.query<{ count: number }>(
        "SELECT count(*) AS count FROM pg_stat_activity WHERE wait_event = 'relation' AND datname = current_database()",
      );
      return row?.count;
    }
  },
);
