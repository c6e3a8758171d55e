import type { Postgres } from "../../cluster/connection.ts";
import { StoreUnavailableError } from "../errors.ts";
import type { Change } from "../sqlite/journal.ts";
import { MIGRATIONS } from "../sqlite/schema.ts";

/** The channel that tells the number of the last entry. */
export const CHANGES_CHANNEL = "fungraph_changes";

/** A change with its place in the order that all agree on. */
export interface Entry extends Change {
  readonly seq: number;
  /** Steps of the SQLite schema that made the tables which it fits. */
  readonly schema: number;
}

/** Somebody else leads by now. */
export class TermOverError extends StoreUnavailableError {
  override readonly name = "TermOverError";
}

/** The whole state after one entry, as a compressed SQLite file. */
export interface Snapshot {
  readonly seq: number;
  /** Steps of the SQLite schema that made its tables. */
  readonly schema: number;
  readonly image: Buffer;
}

/** Entries that are read at once: fewer are all there are. */
export const PAGE = 200;

/**
 * The ordered changes of a platform, in PostgreSQL: a snapshot, and what came after it. Only the leader appends, under its
 * term: the row that holds the term is locked meanwhile, so that no later term begins in between.
 */
export class ChangeLog {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  /** Appends after entry `last`, all or nothing. Rejects with TermOverError when the term is over. */
  async append(term: number, last: number, changes: readonly Change[]): Promise<void> {
    const rows = await this.#postgres.query(
      `WITH lead AS (SELECT 1 FROM leadership WHERE term = $1 FOR SHARE), added AS (
        INSERT INTO changes (seq, schema, changeset, function_keys)
        SELECT $2 + number, ${MIGRATIONS.length}, changeset, ARRAY(SELECT json_array_elements_text(keys))
        FROM lead, unnest($3::bytea[], $4::json[]) WITH ORDINALITY AS change (changeset, keys, number) RETURNING seq)
      SELECT pg_notify('${CHANGES_CHANNEL}', max(seq)::text) FROM added HAVING count(*) > 0`,
      [
        term,
        last,
        changes.map((change) => Buffer.from(change.changeset)),
        changes.map((change) => JSON.stringify(change.functionKeys)),
      ],
    );
    if (rows.length === 0) throw new TermOverError("Another process leads the platform now. Try again.");
  }

  /** The next entries after `last`; none when there are none, or when a snapshot stands for them. */
  async after(last: number): Promise<Entry[]> {
    const rows = await this.#postgres.query<Entry & Record<string, unknown>>(
      `SELECT seq, schema, changeset, function_keys AS "functionKeys" FROM changes WHERE seq > $1 ORDER BY seq LIMIT ${PAGE}`,
      [last],
    );
    return rows[0]?.seq === last + 1 ? rows : [];
  }

  /** Entry of the newest snapshot, and how many steps its schema has. Undefined before the platform was founded. */
  async base(): Promise<Omit<Snapshot, "image"> | undefined> {
    const [row] = await this.#postgres.query<Omit<Snapshot, "image">>(
      "SELECT seq, schema FROM snapshots ORDER BY seq DESC LIMIT 1",
    );
    return row;
  }

  async snapshot(): Promise<Snapshot | undefined> {
    const [row] = await this.#postgres.query<Snapshot & Record<string, unknown>>(
      "SELECT seq, schema, image FROM snapshots ORDER BY seq DESC LIMIT 1",
    );
    return row;
  }

  /**
   * Keeps a newer snapshot in place of the last one, under the leader's term; an older one, made by somebody slow, is not kept. The entries
   * between the two stay for those who are a little behind.
   */
  async compact(term: number, { seq, schema, image }: Snapshot): Promise<void> {
    await this.#postgres.transact(async (client) => {
      const { rowCount } = await client.query("SELECT 1 FROM leadership WHERE term = $1 FOR SHARE", [term]);
      if (rowCount === 0) return;
      const known = await client.query<{ seq: number }>("SELECT seq FROM snapshots ORDER BY seq FOR UPDATE");
      // The entries after an older one are gone.
      if (known.rows.some((row) => row.seq > seq)) return;
      await client.query("DELETE FROM changes WHERE seq <= (SELECT max(seq) FROM snapshots)");
      await client.query("DELETE FROM snapshots");
      await client.query("INSERT INTO snapshots (seq, schema, image) VALUES ($1, $2, $3)", [
        seq,
        schema,
        image,
      ]);
    });
  }
}
