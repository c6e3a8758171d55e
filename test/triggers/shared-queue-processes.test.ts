import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { POSTGRES_HERE, TemporaryPostgres } from "../support/postgres.ts";

const WORKER = fileURLToPath(new URL("shared-queue-worker.ts", import.meta.url));
/** Requests that each of the two accepts; the variable names those of both. */
const EACH = Number(process.env["FUNGRAPH_SHARED_REQUESTS"] ?? 3000) / 2;

/** Two gateways over one database, and what they leave. */
class Gateways implements AsyncDisposable {
  readonly #folder: string;
  readonly #processes = new Map<string, ChildProcess>();
  /** Requests whose caller was told that they are kept. */
  readonly accepted = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  start(name: string, url: string): void {
    const args = [WORKER, url, this.#ledger, name, String(EACH)];
    const env = { ...process.env, TMPDIR: this.#folder };
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env });
    this.#processes.set(name, child);
    let told = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const lines = (told + text).split("\n");
      // The last line may be half of one: it was not told.
      told = lines.pop() ?? "";
      for (const id of lines) this.accepted.add(id);
    });
  }

  async kill(name: string): Promise<void> {
    const child = this.#processes.get(name);
    if (child === undefined) return;
    this.#processes.delete(name);
    const ended = once(child, "close");
    child.kill("SIGKILL");
    await ended;
  }

  /** Which gateways ran each request, in the order of the runs. */
  async runs(): Promise<Map<string, string[]>> {
    const runs = new Map<string, string[]>();
    for (const line of (await readFile(this.#ledger, "utf8")).split("\n").slice(0, -1)) {
      const [name = "", id = ""] = line.split(" ");
      runs.set(id, [...(runs.get(id) ?? []), name]);
    }
    return runs;
  }

  get #ledger(): string {
    return join(this.#folder, "ledger");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#processes.keys()) await this.kill(name);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

test.runIf(POSTGRES_HERE)(
  `of ${2 * EACH} requests of two gateways none is lost when one is killed, and only what it held runs twice`,
  { timeout: 120_000 },
  async () => {
    await using server = await TemporaryPostgres.start();
    const url = server.database();
    const folder = await mkdtemp(join(tmpdir(), "fungraph-gateways-"));
    await writeFile(join(folder, "ledger"), "");
    await using gateways = new Gateways(folder);
    for (const name of ["a", "b"]) gateways.start(name, url);
    await until(async () => {
      const names = [...(await gateways.runs()).values()].flat();
      return names.includes("b") && names.filter((name) => name === "a").length > EACH / 5;
    });
    await gateways.kill("a");
    const ofB = (): number => [...gateways.accepted].filter((id) => id.startsWith("b-")).length;
    await until(async () => {
      const runs = await gateways.runs();
      return ofB() === EACH && [...gateways.accepted].every((id) => runs.has(id));
    });
    const runs = await gateways.runs();
    const repeated = [...runs.values()].filter((names) => names.length > 1);
    // Each of them was held by the one that was killed, and then by the other.
    expect(repeated.filter((names) => names.join() !== "a,b")).toEqual([]);
    expect(repeated.length).toBeLessThan(EACH / 5);
    process.stdout.write(`${runs.size} requests ran, ${repeated.length} of them twice\n`);
  },
);
