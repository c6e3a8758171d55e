import { DatabaseSync, type StatementSync } from "node:sqlite";

import { ConflictError, DataFolderInUseError, StoreFullError } from "../errors.ts";
import { MIGRATIONS } from "./schema.ts";
import { WriteLog } from "./write-log.ts";

const BUSY = 5;
const FULL = 13;
const CONSTRAINT_PRIMARY_KEY = 1555;
const CONSTRAINT_UNIQUE = 2067;
const BUSY_TIMEOUT_MS = 2000;

/** One SQLite file held by this process alone: transactions, statements by their text, and who hears of changes. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #listeners: ((functionKey: string) => void)[] = [];
  readonly #log: WriteLog;
  #flushes = true;

  private constructor(db: DatabaseSync, file: string) {
    this.#db = db;
    this.#log = new WriteLog(`${file}-wal`);
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
  }

  /** Throws DataFolderInUseError when another process holds the file. */
  static open(file: string): Database {
    const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
    try {
      // The exclusive lock is the kernel's: it goes with the process, however that ends.
      db.exec("PRAGMA locking_mode = EXCLUSIVE");
      db.exec("PRAGMA journal_mode = WAL");
      db.exec("PRAGMA synchronous = FULL");
      migrate(db, file);
      return new Database(db, file);
    } catch (error) {
      db.close();
      throw translate(error);
    }
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  /** Runs `work` as one transaction, durable on return; on any error nothing of it stays. */
  transact<T>(work: () => T): T {
    return this.#transact(work, true);
  }

  #transact<T>(work: () => T, flush: boolean): T {
    try {
      this.#flush(flush);
      this.#begin.run();
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw translate(error);
    }
  }

  /** Whether commits wait for the disk. */
  #flush(flush: boolean): void {
    if (this.#flushes === flush) return;
    this.#db.exec(`PRAGMA synchronous = ${flush ? "FULL" : "NORMAL"}`);
    this.#flushes = flush;
  }

  /** Runs `work` as one transaction that outlives the process when it returns, and the machine once `settled`. */
  write<T>(work: () => T): T {
    const result = this.#transact(work, false);
    this.#log.written();
    return result;
  }

  /** A `write` that changes a function; listeners hear of it after the commit. */
  change<T>(functionKey: string, work: () => T): T {
    const result = this.write(work);
    for (const listener of this.#listeners) listener(functionKey);
    return result;
  }

  onChange(listener: (functionKey: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when every change is on the disk; undefined when it is there already. */
  settled(): Promise<void> | undefined {
    return this.#log.flushed();
  }

  close(): void {
    this.#log.close();
    this.#db.close();
  }
}

function migrate(db: DatabaseSync, file: string): void {
  db.exec("BEGIN EXCLUSIVE");
  const row = db.prepare("PRAGMA user_version").get() as { user_version: number };
  if (row.user_version > MIGRATIONS.length) {
    throw new Error(
      `${file} was written by a newer Fungraph (schema ${row.user_version}, this one knows ${MIGRATIONS.length}). Start that newer one.`,
    );
  }
  const steps = MIGRATIONS.slice(row.user_version);
  for (const step of steps) db.exec(step);
  // A full disk must not keep an unchanged store from opening.
  if (steps.length > 0) db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  db.exec("COMMIT");
}

function translate(error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode;
  if (code === undefined) return error;
  if (code === CONSTRAINT_UNIQUE || code === CONSTRAINT_PRIMARY_KEY) {
    return new ConflictError("It exists already.", { cause: error });
  }
  if ((code & 0xff) === FULL) {
    return new StoreFullError(
      "The disk of the data folder is full; nothing was changed. Free some space and try again.",
      {
        cause: error,
      },
    );
  }
  if ((code & 0xff) === BUSY) {
    return new DataFolderInUseError("Another platform works on this data folder.", { cause: error });
  }
  return error;
}
