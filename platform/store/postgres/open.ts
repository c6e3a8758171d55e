import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Postgres } from "../../cluster/connection.ts";
import type { Members } from "../../cluster/members.ts";
import { archiveWork } from "../../workshop/workshop.ts";
import { FileCodeStore } from "../code-store.ts";
import { openDataFolder } from "../data-folder.ts";
import { DataFolderError } from "../errors.ts";
import { readSecretBox } from "../secrets.ts";
import { codeReferences } from "../sqlite/code-references.ts";
import { openRecords, type Records } from "../sqlite/records.ts";
import type { Store } from "../store.ts";
import { PostgresArchives } from "./archives.ts";
import { ForgottenRequests } from "./forgotten-requests.ts";
import { found } from "./foundation.ts";
import { IMAGE_PREFIX } from "./image.ts";
import { Lead } from "./lead.ts";
import { PostgresMetrics } from "./metrics.ts";
import { Replica } from "./replica.ts";
import { PostgresRequests } from "./requests.ts";

/** What a shared store stands on. */
export interface SharedStoreOptions {
  /** Opened and not yet started. */
  readonly postgres: Postgres;
  readonly members: Members;
  /** Folder of this process alone; made when it is missing. */
  readonly dataDir: string;
  /** File with the key of secrets, the same for all processes: 32 bytes. */
  readonly keyFile: string;
  /** Writes what a new platform begins with, in the process that comes first. */
  readonly first: (records: Records) => void;
  /** Told what went wrong in the background. */
  readonly problem: (error: unknown) => void;
  /** Changes after which the leader writes a snapshot. Default 1000. */
  readonly compactAfter?: number;
}

/** A store that several processes share. One of them leads, and it alone changes records; all of them read. */
export interface SharedStore extends Store {
  /** Whether this process leads now. */
  readonly leads: boolean;
  /** Number of the last change that reads here show and that is safe. */
  readonly applied: number;
  /** Resolves when reads here show all that was safe when it was asked. Rejects with DatabaseDownError. */
  catchUp(): Promise<void>;
  /** Called when this process begins to lead, when all earlier changes are here, and when it ceases to. */
  onLead(listener: (leads: boolean) => void): void;
  /** Stands for the lead from now on, until `close`. */
  stand(): void;
  /** Resolves when what was under way is safe, or cannot be; another process may lead then. */
  close(): Promise<void>;
}

/**
 * Opens the store of a platform whose truth is in PostgreSQL. It reads everything there is before it resolves; it follows the
 * changes of others once `postgres` starts.
 *
 * Rejects with DataFolderError or DataFolderInUseError for the folder, DatabaseDownError, and DatabaseUnfitError for another
 * key or a newer platform.
 */
export async function openSharedStore(options: SharedStoreOptions): Promise<SharedStore> {
  refuseEmbedded(options.dataDir);
  const { folder, db: lock } = openDataFolder(options.dataDir, "member.db");
  try {
    const box = readSecretBox(options.keyFile);
    removeImages(folder);
    await found(options.postgres, box, options.first);
    const termOver = (): void => void lead.giveAway();
    const replica = new Replica({ ...options, folder, termOver });
    const lead = new Lead({ ...options, memberId: options.members.id, replica });
    const records = openRecords(replica.db, box);
    await replica.load();
    const code = await openCode(options, folder, replica);
    // While another one led, code came of which nothing was counted here.
    lead.onLead((leads) => {
      if (leads) code.forgetRoom();
    });
    const counts = openCounts(options, records, replica, lead);
    return withLead({ ...records, code, ...counts }, replica, lead, () => lock.close());
  } catch (error) {
    lock.close();
    throw error;
  }
}

async function openCode(
  { postgres }: SharedStoreOptions,
  folder: string,
  replica: Replica,
): Promise<FileCodeStore> {
  const references = codeReferences(replica.db);
  const named = { current: () => replica.term !== undefined, digests: () => references.digests() };
  const code = new FileCodeStore(folder, references, archiveWork, {
    origin: new PostgresArchives(postgres, named),
  });
  await code.prepare();
  return code;
}

/** What is in the database alone. */
function openCounts(
  { postgres, members, problem }: SharedStoreOptions,
  records: Records,
  replica: Replica,
  lead: Lead,
) {
  const asyncRequests = new PostgresRequests({ postgres, members, term: () => replica.term });
  const metrics = new PostgresMetrics(postgres, members.id, problem);
  const forgotten = new ForgottenRequests(records, replica, asyncRequests, problem);
  lead.onLead((leads) => {
    if (leads) forgotten.sweep();
  });
  return { asyncRequests, metrics, settled: forgotten.settled };
}

function withLead(
  store: Omit<Store, "close"> & {
    readonly asyncRequests: PostgresRequests;
    readonly metrics: PostgresMetrics;
  },
  replica: Replica,
  lead: Lead,
  release: () => void,
): SharedStore {
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await Promise.all([replica.flush(), store.metrics.close()]);
    store.asyncRequests.close();
    await lead.close();
    await replica.close();
    release();
  };
  return {
    ...store,
    get leads() {
      return replica.term !== undefined;
    },
    get applied() {
      return replica.applied;
    },
    catchUp: () => replica.catchUp(),
    onLead: (listener) => lead.onLead(listener),
    stand: () => lead.stand(),
    close: () => (closing ??= close()),
  };
}

/** What an earlier run was killed over. */
function removeImages(folder: string): void {
  for (const entry of readdirSync(folder))
    if (entry.startsWith(IMAGE_PREFIX)) rmSync(join(folder, entry), { force: true });
}

function refuseEmbedded(dataDir: string): void {
  if (!existsSync(join(resolve(dataDir), "store.db"))) return;
  throw new DataFolderError(
    `The data folder ${resolve(dataDir)} holds the records of a platform in one process, which a platform over PostgreSQL does not read. Choose another folder.`,
  );
}
