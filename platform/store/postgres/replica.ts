import { setTimeout as pause } from "node:timers/promises";

import type { Postgres } from "../../cluster/connection.ts";
import type { Members } from "../../cluster/members.ts";
import { DatabaseUnfitError } from "../../cluster/errors.ts";
import { StoreFullError, StoreUnavailableError } from "../errors.ts";
import { Database } from "../sqlite/database.ts";
import type { Change, Journal } from "../sqlite/journal.ts";
import { MIGRATIONS } from "../sqlite/schema.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { CHANGES_CHANNEL, ChangeLog, PAGE, TermOverError, type Entry } from "./change-log.ts";
import { Image } from "./image.ts";
import { Outbox } from "./outbox.ts";

/** What a replica stands on. */
export interface ReplicaOptions {
  readonly postgres: Postgres;
  readonly members: Members;
  /** Folder for images while they are read. */
  readonly folder: string;
  /** Told what went wrong in the background. */
  readonly problem: (error: unknown) => void;
  /** This process was told that another one leads, though it holds the lead: it has to give it away. */
  readonly termOver: () => void;
  /** Entries after which the leader writes a snapshot. Default 1000. */
  readonly compactAfter?: number;
}

const RETRY_MS = 500;
const COMPACT_AFTER = 1000;
const FOLLOWS =
  "This process does not lead the platform, so nothing can be changed here. Send the request to the leader, or try again in a second.";
const LOST =
  "The platform lost its database before the change was safe; it may or may not have happened. Look, and try again if it did not.";

/**
 * The records of the platform in this process's memory. The leader's changes are committed here first and count once the
 * log in PostgreSQL has them; all others take them over from the log, in its order. What the log did not take is dropped,
 * with the whole replica: it is built anew from snapshot and log.
 */
export class Replica implements Journal {
  readonly db: Database;
  readonly #options: ReplicaOptions;
  readonly #log: ChangeLog;
  readonly #outbox: Outbox;
  readonly #acknowledgements: Acknowledgements;
  /** The last entry of the log that is in here; the leader counts only what the log has. */
  #applied = 0;
  #base = 0;
  /** A snapshot is being written: the next one waits for it. */
  #compacting = false;
  #term: number | undefined;
  /** Why the replica holds what the log did not take; undefined when it does not. */
  #lost: StoreUnavailableError | undefined;
  /** Times that something was dropped. */
  #losses = 0;
  /** One thing at a time is read or taken over. */
  #turns: Promise<void> = Promise.resolve();
  #following = false;
  #closed = false;

