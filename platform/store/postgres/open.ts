import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Postgres } from "../../cluster/connection.ts";
import { Candidate } from "../../cluster/leader.ts";
import type { Members } from "../../cluster/members.ts";
import { keepCode } from "../../workshop/workshop.ts";
import { FileCodeStore } from "../code-store.ts";
import { openDataFolder } from "../data-folder.ts";
import { DataFolderError, StoreUnavailableError } from "../errors.ts";
import { parseKeyText } from "../function-key.ts";
import { readSecretBox } from "../secrets.ts";
import { codeReferences } from "../sqlite/code-references.ts";
import { openRecords, type Records } from "../sqlite/records.ts";
import type { Store } from "../store.ts";
import { PostgresArchives } from "./archives.ts";
import { found } from "./foundation.ts";
import { IMAGE_PREFIX } from "./image.ts";
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
  const { postgres, members, keyFile, problem } = options;
  refuseEmbedded(options.dataDir);
  const { folder, db: lock } = openDataFolder(options.dataDir, "member.db");
  try {
    const box = readSecretBox(keyFile);
    for (const entry of readdirSync(folder))
      if (entry.startsWith(IMAGE_PREFIX)) rmSync(join(folder, entry), { force: true });
    await found(postgres, box, options.first);
    const replica = new Replica({ ...options, folder });
    const records = openRecords(replica.db, box);
    await replica.load();
    const references = codeReferences(replica.db);
    const named = { current: () => replica.term !== undefined, digests: () => references.digests() };
    const origin = new PostgresArchives(postgres, named);
    const code = new FileCodeStore(folder, references, keepCode, { origin });
    await code.prepare();
    const asyncRequests = new PostgresRequests({ postgres, members, term: () => replica.term });
    const metrics = new PostgresMetrics(postgres, members.id, problem);
    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      await Promise.all([replica.close(), metrics.close()]);
      asyncRequests.close();
      lock.close();
    };
    const settled = forgetRequests(records, replica, asyncRequests, problem);
    return withLead(
      { ...records, settled, asyncRequests, metrics, code },
      options,
      replica,
      () => (closing ??= close()),
    );
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Has the leader delete the requests of a function with it; answers `settled` of both. */
function forgetRequests(
  records: Records,
  replica: Replica,
  requests: PostgresRequests,
  problem: (error: unknown) => void,
): Store["settled"] {
  const running = new Set<Promise<void>>();
  const forget = async (functionKey: string): Promise<void> => {
    await records.settled();
    await requests.forget(functionKey);
  };
  records.onChange((text) => {
    if (replica.term === undefined || records.functions.find(parseKeyText(text)) !== undefined) return;
    const task = forget(text)
      .catch(problem)
      .finally(() => running.delete(task));
    running.add(task);
  });
  return (mark) => {
    const settled = records.settled(mark);
    return running.size === 0 ? settled : Promise.all([settled, ...running]).then(() => undefined);
  };
}

function withLead(
  store: Omit<Store, "close">,
  { postgres, members, problem }: SharedStoreOptions,
  replica: Replica,
  close: () => Promise<void>,
): SharedStore {
  const listeners: ((leads: boolean) => void)[] = [];
  const tell = (leads: boolean): void => {
    for (const listener of listeners) listener(leads);
  };
  const lead = async (term: number): Promise<void> => {
    try {
      await replica.lead(term);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) problem(error);
      throw error;
    }
  };
  let candidate: Candidate | undefined;
  return {
    ...store,
    get leads() {
      return replica.term !== undefined;
    },
    get applied() {
      return replica.applied;
    },
    onLead: (listener) => void listeners.push(listener),
    stand: () => {
      candidate ??= new Candidate(postgres, members.id, {
        leads: async (term) => {
          await lead(term);
          tell(true);
        },
        deposed: () => {
          replica.follow();
          tell(false);
        },
      });
    },
    close: async () => {
      await close();
      await candidate?.close();
    },
  };
}

function refuseEmbedded(dataDir: string): void {
  if (!existsSync(join(resolve(dataDir), "store.db"))) return;
  throw new DataFolderError(
    `The data folder ${resolve(dataDir)} holds the records of a platform in one process, which a platform over PostgreSQL does not read. Choose another folder.`,
  );
}
