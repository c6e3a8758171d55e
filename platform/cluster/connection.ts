import {
  Client,
  Pool,
  TypeOverrides,
  type ClientConfig,
  type PoolClient,
  type QueryConfig,
  type QueryResultRow,
} from "pg";

import { StoreFullError, StoreUnavailableError } from "../store/errors.ts";
import { LOCKS, SINGLE } from "./advisory-lock.ts";
import { DatabaseDownError, DatabaseUnfitError } from "./errors.ts";
import { CLUSTER_MIGRATIONS } from "./schema.ts";

/** How a process reaches PostgreSQL. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; `?host=/folder` for a Unix socket. PostgreSQL 14 or newer. */
  readonly url: string;
  /** Connections for queries, beside those that listen and hold locks. Default 4. */
  readonly connections?: number;
  /** Told what went wrong in the background. */
  readonly problem: (error: unknown) => void;
}

/** Hears of one channel; the payload is what `notify` was given. */
type Listener = (payload: string) => void;

/** Runs after each connect: with the connection that listens, and whether it is the first one. */
type UpListener = (home: Client, first: boolean) => Promise<void>;

/** A host that vanished without a word is noticed within some ten seconds; a waiter that ended at once. */
const SESSION_OPTIONS = [
  "search_path=fungraph",
  "tcp_keepalives_idle=5",
  "tcp_keepalives_interval=2",
  "tcp_keepalives_count=3",
  "client_connection_check_interval=500",
  // Statements of many parts are planned once, not each time.
  "plan_cache_mode=force_generic_plan",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");
/** A busy server takes its time; one that is not there says so at once. */
const CONNECT_MS = 20_000;
const KEEP_ALIVE_MS = 5000;
/** A statement that takes longer has lost its server: archives and images are written in less. */
const QUERY_MS = 60_000;
/** The home is asked so often whether it is still there, and waited for so long. */
const BEAT_MS = 10_000;
/** The client knows the limit, its types do not. */
const BEAT = { text: "SELECT 1", query_timeout: BEAT_MS } as QueryConfig;
const RETRY_MS = [50, 100, 250, 500, 1000];
const INT8 = 20;

/**
 * The way to PostgreSQL: a pool for queries, and one connection, the home, that hears notifications and comes back by
 * itself. Queries reject with DatabaseDownError while PostgreSQL is away and with StoreFullError when its disk is full;
 * what else PostgreSQL refuses comes as it is.
 */
export class Postgres {
  readonly #config: ClientConfig;
  readonly #pool: Pool;
  readonly #problem: (error: unknown) => void;
  readonly #listeners = new Map<string, Listener[]>();
  readonly #up: UpListener[] = [];
  readonly #down: (() => void)[] = [];
  #home: Client | undefined;
  #connecting = false;
  #first = true;
  #tries = 0;
  #retry: NodeJS.Timeout | undefined;
  #nextBeat: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor({ url, connections = 4, problem }: PostgresOptions) {
    const types = new TypeOverrides();
    types.setTypeParser(INT8, Number); // none of ours leaves the safe integers
    this.#config = {
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: "fungraph",
      options: SESSION_OPTIONS,
      types,
    };
    this.#problem = problem;
    this.#pool = new Pool({ ...this.#config, max: connections, query_timeout: QUERY_MS });
    this.#pool.on("error", () => undefined); // an idle one ended; the next query opens another
    // One that is in use tells its query, and may tell more than once.
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /** Brings the tables up to date. Rejects with DatabaseDownError, or DatabaseUnfitError for a database of a newer platform. */
  static async open(options: PostgresOptions): Promise<Postgres> {
    const postgres = new Postgres(options);
    try {
      await postgres.transact(migrate);
      return postgres;
    } catch (error) {
      await postgres.close();
      throw unfit(error);
    }
  }

  /**
   * Opens the home and runs what waits for it. From then on it comes back by itself. Everything that listens is
   * registered before.
   */
  async start(): Promise<void> {
    await this.#connect();
  }

  /** Rows of one statement; it is a transaction of its own. One with a name is parsed once a connection. */
  async query<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>({ text, values: [...values], ...(name !== undefined && { name }) }))
        .rows;
    } catch (error) {
      throw explain(error);
    }
  }

  /** Runs `work` as one transaction; on any error nothing of it stays. */
  async transact<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let broken: Error | undefined;
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw explain(error);
    });
    try {
      await client.query("BEGIN");
      const result = await work(client);
      await client.query("COMMIT");
      return result;
    } catch (error) {
      const explained = explain(error);
      // A connection that is cut or does not answer is given up, and what it did with it.
      if (explained instanceof DatabaseDownError) broken = explained;
      else await client.query("ROLLBACK").catch((failure: Error) => (broken = failure));
      throw explained;
    } finally {
      client.release(broken);
    }
  }

  /** A connection of its own, not yet connected; who asks for it ends it. */
  session(): Client {
    return new Client(this.#config);
  }

  /** Calls `listener` for every notification on a channel; what was sent while the home was away is not told. */
  listen(channel: string, listener: Listener): void {
    const known = this.#listeners.get(channel);
    if (known !== undefined) known.push(listener);
    else this.#listeners.set(channel, [listener]);
  }

  /** Tells all processes that listen, this one too. */
  async notify(channel: string, payload: string): Promise<void> {
    await this.query("SELECT pg_notify($1, $2)", [channel, payload]);
  }

  /** Runs after every connect, one after the other: notifications come, earlier ones may have been missed. */
  onUp(listener: UpListener): void {
    this.#up.push(listener);
  }

  /** Runs when the home is gone. */
  onDown(listener: () => void): void {
    this.#down.push(listener);
  }

  /** Whether the home is there. */
  get isUp(): boolean {
    return this.#home !== undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#nextBeat);
    const home = this.#home;
    this.#home = undefined;
    await Promise.all([home?.end().catch(() => undefined), this.#pool.end()]);
  }

  async #connect(): Promise<void> {
    const home = this.session();
    this.#connecting = true;
    home.on("error", () => undefined); // the end follows
    home.on("end", () => this.#lost(home));
    home.on("notification", ({ channel, payload = "" }) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(payload);
    });
    try {
      await home.connect();
      for (const channel of this.#listeners.keys())
        await home.query(`LISTEN ${home.escapeIdentifier(channel)}`);
      this.#home = home;
      for (const listener of this.#up) await listener(home, this.#first);
      // Not all of them notice.
      if (this.#home !== home || this.#closed) throw new Error("the connection ended while it began");
      this.#first = false;
      this.#tries = 0;
      this.#beat(home);
    } catch (error) {
      this.#lost(home);
      await home.end().catch(() => undefined);
      throw explain(error);
    } finally {
      this.#connecting = false;
    }
  }

  /** A host that vanished ends no connection: whoever hears nothing for a while takes it for lost. */
  #beat(home: Client): void {
    if (this.#home !== home) return;
    this.#nextBeat = setTimeout(() => {
      home.query(BEAT).then(
        () => this.#beat(home),
        () => {
          this.#lost(home);
          void home.end();
        },
      );
    }, BEAT_MS).unref();
  }

  #lost(home: Client): void {
    if (this.#home !== home) return;
    this.#home = undefined;
    for (const listener of this.#down) listener();
    // Whoever connects hears of it and tries again.
    if (!this.#connecting) this.#again();
  }

  #again(): void {
    if (this.#closed) return;
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)];
    this.#retry = setTimeout(() => {
      this.#connect().catch((error: unknown) => {
        if (!(error instanceof DatabaseDownError)) this.#problem(error);
        this.#again();
      });
    }, wait);
  }
}

