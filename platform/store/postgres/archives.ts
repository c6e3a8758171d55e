import type { PoolClient } from "pg";

import type { Postgres } from "../../cluster/connection.ts";
import type { ArchiveOrigin } from "../code-store.ts";

/** An archive is written and read in parts, so that no process holds it several times over. */
const PART_BYTES = 4 * 1024 * 1024;

/** What tells which archives records name. */
export interface NamedArchives {
  /** False where the records may be behind: what nobody names there may be named already. */
  readonly current: () => boolean;
  readonly digests: () => readonly string[];
}

/** Code archives in PostgreSQL by their SHA-512, for all processes: each fetches those that it runs. */
export class PostgresArchives implements ArchiveOrigin {
  readonly #postgres: Postgres;
  readonly #named: NamedArchives;

  constructor(postgres: Postgres, named: NamedArchives) {
    this.#postgres = postgres;
    this.#named = named;
  }

  async save(digest: string, archive: Buffer): Promise<void> {
    await this.#postgres.transact(async (client) => {
      const { rows } = await client.query<{ added: boolean }>(
        `INSERT INTO archives (digest) VALUES ($1) ON CONFLICT (digest) DO UPDATE SET used_at = now()
        RETURNING xmax = 0 AS added`,
        [digest],
      );
      if (rows[0]?.added === true) await insertParts(client, digest, archive);
    });
  }

  async load(digest: string): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (;;) {
      const [part] = await this.#postgres.query<{ bytes: Buffer }>(
        "SELECT bytes FROM archive_parts WHERE digest = $1 AND part = $2",
        [digest, parts.length],
      );
      if (part === undefined) break;
      parts.push(part.bytes);
      if (part.bytes.length < PART_BYTES) break;
    }
    return parts.length === 0 ? undefined : Buffer.concat(parts);
  }

  async collect(graceMs: number): Promise<void> {
    if (!this.#named.current()) return;
    await this.#postgres.query(
      "DELETE FROM archives WHERE used_at < now() - $1 * interval '1 millisecond' AND digest <> ALL ($2)",
      [graceMs, this.#named.digests()],
    );
  }
}

async function insertParts(client: PoolClient, digest: string, archive: Buffer): Promise<void> {
  // An empty archive has one part too.
  for (let part = 0; part === 0 || part * PART_BYTES < archive.length; part++) {
    const bytes = archive.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    await client.query("INSERT INTO archive_parts (digest, part, bytes) VALUES ($1, $2, $3)", [
      digest,
      part,
      bytes,
    ]);
  }
}
