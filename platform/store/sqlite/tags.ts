import type { StatementSync } from "node:sqlite";

import type { Tag } from "../../../model/tag.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { TaggedFunction, TagStore } from "../tags.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";

interface TaggedRow {
  readonly package: string;
  readonly name: string;
  readonly tags: string;
}

/** Tags of functions. */
export class SqliteTags implements TagStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;

  constructor(db: Database, ids: FunctionIds) {
    this.#db = db;
    this.#ids = ids;
    this.#put = db.prepare(`INSERT INTO tags (function_id, key, value) VALUES (?, ?, ?)
      ON CONFLICT (function_id, key) DO UPDATE SET value = excluded.value`);
    this.#remove = db.prepare("DELETE FROM tags WHERE function_id = ? AND key = ?");
    this.#list = db.prepare("SELECT key, value FROM tags WHERE function_id = ? ORDER BY key");
    this.#all =
      db.prepare(`SELECT f.package, f.name, (SELECT json_group_array(json_object('key', t.key, 'value', t.value) ORDER BY t.key)
      FROM tags t WHERE t.function_id = f.id) AS tags FROM functions f WHERE f.project = ? ORDER BY f.package, f.name`);
  }

  put(key: FunctionKey, tags: readonly Tag[]): void {
    this.#db.change(keyText(key), () => {
      const id = this.#ids.get(key);
      for (const tag of tags) this.#put.run(id, tag.key, tag.value);
    });
  }

  remove(key: FunctionKey, keys: readonly string[]): void {
    this.#db.change(keyText(key), () => {
      const id = this.#ids.get(key);
      for (const one of keys) this.#remove.run(id, one);
    });
  }

  list(key: FunctionKey): Tag[] {
    const id = this.#ids.find(key);
    return id === undefined ? [] : (this.#list.all(id) as unknown as Tag[]);
  }

  all(projectId: string): TaggedFunction[] {
    return (this.#all.all(projectId) as unknown as TaggedRow[]).map((row) => ({
      key: { projectId, package: row.package, name: row.name },
      tags: JSON.parse(row.tags) as Tag[],
    }));
  }
}
