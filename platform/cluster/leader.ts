import { AdvisoryLock, LOCKS, SINGLE } from "./advisory-lock.ts";
import type { Postgres } from "./connection.ts";

/** The channel that tells of a new leader. */
export const LEADER_CHANNEL = "fungraph_leader";

/** What leadership means to whoever may lead. */
export interface LeaderEvents {
  /** Leads from now on; what it writes names the term. A rejection gives the lead away and tries again. */
  readonly leads: (term: number) => Promise<void>;
  /** Leads no longer: somebody else may. */
  readonly deposed: () => void;
}

/**
 * One leader at a time: who holds the lock. Every new one begins a new term, and who wrote under an earlier term cannot
 * any more, however late it notices (see `WHERE term =` in what leaders write).
 */
export class Candidate {
  readonly #lock: AdvisoryLock;

  /** Stands for the lead at once, until `close`. */
  constructor(postgres: Postgres, memberId: string, { leads, deposed }: LeaderEvents) {
    this.#lock = new AdvisoryLock(postgres, [LOCKS.single, SINGLE.leader], false, {
      held: async (client) => {
        const { rows } = await client.query<{ term: number }>(
          "UPDATE leadership SET term = term + 1, leader = $1 RETURNING term",
          [memberId],
        );
        await leads(rows[0]?.term ?? 0);
        await client.query("SELECT pg_notify($1, $2)", [LEADER_CHANNEL, memberId]);
      },
      lost: deposed,
    });
  }

  /** Gives the lead away, without a call of `deposed`. */
  close(): Promise<void> {
    return this.#lock.close();
  }
}

/** The id of the member that led last; it may be gone. */
export async function findLeader(postgres: Postgres): Promise<string | undefined> {
  const [row] = await postgres.query<{ leader: string | null }>("SELECT leader FROM leadership");
  return row?.leader ?? undefined;
}