async function migrate(client: PoolClient): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock($1, $2)", [LOCKS.single, SINGLE.migrations]);
  await client.query("CREATE SCHEMA IF NOT EXISTS fungraph");
  await client.query("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)");
  const { rows } = await client.query<{ version: number }>("SELECT version FROM schema_version");
  const version = rows[0]?.version ?? 0;
  if (version > CLUSTER_MIGRATIONS.length) {
    throw new DatabaseUnfitError(
      `The database was written by a newer Fungraph (schema ${version}, this one knows ${CLUSTER_MIGRATIONS.length}). Start that newer one.`,
    );
  }
  for (const step of CLUSTER_MIGRATIONS.slice(version)) await client.query(step);
  const known = CLUSTER_MIGRATIONS.length;
  const write =
    rows.length === 0 ? "INSERT INTO schema_version VALUES ($1)" : "UPDATE schema_version SET version = $1";
  if (version < known || rows.length === 0) await client.query(write, [known]);
}

/** What PostgreSQL itself says when a platform begins is about how it was set up. */
function unfit(error: unknown): unknown {
  if (!(error instanceof Error) || !("severity" in error)) return error;
  return new DatabaseUnfitError(
    `PostgreSQL refuses this platform: ${error.message}. Check user, password and database of the connection string; it takes PostgreSQL 14 or newer, and a user that may create a schema.`,
    { cause: error },
  );
}

/** SQLSTATE classes and codes, the last one of a server that only reads, as before it takes over; whatever has none did not come from PostgreSQL but from the way to it. */
const DOWN = /^(08|57P|53300|25006)/;
const DISK_FULL = "53100";

function explain(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseUnfitError) return error;
  if (error instanceof StoreUnavailableError) return error;
  const { code } = error as { code?: string };
  if (code === DISK_FULL) {
    return new StoreFullError(
      "The disk of PostgreSQL is full; nothing was changed. Free some space and try again.",
      {
        cause: error,
      },
    );
  }
  const fromServer = "severity" in error;
  if (fromServer && (code === undefined || !DOWN.test(code))) return error;
  return new DatabaseDownError(
    `PostgreSQL cannot be reached: ${error.message}. It is tried again by itself.`,
    {
      cause: error,
    },
  );
}
