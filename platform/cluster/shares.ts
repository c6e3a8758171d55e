import type { Members } from "./members.ts";

/**
 * Shares out numbers of the whole platform over its living gateways: all see the same list in the same order, so their shares add up
 * without a word between them.
 */
export class Shares {
  readonly #members: Members;
  /** Of this gateway; kept while it is no member, so that a moment without the database changes nothing. */
  #place = 0;
  #gateways = 1;

  constructor(members: Members) {
    this.#members = members;
    members.onChange(() => this.#read());
  }

  /** This gateway's part of a whole number; the first gateways of the list have one more where it does not divide. */
  part(whole: number): number {
    return Math.floor(whole / this.#gateways) + (this.#place < whole % this.#gateways ? 1 : 0);
  }

  #read(): void {
    const gateways = this.#members.list().filter(({ role }) => role === "gateway");
    const place = gateways.findIndex(({ id }) => id === this.#members.id);
    if (!this.#members.joined || place === -1) return;
    this.#place = place;
    this.#gateways = gateways.length;
  }
}
