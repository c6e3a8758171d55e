import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { LOCKS, SINGLE } from "../../cluster/advisory-lock.ts";
import type { Postgres } from "../../cluster/connection.ts";
import { DatabaseUnfitError } from "../../cluster/errors.ts";
import type { SecretBox } from "../secrets.ts";
import { Database } from "../sqlite/database.ts";
import type { Journal } from "../sqlite/journal.ts";
import { openRecords, type Records } from "../sqlite/records.ts";
import { MIGRATIONS } from "../sqlite/schema.ts";

const pack = promisify(gzip);

/** Sealed at the foundation: only the same key opens it. */
const CHECK = { text: "fungraph", owner: "key check" };

/** What is written at the foundation is there before the first entry of the log. */
const UNLOGGED: Journal = {
  begin: () => undefined,
  committed: () => undefined,
  mark: () => 0,
  settled: () => undefined,
};

/**
 * Makes the first snapshot of a platform, with what `first` writes, unless there is one; the first process does it, and the
 * others wait. Rejects with DatabaseUnfitError when the platform was founded with another key.
 */
export async function found(
  postgres: Postgres,
  box: SecretBox,
  first: (records: Records) => void,
): Promise<void> {
  await postgres.transact(async (client) => {
    await client.query("SELECT pg_advisory_xact_lock($1, $2)", [LOCKS.single, SINGLE.foundation]);
    const { rows } = await client.query<{ key_check: Buffer }>("SELECT key_check FROM foundation");
    if (rows[0] !== undefined) return checkKey(box, rows[0].key_check);
    const image = await pack(firstImage(box, first));
    const sealed = box.seal(CHECK.text, CHECK.owner);
    await client.query("INSERT INTO foundation (key_check) VALUES ($1)", [sealed]);
    await client.query("INSERT INTO snapshots (seq, schema, image) VALUES (0, $1, $2)", [
      MIGRATIONS.length,
      image,
    ]);
  });
}

/** Names the platform of this database, in 16 hexadecimal digits: the same in all its processes, and in no other platform. */
export async function platformName(postgres: Postgres): Promise<string> {
  const query = "SELECT left(encode(sha256(key_check), 'hex'), 16) AS name FROM foundation";
  const [row] = await postgres.query<{ name: string }>(query);
  return row?.name ?? "";
}

function firstImage(box: SecretBox, first: (records: Records) => void): Uint8Array {
  const db = Database.inMemory(UNLOGGED);
  try {
    first(openRecords(db, box));
    return db.image();
  } finally {
    db.close();
  }
}

function checkKey(box: SecretBox, sealed: Buffer): void {
  try {
    box.open(sealed, CHECK.owner);
  } catch (error) {
    throw new DatabaseUnfitError(
      "The key file is not the one that the platform in this database was founded with. Give every process the same key file.",
      { cause: error },
    );
  }
}
