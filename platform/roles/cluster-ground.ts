import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Identities } from "../auth/identities.ts";
import { Postgres } from "../cluster/connection.ts";
import { DatabaseDownError } from "../cluster/errors.ts";
import { Leadership } from "../cluster/leadership.ts";
import { Members } from "../cluster/members.ts";
import { openSharedStore, type SharedStore } from "../store/postgres/open.ts";
import type { Closers } from "./closers.ts";
import type { ClusterConfig, PlatformConfig } from "./config.ts";
import { openGround, type Ground } from "./ground.ts";
import { readSettings } from "./settings.ts";

/** What a process of several stands on. */
export interface ClusterGround extends Ground {
  readonly store: SharedStore;
  readonly postgres: Postgres;
  readonly members: Members;
  readonly leadership: Leadership;
  /** Where the others reach this process, where they need to; read when it joins. */
  readonly addresses: Record<string, string>;
  /** Joins the others: all that listens to the database is there. */
  join(): Promise<void>;
}

const START_MS = 30_000;
const RETRY_MS = 250;

/** Rejects as `openSharedStore` does. */
export async function openClusterGround(
  config: PlatformConfig,
  { role, database, keyFile, logsDir }: ClusterConfig,
  closers: Closers,
): Promise<ClusterGround> {
  const settings = readSettings(config);
  const { problem, dataDir } = settings;
  const postgres = await Postgres.open({ url: database, problem });
  closers.add(() => postgres.close());
  const addresses: Record<string, string> = {};
  const members = new Members(postgres, { role, addresses });
  const leadership = new Leadership(postgres, members);
  const store = await openSharedStore({
    postgres,
    members,
    dataDir,
    keyFile,
    first: (records) => void new Identities(records),
    problem,
  });
  // Who leaves has ended what it ran: others would run it again.
  closers.add(
    () => store.close(),
    () => members.leave(),
  );
  const logs = memberLogs(logsDir, dataDir);
  addresses["logs"] = basename(logs);
  const ground = openGround(settings, store, closers, logs);
  store.onLead((leads) => {
    if (leads) ground.auth.takeOver();
  });
  return { ...ground, store, postgres, members, leadership, addresses, join: () => startedSoon(postgres) };
}

/** A database that is away for a moment, or slow on a busy machine, does not end a start. */
async function startedSoon(postgres: Postgres): Promise<void> {
  for (const until = performance.now() + START_MS; ; await delay(RETRY_MS)) {
    try {
      await postgres.start();
      return;
    } catch (error) {
      if (!(error instanceof DatabaseDownError) || performance.now() > until) throw error;
    }
  }
}

/** Each process writes in a folder of its own, the same after a restart. */
function memberLogs(logsDir: string, dataDir: string): string {
  const name = createHash("sha256").update(resolve(dataDir)).digest("hex").slice(0, 12);
  const folder = join(logsDir, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
