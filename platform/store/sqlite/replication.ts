import { constants, type DatabaseSync } from "node:sqlite";

import type { Change } from "./journal.ts";

/** Applies changes as one transaction and answers the tables they touched; throws when they do not fit what is there. */
export function applyChanges(db: DatabaseSync, changes: readonly Change[]): Set<string> {
  const tables = new Set<string>();
  const filter = (table: string): boolean => tables.add(table).size > 0;
  withoutCascades(db, () => {
    for (const { changeset } of changes) {
      const fits = db.applyChangeset(changeset, {
        filter,
        onConflict: () => constants.SQLITE_CHANGESET_ABORT,
      });
      if (!fits) throw new Error("A change does not fit the replica.");
    }
  });
  return tables;
}

/** Replaces all rows of all tables by those of a file with the same tables; answers the tables. */
export function replaceTables(db: DatabaseSync, file: string): Set<string> {
  db.prepare("ATTACH ? AS image").run(file);
  try {
    const tables = tablesOf(db);
    withoutCascades(db, () => {
      for (const table of tables)
        db.exec(`DELETE FROM main.${table}; INSERT INTO main.${table} SELECT * FROM image.${table}`);
    });
    return new Set(tables);
  } finally {
    db.exec("DETACH image");
  }
}

function tablesOf(db: DatabaseSync): string[] {
  const select = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  return (db.prepare(select).all() as { name: string }[]).map((row) => row.name);
}

/** A change names the rows that went with another one itself: cascades would take them twice. */
function withoutCascades(db: DatabaseSync, work: () => void): void {
  db.exec("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE");
  try {
    work();
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  } finally {
    db.exec("PRAGMA foreign_keys = ON");
  }
}
