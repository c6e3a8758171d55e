import { randomUUID } from "node:crypto";

import type { Postgres } from "./connection.ts";
import type { Members } from "./members.ts";

/** The leader asks here: the question's id. */
const QUESTIONS = "fungraph_arrange";
/** Others answer here: the question's id, the member's id, and reasons by the id of what could not be made, as JSON. */
const ANSWERS = "fungraph_arranged";
/** Callers wait 30 s, and making a gateway takes one or two. */
const PATIENCE_MS = 25_000;
/** A notification takes 8,000 bytes. */
const ANSWER_BYTES = 7_000;
/** Sentences are cut to this length, and where there are many to less. */
const REASON_CHARACTERS = 512;
const LEAST_CHARACTERS = 32;

/** Sentences by the id of what could not be made. */
export type Reasons = ReadonlyMap<string, string>;

interface ArrangementsOptions {
  readonly postgres: Postgres;
  readonly members: Members;
  /** Of members that are asked: this is among their addresses. */
  readonly address: string;
  /** Puts in force here what is declared. */
  readonly arrange: () => Promise<Reasons>;
  /** Who has not answered after this time counts as unable, and is not waited for again until it answers. Default 25,000. */
  readonly patienceMs?: number;
}

interface Question {
  readonly id: string;
  readonly waiting: Set<string>;
  readonly reasons: Map<string, string>;
  readonly resolve: () => void;
}

/** Has all processes that make something outside of the platform do so before a change counts as made. */
export class Arrangements {
  readonly #options: ArrangementsOptions;
  readonly #questions = new Map<string, Question>();
  /** Members that let somebody wait in vain. */
  readonly #silent = new Set<string>();

  /** Made before the connection starts. */
  constructor(options: ArrangementsOptions) {
    this.#options = options;
    const { postgres, members } = options;
    postgres.listen(QUESTIONS, (id) => void this.#answer(id));
    postgres.listen(ANSWERS, (payload) => this.#hear(payload));
    members.onChange(() => this.#forget());
  }

  /** Settles when all that there are have put in force what is declared now, with what they could not. Rejects with DatabaseDownError. */
  async ask(): Promise<Reasons> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = new Set([...this.#asked()].filter((one) => !this.#silent.has(one)));
    const question = { id: randomUUID(), waiting, reasons: new Map<string, string>(), resolve };
    this.#questions.set(question.id, question);
    const timer = setTimeout(resolve, this.#options.patienceMs ?? PATIENCE_MS);
    try {
      await this.#options.postgres.notify(QUESTIONS, question.id);
      this.#check(question);
      await promise;
    } finally {
      clearTimeout(timer);
      this.#questions.delete(question.id);
    }
    for (const one of waiting) this.#silent.add(one);
    if (waiting.size > 0)
      question.reasons.set("", `${waiting.size} of the schedulers did not answer in time.`);
    return question.reasons;
  }

  async #answer(id: string): Promise<void> {
    const { postgres, members, arrange } = this.#options;
    const reasons = await arrange().catch((error: unknown) => new Map([["", (error as Error).message]]));
    // Whoever asked waits no longer than its patience.
    await postgres.notify(ANSWERS, `${id} ${members.id} ${shortened(reasons)}`).catch(() => undefined);
  }

  #hear(payload: string): void {
    const [id = "", member = "", ...rest] = payload.split(" ");
    this.#silent.delete(member);
    const question = this.#questions.get(id);
    if (question?.waiting.delete(member) !== true) return;
    const reasons = JSON.parse(rest.join(" ")) as [string, string][];
    for (const [what, reason] of reasons) question.reasons.set(what, reason);
    this.#check(question);
  }

  /** Who is gone makes nothing any more. */
  #forget(): void {
    const living = this.#asked();
    for (const one of this.#silent) if (!living.has(one)) this.#silent.delete(one);
    for (const question of this.#questions.values()) {
      for (const id of question.waiting) if (!living.has(id)) question.waiting.delete(id);
      this.#check(question);
    }
  }

  #check({ waiting, resolve }: Question): void {
    if (waiting.size === 0) resolve();
  }

  #asked(): Set<string> {
    const { members, address } = this.#options;
    return new Set(members.list().flatMap(({ id, addresses }) => (address in addresses ? id : [])));
  }
}

/** Whoever is not named was made: all are, or where they are too many the empty name stands for any. */
function shortened(reasons: Reasons): string {
  for (let most = REASON_CHARACTERS; most >= LEAST_CHARACTERS; most /= 2) {
    const text = JSON.stringify([...reasons].map(([what, reason]) => [what, reason.slice(0, most)]));
    if (Buffer.byteLength(text) <= ANSWER_BYTES) return text;
  }
  const [first = ""] = reasons.values();
  const sentence = `${reasons.size} of them could not be made; of one it is said: ${first.slice(0, REASON_CHARACTERS)}`;
  return JSON.stringify([["", sentence]]);
}