  constructor(options: ReplicaOptions) {
    const { postgres, members } = options;
    this.#options = options;
    this.#log = new ChangeLog(postgres);
    this.#acknowledgements = new Acknowledgements(postgres, members);
    this.#outbox = new Outbox({
      write: (changes) => this.#write(changes),
      written: () => this.#acknowledgements.all(this.#applied),
      failed: (error) => {
        this.#drop(error);
        if (error instanceof TermOverError) options.termOver();
      },
    });
    this.db = Database.inMemory(this);
    postgres.listen(CHANGES_CHANNEL, (seq) => {
      if (this.#term === undefined) this.#follow();
      else this.#check(Number(seq));
    });
    postgres.onUp(async () => this.#follow());
  }

  /** Reads snapshot and log. Rejects with DatabaseUnfitError when they are of a newer platform. */
  load(): Promise<void> {
    return this.#inTurn(() => this.#load());
  }

  /** The last entry of the log that reads here show. */
  get applied(): number {
    return this.#applied;
  }

  /** The term in which this process leads; undefined while another one does. */
  get term(): number | undefined {
    return this.#term;
  }

  /** Resolves when reads show all that was safe when it was asked. Rejects as the log does. */
  catchUp(): Promise<void> {
    return this.#inTurn(async () => {
      // Who leads has made all of it.
      if (this.#term === undefined && !this.#closed) await this.#catchUp();
    });
  }

  /** Leads from now on: resolves when everything that earlier leaders wrote is here. */
  lead(term: number): Promise<void> {
    return this.#inTurn(async () => {
      await this.#catchUp();
      const { seq, schema } = (await this.#log.base()) ?? { seq: 0, schema: 0 };
      this.#base = seq;
      // Entries fit the tables that they were made of: those of a new schema begin with a snapshot of their own.
      if (schema < MIGRATIONS.length) await this.#writeSnapshot(term);
      else if (schema > MIGRATIONS.length) await this.#load();
      this.#term = term;
    });
  }

  /** Leads no longer; what the log did not take is dropped. */
  follow(): void {
    this.#term = undefined;
    this.#drop(new Error("Another process may lead now."));
    this.#follow();
  }

  begin(): void {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#term === undefined) throw new StoreUnavailableError(FOLLOWS);
  }

  committed(change: Change): void {
    this.#outbox.add(change);
  }

  mark(): number {
    return this.#losses;
  }

  settled(mark = this.#losses): Promise<void> | undefined {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    if (mark !== this.#losses) return Promise.reject(new StoreUnavailableError(LOST));
    return this.#outbox.settled();
  }

  /** Waits for what is on its way, as far as the database takes it. */
  async flush(): Promise<void> {
    await this.#outbox.settled()?.catch(() => undefined);
  }

  /** Reads and takes over nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#term = undefined;
    await this.#turns;
    this.db.close();
  }

  async #write(changes: readonly Change[]): Promise<void> {
    const term = this.#term;
    if (term === undefined) throw new StoreUnavailableError(FOLLOWS);
    await this.#log.append(term, this.#applied, changes);
    // One who was deposed meanwhile reads in the log what became of it.
    if (this.#term !== term) return;
    this.#applied += changes.length;
    const { compactAfter = COMPACT_AFTER } = this.#options;
    if (this.#applied - this.#base >= compactAfter && !this.#compacting) void this.#compact(term);
  }

  #drop(cause: unknown): void {
    const lost = new StoreUnavailableError(LOST, { cause });
    if (this.#outbox.drop(cause instanceof StoreFullError ? cause : lost)) this.#lose(lost);
  }

  /** What the leader gave up a slow server may have written late: others show it, and so does the leader from then on. */
  #check(seq: number): void {
    if (seq > this.#applied && this.#outbox.settled() === undefined && this.#lost === undefined)
      this.#lose(new StoreUnavailableError(LOST));
  }

  #lose(lost: StoreUnavailableError): void {
    this.#lost = lost;
    this.#losses++;
    void this.#inTurn(() => this.#rebuild());
  }

  /** Until it succeeds: the replica shows what nobody else knows. */
  async #rebuild(): Promise<void> {
    while (this.#lost !== undefined && !this.#closed) {
      try {
        await this.#load();
        this.#lost = undefined;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) this.#options.problem(error);
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  async #load(): Promise<void> {
    await using image = await Image.build(this.#log, this.#options.folder);
    this.db.replace(image.file);
    this.#applied = image.seq;
    this.#acknowledgements.tell(this.#applied);
  }

  /** Takes over what is new, soon. */
  #follow(): void {
    if (this.#following || this.#term !== undefined || this.#closed) return;
    this.#following = true;
    void this.#inTurn(async () => {
      this.#following = false;
      if (this.#term === undefined && !this.#closed) await this.#catchUp();
    }).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailableError)) this.#options.problem(error);
      // One that is too old for the log stays where it is.
      if (!(error instanceof DatabaseUnfitError)) setTimeout(() => this.#follow(), RETRY_MS).unref();
    });
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const page = await this.#log.after(this.#applied);
      if (page.length === 0 ? await this.#isBehind() : !this.#apply(page)) return this.#load();
      if (page.length < PAGE) break;
    }
    this.#acknowledgements.tell(this.#applied);
  }

  /** Whether a snapshot holds what the log shows no more. */
  async #isBehind(): Promise<boolean> {
    return ((await this.#log.base())?.seq ?? 0) > this.#applied;
  }

  /** False when the entries do not fit what is here. */
  #apply(page: readonly Entry[]): boolean {
    // A newer process writes for tables that are not here; loading its snapshot says so.
    if (page.some((entry) => entry.schema > MIGRATIONS.length)) return false;
    try {
      this.db.apply(page);
    } catch (error) {
      this.#options.problem(error);
      return false;
    }
    this.#applied = page.at(-1)?.seq ?? this.#applied;
    return true;
  }

  /** Writes a snapshot of what the log has, so that it does not grow without end. */
  async #compact(term: number): Promise<void> {
    this.#base = this.#applied;
    this.#compacting = true;
    try {
      await this.#writeSnapshot(term);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) this.#options.problem(error);
    }
    this.#compacting = false;
  }

  async #writeSnapshot(term: number): Promise<void> {
    await using image = await Image.build(this.#log, this.#options.folder);
    await this.#log.compact(term, await image.pack());
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turns.then(work);
    this.#turns = turn.catch(() => undefined);
    return turn;
  }
}
