import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CUT_RUNS } from "../../platform/store/cut-runs.ts";
import { POSTGRES_HERE, TemporaryPostgres } from "../support/postgres.ts";
import { openLife, type LifeStore } from "./queue-life.ts";
import { HELLO } from "./support.ts";

const WORKER = fileURLToPath(new URL("cut-runs-worker.ts", import.meta.url));
interface LedgerRun {
  readonly name: string;
  readonly id: string;
  readonly event: string;
}

/** A queue whose process is ended by one of its requests, again and again. */
class Poisoned implements AsyncDisposable {
  readonly #folder: string;
  readonly #database: string;

  private constructor(folder: string, database: string) {
    this.#folder = folder;
    this.#database = database;
  }

  static async make(database: string): Promise<Poisoned> {
    const folder = await mkdtemp(join(tmpdir(), "fungraph-cut-runs-"));
    await writeFile(join(folder, "ledger"), "");
    return new Poisoned(folder, database);
  }

  open(): Promise<LifeStore> {
    return openLife(join(this.#folder, "data"), this.#database);
  }

  /** One life, until it ends itself; true when it was killed. */
  async live(...accepts: string[]): Promise<boolean> {
    const args = [WORKER, join(this.#folder, "data"), join(this.#folder, "ledger"), this.#database];
    const worker = spawn(process.execPath, [...args, ...accepts], {
      stdio: ["ignore", "inherit", "inherit"],
    });
    const [code, signal] = (await once(worker, "close")) as [number | null, string | null];
    expect([code, signal]).toEqual(code === null ? [null, "SIGKILL"] : [0, null]);
    return code === null;
  }

  async ledger(): Promise<LedgerRun[]> {
    const lines = (await readFile(join(this.#folder, "ledger"), "utf8")).split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line) as LedgerRun);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

test.concurrent.each(["SQLite", ...(POSTGRES_HERE ? ["PostgreSQL"] : [])])(
  "a request that ends its process each time is dead after ten runs over %s; those that ran beside it have ended well",
  { timeout: 300_000 },
  async (kind) => {
    await using server = kind === "PostgreSQL" ? await TemporaryPostgres.start() : undefined;
    await using poisoned = await Poisoned.make(server?.database() ?? "");
    const others = Array.from({ length: 15 }, (_, number) => `other-${number}`);
    let kills = 0;
    for (let killed = await poisoned.live("poison", ...others); killed; killed = await poisoned.live())
      kills++;
    expect(kills).toBe(CUT_RUNS);
    const runs = await poisoned.ledger();
    expect(runs.filter(({ id }) => id === "poison")).toHaveLength(CUT_RUNS);

    const told = runs.filter(({ name }) => name === "told");
    expect(told.map(({ event }) => JSON.parse(event) as unknown)).toMatchObject([
      {
        request_context: { request_id: "poison", condition: "SystemError" },
        response_context: { status_code: 500 },
        response_payload: expect.stringContaining("10 times the platform ended while this request"),
      },
    ]);

    const { store, close } = await poisoned.open();
    const page = { offset: 0, limit: 99 };
    const all = { ...page, from: 0, to: Number.MAX_SAFE_INTEGER };
    const { records } = await store.asyncRequests.records(HELLO, { ...all, statuses: ["success"] });
    expect(records.map(({ id }) => id).sort()).toEqual(others.sort());
    const query = { projectId: HELLO.projectId };
    const { requests } = await store.asyncRequests.dead.list(query, page);
    expect(requests).toMatchObject([{ id: "poison", status: "failed", attempts: 11, errorCode: 4213 }]);
    expect(await store.asyncRequests.dead.redrive(query, Date.now(), 9)).toMatchObject({ count: 1 });
    await close();
    expect(await poisoned.live()).toBe(true);
  },
);
