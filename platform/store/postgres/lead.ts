import type { Postgres } from "../../cluster/connection.ts";
import { Candidate } from "../../cluster/leader.ts";
import { StoreUnavailableError } from "../errors.ts";
import type { Replica } from "./replica.ts";

/** What standing for the lead takes. */
export interface LeadOptions {
  readonly postgres: Postgres;
  readonly memberId: string;
  readonly replica: Replica;
  /** Told what keeps this process from leading. */
  readonly problem: (error: unknown) => void;
}

/** Brings the replica to the lead and away from it, as the lock comes and goes. */
export class Lead {
  readonly #options: LeadOptions;
  readonly #listeners: ((leads: boolean) => void)[] = [];
  #candidate: Candidate | undefined;
  #closed = false;

  constructor(options: LeadOptions) {
    this.#options = options;
  }

  onLead(listener: (leads: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Stands for the lead from now on. */
  stand(): void {
    if (this.#closed || this.#candidate !== undefined) return;
    const { postgres, memberId } = this.#options;
    const candidate = new Candidate(postgres, memberId, {
      leads: (term) => this.#begin(term, () => this.#candidate === candidate),
      deposed: () => this.#end(),
    });
    this.#candidate = candidate;
  }

  /** Gives the lead away to whoever waits for it, and stands for it again behind them. */
  async giveAway(): Promise<void> {
    const candidate = this.#candidate;
    if (candidate === undefined) return;
    this.#candidate = undefined;
    this.#end();
    await candidate.close();
    this.stand();
  }

  /** Stands for it no longer. */
  async close(): Promise<void> {
    const candidate = this.#candidate;
    this.#closed = true;
    this.#candidate = undefined;
    await candidate?.close();
  }

  /** @param stands false once the lead was given away */
  async #begin(term: number, stands: () => boolean): Promise<void> {
    const { replica } = this.#options;
    try {
      await replica.lead(term);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) this.#options.problem(error);
      throw error;
    }
    if (stands()) this.#tell(true);
    else replica.follow();
  }

  #end(): void {
    this.#options.replica.follow();
    this.#tell(false);
  }

  #tell(leads: boolean): void {
    for (const listener of this.#listeners) listener(leads);
  }
}
