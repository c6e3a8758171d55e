import { randomUUID } from "node:crypto";
import type { StatementSync } from "node:sqlite";

import { LATEST } from "../../../model/version.ts";
import type { FunctionPage, FunctionQuery, FunctionRecord, FunctionStore } from "../functions.ts";
import { ConflictError, MissingError, StaleError } from "../errors.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";
import { FunctionLists, type Listed } from "./function-lists.ts";
import { SELECT_RECORD, type RecordCodec, type RecordRow } from "./record.ts";

/** A record's row with what lists need beside it. */
interface ListedRow extends RecordRow {
  readonly pinned: number;
}

/** Row ids of functions by their key. */
export class FunctionIds {
  readonly #find: StatementSync;

  constructor(db: Database) {
    this.#find = db.prepare("SELECT id FROM functions WHERE project = ? AND package = ? AND name = ?");
  }

  find(key: FunctionKey): number | undefined {
    const row = this.#find.get(key.projectId, key.package, key.name) as { id: number } | undefined;
    return row?.id;
  }

  /** Throws MissingError. */
  get(key: FunctionKey): number {
    const id = this.find(key);
    if (id === undefined) throw new MissingError(`There is no function ${keyText(key)}.`);
    return id;
  }
}

/** Functions with their `latest` version. */
export class SqliteFunctions implements FunctionStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #codec: RecordCodec;
  readonly #insertFunction: StatementSync;
  readonly #insertLatest: StatementSync;
  readonly #select: StatementSync;
  readonly #all: StatementSync;
  readonly #count: StatementSync;
  readonly #update: StatementSync;
  readonly #deleteRequests: readonly StatementSync[];
  readonly #delete: StatementSync;
  readonly #pin: StatementSync;
  readonly #lists: FunctionLists;

  constructor(db: Database, ids: FunctionIds, codec: RecordCodec) {
    this.#db = db;
    this.#ids = ids;
    this.#codec = codec;
    this.#insertFunction = db.prepare(
      "INSERT INTO functions (uuid, project, package, name) VALUES (?, ?, ?, ?)",
    );
    this.#insertLatest = db.prepare(`INSERT INTO versions
      (function_id, name, description, spec, secrets, code_type, code_size, code_digest, code_filename, revision, created_at, modified_at)
      VALUES (:functionId, '${LATEST}', '', :spec, :secrets, :codeType, :codeSize, :codeDigest, :codeFilename, 1, :now, :now)`);
    this.#select = db.prepare(
      `${SELECT_RECORD} WHERE f.project = ? AND f.package = ? AND f.name = ? AND v.name = '${LATEST}'`,
    );
    this.#all = db.prepare(`${SELECT_RECORD} WHERE f.project = ? AND v.name = '${LATEST}'`);
    this.#count = db.prepare("SELECT COUNT(*) AS count FROM functions WHERE project = ?");
    this.#update = db.prepare(`UPDATE versions SET spec = :spec, secrets = :secrets, code_type = :codeType,
      code_size = :codeSize, code_digest = :codeDigest, code_filename = :codeFilename, revision = revision + 1, modified_at = :now
      WHERE function_id = :functionId AND name = '${LATEST}' AND revision = :revision`);
    // What runs ends as it does for a function that is gone.
    this.#deleteRequests = [
      "DELETE FROM async_queue INDEXED BY async_turn WHERE status = 0 AND function_key = ?",
      "DELETE FROM async_history WHERE function_key = ?",
      "DELETE FROM async_dead WHERE function_key = ?",
    ].map((sql) => db.prepare(sql));
    this.#delete = db.prepare("DELETE FROM functions WHERE id = ?");
    this.#pin = db.prepare("UPDATE functions SET pinned = ? WHERE id = ?");
    this.#lists = new FunctionLists({
      all: (projectId) =>
        (this.#all.all(projectId) as unknown as ListedRow[]).map((row) => this.#listed(row)),
      one: (key) => {
        const row = this.#row(key);
        return row && this.#listed(row);
      },
      isCurrent: (record) => this.#codec.isCurrent(record),
    });
    db.onChange((functionKey) => this.#lists.changed(functionKey));
  }

  create(record: Parameters<FunctionStore["create"]>[0]): FunctionRecord {
    const { key, spec, code } = record;
    return this.#db.change(keyText(key), () => {
      if (this.#ids.find(key) !== undefined)
        throw new ConflictError(`The function ${keyText(key)} exists already.`);
      const { lastInsertRowid } = this.#insertFunction.run(
        randomUUID(),
        key.projectId,
        key.package,
        key.name,
      );
      this.#insertLatest.run({
        functionId: lastInsertRowid,
        now: Date.now(),
        ...this.#codec.columns(key, spec, code),
      });
      return this.#get(key);
    });
  }

  find(key: FunctionKey): FunctionRecord | undefined {
    const row = this.#row(key);
    return row && this.#codec.read(row);
  }

  list(projectId: string): readonly FunctionRecord[] {
    return this.page(projectId, {}).records;
  }

  page(projectId: string, query: FunctionQuery): FunctionPage {
    return this.#lists.page(projectId, query);
  }

  count(projectId: string): number {
    return (this.#count.get(projectId) as { count: number }).count;
  }

  update(key: FunctionKey, revision: number, change: Parameters<FunctionStore["update"]>[2]): FunctionRecord {
    return this.#db.change(keyText(key), () => {
      const functionId = this.#ids.get(key);
      const old = this.#get(key);
      const columns = this.#codec.columns(key, change.spec ?? old.spec, change.code ?? old.code);
      const { changes } = this.#update.run({ functionId, revision, now: Date.now(), ...columns });
      if (changes === 0) {
        throw new StaleError(
          `The function ${keyText(key)} changed meanwhile: revision ${revision} was read, ${old.revision} is current.`,
        );
      }
      return this.#get(key);
    });
  }

  pin(key: FunctionKey, pinned: boolean): void {
    this.#db.change(keyText(key), () => this.#pin.run(pinned ? 1 : 0, this.#ids.get(key)));
  }

  delete(key: FunctionKey): void {
    const id = this.#ids.find(key);
    if (id === undefined) return;
    this.#db.change(keyText(key), () => {
      for (const statement of this.#deleteRequests) statement.run(keyText(key));
      this.#delete.run(id);
    });
  }

  #listed(row: ListedRow): Listed {
    return { pinned: row.pinned === 1, record: this.#codec.read(row) };
  }

  #row(key: FunctionKey): ListedRow | undefined {
    return this.#select.get(key.projectId, key.package, key.name) as ListedRow | undefined;
  }

  #get(key: FunctionKey): FunctionRecord {
    const record = this.find(key);
    if (record === undefined) throw new MissingError(`There is no function ${keyText(key)}.`);
    return record;
  }
}
