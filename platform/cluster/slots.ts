import { randomUUID } from "node:crypto";
import type { InstanceSlots } from "../scheduler/slots.ts";
import type { Postgres } from "./connection.ts";
import { DatabaseDownError } from "./errors.ts";
import type { Members } from "./members.ts";

/** Tells that a function wants a slot and finds none: its key. */
const CHANNEL = "fungraph_slots";
const RETRY_MS = 1000;

/**
 * Slots of instances in the database, for limits that hold over all gateways. They go with their member. While the database is away, and
 * before it joins, each gateway keeps to the limit by itself.
 */
export class SharedSlots implements InstanceSlots {
  readonly #postgres: Postgres;
  readonly #member: string;
  readonly #problem: (error: unknown) => void;
  /** Function keys by slot. */
  readonly #held = new Map<string, string>();
  /** Slots that are asked for: whether they are there nobody knows yet. */
  readonly #asked = new Set<string>();
  #later: NodeJS.Timeout | undefined;

  /** Made before the connection starts, after the members. */
  constructor(postgres: Postgres, members: Pick<Members, "id">, problem: (error: unknown) => void) {
    this.#postgres = postgres;
    this.#member = members.id;
    this.#problem = problem;
    postgres.onUp(async (home) => {
      const { text, values } = this.#removal();
      await home.query(text, values);
      if (this.#held.size === 0) return;
      await home.query(
        `INSERT INTO instance_slots (id, function_key, member) SELECT id, key, $3 FROM unnest($1::uuid[], $2::text[]) AS t(id, key)
        ON CONFLICT DO NOTHING`,
        [[...this.#held.keys()], [...this.#held.values()], this.#member],
      );
    });
  }

  async claim(functionKey: string, most: number, asks: boolean): Promise<string | undefined> {
    const id = randomUUID();
    this.#asked.add(id);
    try {
      const [row] = await this.#postgres.query<{ granted: boolean }>(
        "SELECT claim_slot($1, $2, $3, $4) AS granted",
        [id, functionKey, this.#member, most],
      );
      if (row?.granted !== true) {
        if (asks) await this.#postgres.notify(CHANNEL, functionKey);
        return undefined;
      }
    } catch (error) {
      if (!isAway(error)) throw error;
    } finally {
      this.#asked.delete(id);
    }
    this.#held.set(id, functionKey);
    return id;
  }

  free(id: string): void {
    this.#held.delete(id);
    this.#postgres
      .query("DELETE FROM instance_slots WHERE id = $1", [id])
      .catch((error: unknown) => this.#refused(error));
  }

  /** Removes what this process has in the database and does not hold: a slot that stayed would be lost to its function. */
  #removal(): { readonly text: string; readonly values: unknown[] } {
    return {
      text: "DELETE FROM instance_slots WHERE member = $1 AND id <> ALL ($2::uuid[])",
      values: [this.#member, [...this.#held.keys(), ...this.#asked]],
    };
  }

  /** What could not be removed is removed a little later. */
  #refused(error: unknown): void {
    if (!isAway(error)) this.#problem(error);
    if (this.#later === undefined) this.#later = setTimeout(() => void this.#remove(), RETRY_MS).unref();
  }

  async #remove(): Promise<void> {
    this.#later = undefined;
    const { text, values } = this.#removal();
    try {
      await this.#postgres.query(text, values);
    } catch (error) {
      this.#refused(error);
    }
  }

  onWanted(listener: (functionKey: string) => void): void {
    this.#postgres.listen(CHANNEL, listener);
  }
}

/** SQLSTATE of a row that names a member which is not there. */
const NO_MEMBER = "23503";

/** The database is away, or this process is no member yet or any more: what it holds is written down once it is. */
function isAway(error: unknown): boolean {
  return error instanceof DatabaseDownError || (error as { code?: unknown }).code === NO_MEMBER;
}
