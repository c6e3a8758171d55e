import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

import { DatabaseUnfitError } from "../../cluster/errors.ts";
import { migrate } from "../sqlite/database.ts";
import { applyChanges } from "../sqlite/replication.ts";
import { MIGRATIONS } from "../sqlite/schema.ts";
import type { ChangeLog, Snapshot } from "./change-log.ts";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** The state after one entry, as a SQLite file of this process's schema; the file goes with the image. */
export class Image implements AsyncDisposable {
  readonly file: string;
  readonly seq: number;
  /** True when it was made of a snapshot with an older schema: entries from before do not fit those to come. */
  readonly migrated: boolean;

  private constructor(file: string, seq: number, migrated: boolean) {
    this.file = file;
    this.seq = seq;
    this.migrated = migrated;
  }

  /** Builds the newest state in a folder, of snapshot and log. Rejects with DatabaseUnfitError for a newer schema. */
  static async build(log: ChangeLog, folder: string): Promise<Image> {
    const snapshot = await log.snapshot();
    if (snapshot === undefined)
      throw new DatabaseUnfitError("The platform was not founded in this database.");
    if (snapshot.schema > MIGRATIONS.length) {
      throw new DatabaseUnfitError(
        `The platform's records were written by a newer Fungraph (schema ${snapshot.schema}, this one knows ${MIGRATIONS.length}). Start that newer one.`,
      );
    }
    const file = fileIn(folder);
    try {
      await writeFile(file, await unpack(snapshot.image), { mode: 0o600 });
      const seq = await bringUp(file, log, snapshot.seq);
      return new Image(file, seq, snapshot.schema < MIGRATIONS.length);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  }

  /** As the log keeps it. */
  async pack(): Promise<Snapshot> {
    return { seq: this.seq, schema: MIGRATIONS.length, image: await pack(await readFile(this.file)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.file, { force: true });
  }
}

/** Applies what came after the snapshot, then brings the tables up to date; answers the last entry. */
async function bringUp(file: string, log: ChangeLog, from: number): Promise<number> {
  const db = new DatabaseSync(file);
  try {
    db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    let last = from;
    for (let page = await log.after(last); page.length > 0; page = await log.after(last)) {
      applyChanges(db, page);
      last = page.at(-1)?.seq ?? last;
    }
    migrate(db, "The platform's snapshot");
    return last;
  } finally {
    db.close();
  }
}

/** A name for an image that nobody else uses; what a killed process leaves goes when its folder is opened again. */
function fileIn(folder: string): string {
  return join(folder, `${IMAGE_PREFIX}${randomUUID()}`);
}

/** Names of image files begin with this. */
export const IMAGE_PREFIX = "replica-";
