import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { expect, test } from "vitest";
import { POSTGRES_HERE, TemporaryPostgres } from "../support/postgres.ts";

/** `npm run trial` makes it a thousand, and names one store. */
const { FUNGRAPH_KILL_ROUNDS, FUNGRAPH_KILL_STORE } = process.env;
const KINDS = [
  { kind: "sqlite", rounds: Number(FUNGRAPH_KILL_ROUNDS ?? 10) },
  { kind: "postgres", rounds: Number(FUNGRAPH_KILL_ROUNDS ?? 4) },
].filter(({ kind }) => (kind === "sqlite" || POSTGRES_HERE) && kind === (FUNGRAPH_KILL_STORE ?? kind));
const WORKER = fileURLToPath(new URL("kill-trial-worker.ts", import.meta.url));

/** A run as the ledger has it. */
interface LedgerRun {
  readonly life: number;
  readonly ok: boolean;
}

/** Where the queue of a trial lies. */
interface Place {
  /** Connection string; empty where all is in the folder. */
  readonly database: string;
  /** Ids of requests that run, as a process finds them that comes after. */
  readonly running: () => Promise<Set<string>>;
}

/** The folder of the trial, and what its lives left. */
class Trial implements AsyncDisposable {
  readonly #folder: string;
  readonly #place: Place;
  /** Requests whose caller was told that they are kept. */
  readonly accepted = new Set<string>();
  /** Requests that ran when a life was cut, by life. */
  readonly cut: Set<string>[] = [];

  constructor(folder: string, place: Place) {
    this.#folder = folder;
    this.#place = place;
  }

  /** One life, killed at a random moment: often amid its work, sometimes while it starts. */
  async live(life: number): Promise<void> {
    const worker = this.#spawn(life);
    let told = "";
    worker.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
    const ended = once(worker, "close");
    if (Math.random() < 0.8) await Promise.race([once(worker.stdout, "data"), ended]);
    await sleep(Math.random() * (told === "" ? 150 : 40));
    worker.kill("SIGKILL");
    await ended;
    // The last line may be half of one: it was not told.
    for (const id of told.split("\n").slice(0, -1)) this.accepted.add(id);
    this.cut.push(await this.#place.running());
  }

  /** Lets the rest run; answers how every recorded request ended. */
  async drain(): Promise<{ success: string[]; failed: string[]; left: string[]; cutOff: string[] }> {
    const worker = this.#spawn(this.cut.length, "drain");
    let text = "";
    worker.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
    const [code] = (await once(worker, "close")) as [number];
    expect(code).toBe(0);
    return JSON.parse(text) as Awaited<ReturnType<Trial["drain"]>>;
  }

  async ledger(): Promise<Map<string, LedgerRun[]>> {
    const runs = new Map<string, LedgerRun[]>();
    for (const line of (await readFile(join(this.#folder, "ledger"), "utf8")).split("\n").filter(Boolean)) {
      const [life, id = "", end] = line.split(" ");
      runs.set(id, [...(runs.get(id) ?? []), { life: Number(life), ok: end === "ok" }]);
    }
    return runs;
  }

  #spawn(life: number, ...task: string[]) {
    const { database } = this.#place;
    const args = [
      WORKER,
      join(this.#folder, "data"),
      join(this.#folder, "ledger"),
      database,
      String(life),
      ...task,
    ];
    return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

/** Looks into a copy, so that the next life finds the files as the kill has left them. */
async function runningIn(folder: string): Promise<Set<string>> {
  const [file, copy] = [join(folder, "data", "store.db"), join(folder, "copy.db")];
  try {
    await copyFile(file, copy);
    await copyFile(`${file}-wal`, `${copy}-wal`);
  } catch {
    // Killed before there was anything.
    return new Set();
  }
  const db = new DatabaseSync(copy);
  try {
    const rows = db.prepare("SELECT id FROM async_queue WHERE status = 1").all() as { id: string }[];
    return new Set(rows.map(({ id }) => id));
  } catch {
    return new Set();
  } finally {
    db.close();
    for (const end of ["", "-wal", "-shm"]) await rm(copy + end, { force: true });
  }
}

async function ownedIn(connectionString: string): Promise<Set<string>> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      "SELECT id FROM fungraph.requests WHERE owner IS NOT NULL",
    );
    return new Set(rows.map(({ id }) => id));
  } catch {
    // Killed before there was a table.
    return new Set();
  } finally {
    await client.end();
  }
}

test.each(KINDS)(
  "killed at $rounds random moments over $kind, it loses nothing that it accepted, marks nothing done that did not run, and repeats only what was cut",
  { timeout: 60_000 + Math.max(...KINDS.map(({ rounds }) => rounds)) * 10_000 },
  async ({ kind, rounds }) => {
    const folder = await mkdtemp(join(tmpdir(), "fungraph-kill-trial-"));
    await writeFile(join(folder, "ledger"), "");
    await using server = kind === "postgres" ? await TemporaryPostgres.start() : undefined;
    const database = server?.database() ?? "";
    const running = () => (database === "" ? runningIn(folder) : ownedIn(database));
    await using trial = new Trial(folder, { database, running });
    for (let life = 0; life < rounds; life++) await trial.live(life);
    const { success, failed, left, cutOff } = await trial.drain();
    expect(left).toEqual([]);
    // What is cut a few times by chance is no reason to run it no more.
    expect(cutOff).toEqual([]);
    const runs = await trial.ledger();
    const ended = new Set([...success, ...failed]);
    expect([...trial.accepted].filter((id) => !ended.has(id))).toEqual([]);
    expect(ended.size).toBe(success.length + failed.length);
    const ok = (id: string): LedgerRun[] => (runs.get(id) ?? []).filter((run) => run.ok);
    expect(success.filter((id) => ok(id).length === 0)).toEqual([]);
    // A success that was run again had lost its lease before the end was kept: the life in which it ran was cut with it.
    const repeated = [...runs.keys()].filter((id) => ok(id).length > 1);
    const withoutCut = repeated.filter(
      (id) =>
        !ok(id)
          .slice(0, -1)
          .every(({ life }) => trial.cut[life]?.has(id)),
    );
    expect(withoutCut).toEqual([]);
    // One try and three more. A failure that was cut off before it was kept is one that nobody knows of, but its lease counts as a try.
    const kept = ([id, all]: [string, LedgerRun[]]): LedgerRun[] =>
      all.filter(({ ok: good, life }) => !good && trial.cut[life]?.has(id) !== true);
    expect([...runs].filter((one) => kept(one).length > 4)).toEqual([]);
    process.stdout.write(
      `kill trial over ${kind}: ${rounds} kills, ${trial.accepted.size} accepted, ${success.length} succeeded, ${failed.length} failed for good, ${repeated.length} ran twice\n`,
    );
  },
);
