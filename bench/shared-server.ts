// A platform of two processes, a gateway and a scheduler, over a PostgreSQL of its own. Prints where it is as JSON; ends in good order on SIGTERM.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startPlatform } from "../platform/main.ts";
import { TemporaryPostgres } from "../test/support/postgres.ts";

const [given, url] = process.argv.slice(2);
if (given !== undefined && url !== undefined) await serveScheduler(given, url);
else await serveAll();

/** The process that the other one starts; it ends with it. */
async function serveScheduler(folder: string, database: string): Promise<void> {
  const platform = await startPlatform(configOf("scheduler", folder, database));
  process.stdout.write(`${platform.endpoint}\n`);
  process.stdin.once("end", () => void platform.close().finally(() => process.exit(0))).resume();
}

async function serveAll(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-bench-"));
  writeFileSync(join(folder, "key"), randomBytes(32), { mode: 0o600 });
  const postgres = await TemporaryPostgres.start();
  const database = postgres.database();
  const program = [...process.execArgv, import.meta.filename, folder, database];
  const scheduler = spawn(process.execPath, program, { stdio: ["pipe", "pipe", "inherit"] });
  await once(createInterface(scheduler.stdout), "line");
  const platform = await startPlatform(configOf("gateway", folder, database));
  const { endpoint, projectId, accessKey, secretKey, runtimes } = platform;
  const newest = Object.fromEntries(
    runtimes
      .filter(({ available }) => available)
      .map(({ family, runtime }) => [`runtime.${family}`, runtime]),
  );
  const port = Number(new URL(endpoint).port);
  process.stdout.write(
    `${JSON.stringify({ port, endpoint, projectId, accessKey, secretKey, database, ...newest })}\n`,
  );
  await once(process, "SIGTERM");
  await platform.close();
  const ended = once(scheduler, "exit");
  scheduler.stdin.end();
  await ended;
  await postgres[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
}

function configOf(role: "gateway" | "scheduler", folder: string, database: string) {
  return {
    dataDir: join(folder, role),
    cluster: { role, database, keyFile: join(folder, "key"), logsDir: join(folder, "logs") },
    limits: { concurrentExecutions: 1000 },
  };
}
