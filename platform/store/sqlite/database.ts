import { DatabaseSync, type StatementSync } from "node:sqlite";

import { ConflictError, DataFolderInUseError, StoreFullError } from "../errors.ts";
import type { Change, Journal } from "./journal.ts";
import { applyChanges, replaceTables } from "./replication.ts";
import { MIGRATIONS } from "./schema.ts";
import { WriteLog } from "./write-log.ts";

const BUSY = 5;
const FULL = 13;
const IOERR_FSYNC = 1034;
const CONSTRAINT_PRIMARY_KEY = 1555;
const CONSTRAINT_UNIQUE = 2067;
const BUSY_TIMEOUT_MS = 2000;

/**
 * One SQLite database held by this process alone: transactions, statements by their text, and who hears of changes. It is
 * a file, or lies in memory with a journal that keeps its changes elsewhere and brings those of others.
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #listeners: ((functionKey: string) => void)[] = [];
  readonly #takenOver: ((tables: ReadonlySet<string>) => void)[] = [];
  readonly #log: WriteLog;
  readonly #journal: Journal | undefined;
  #flushes = true;

  private constructor(db: DatabaseSync, file: string, journal?: Journal) {
    this.#db = db;
    this.#log = new WriteLog(`${file}-wal`);
    this.#journal = journal;
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

  /** An empty database in memory, whose changes the journal keeps. */
  static inMemory(journal: Journal): Database {
    const db = new DatabaseSync(":memory:", { enableForeignKeyConstraints: true });
    migrate(db, "The database in memory");
    return new Database(db, "", journal);
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  /** Runs `work` as one transaction, durable on return; on any error nothing of it stays. */
  transact<T>(work: () => T): T {
    return this.#transact(work, true);
  }

  #transact<T>(work: () => T, flush: boolean, functionKey?: string): T {
    if (this.#journal !== undefined) return this.#record(this.#journal, work, functionKey);
    this.#log.mustWork();
    try {
      this.#flush(flush);
      this.#begin.run();
      const result = work();
      this.#commit.run();
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw (error as { errcode?: number }).errcode === IOERR_FSYNC
        ? this.#log.failed(error)
        : translate(error);
    }
  }

  #record<T>(journal: Journal, work: () => T, functionKey: string | undefined): T {
    journal.begin();
    const session = this.#db.createSession();
    try {
      this.#begin.run();
      const result = work();
      const changeset = session.changeset();
      this.#commit.run();
      if (changeset.length > 0)
        journal.committed({ changeset, functionKeys: functionKey === undefined ? [] : [functionKey] });
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw translate(error);
    } finally {
      session.close();
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
    return this.#write(work);
  }

  #write<T>(work: () => T, functionKey?: string): T {
    const result = this.#transact(work, false, functionKey);
    this.#log.written();
    return result;
  }

  /** A `write` that changes a function; listeners hear of it after the commit. */
  change<T>(functionKey: string, work: () => T): T {
    const result = this.#write(work, functionKey);
    for (const listener of this.#listeners) listener(functionKey);
    return result;
  }

  /** Takes over what others committed, in its order; throws when it does not fit, and then nothing of it is taken. */
  apply(changes: readonly Change[]): void {
    const tables = applyChanges(this.#db, changes);
    this.#tell(tables, new Set(changes.flatMap((change) => change.functionKeys)));
  }

  /** Takes over the whole content of a database file of the same schema. */
  replace(file: string): void {
    const keys = new Set(this.#functionKeys());
    const tables = replaceTables(this.#db, file);
    for (const key of this.#functionKeys()) keys.add(key);
    this.#tell(tables, keys);
  }

  /** Called with the tables that were touched when something of others was taken over. */
  onTakenOver(listener: (tables: ReadonlySet<string>) => void): void {
    this.#takenOver.push(listener);
  }

  #tell(tables: ReadonlySet<string>, functionKeys: ReadonlySet<string>): void {
    for (const listener of this.#takenOver) listener(tables);
    for (const key of functionKeys) for (const listener of this.#listeners) listener(key);
  }

  #functionKeys(): string[] {
    const select = "SELECT project || '/' || package || '/' || name AS key FROM functions";
    return (this.#db.prepare(select).all() as { key: string }[]).map((row) => row.key);
  }

  onChange(listener: (functionKey: string) => void): void {
    this.#listeners.push(listener);
  }

  /** See `Store`. */
  mark(): number {
    return this.#journal?.mark() ?? 0;
  }

  /** Resolves when every change is safe; undefined when it is already. */
  settled(mark?: number): Promise<void> | undefined {
    return this.#journal === undefined ? this.#log.flushed() : this.#journal.settled(mark);
  }

  /** The whole content as the bytes of a database file. */
  image(): Uint8Array {
    return this.#db.serialize();
  }

  close(): void {
    this.#log.close();
    this.#db.close();
  }
}

/** Brings a database up to date. Throws for one of a newer Fungraph; the text names it. */
export function migrate(db: DatabaseSync, file: string): void {
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
