import { formatAddress, overlaps, parseRange, type AddressRange } from "../../../../model/address-range.ts";
import { RESERVED_ADDRESSES } from "../../../../model/vpc.ts";

/** Addresses that are the platform's own in every VPC: the last before the one that means all. */
export interface OwnAddresses {
  /** The machine's. */
  readonly bridge: string;
  /** Where functions find names and the way out. */
  readonly gateway: string;
  /** The gateway's container has this one first. */
  readonly router: string;
}

export function ownAddresses(range: string): OwnAddresses {
  const { last } = rangeOf(range);
  return {
    bridge: formatAddress(last - 1),
    gateway: formatAddress(last - 2),
    router: formatAddress(last - 3),
  };
}

/** Hands out the addresses of one subnet, one after the other, so that none comes back soon. */
export class Addresses {
  readonly #range: AddressRange;
  readonly #reserved: AddressRange;
  readonly #used = new Set<number>();
  #next: number;

  /** @param vpc range of the VPC: its first address and its last ones are nobody's */
  constructor(range: string, vpc: string) {
    this.#range = rangeOf(range);
    const { last } = rangeOf(vpc);
    this.#reserved = { first: last - RESERVED_ADDRESSES + 1, last, prefix: 30 };
    // As anywhere: the first means the network, and the last all of it.
    this.#used.add(this.#range.first).add(this.#range.last);
    this.#next = this.#range.first;
  }

  /** Undefined when all are in use. @param others that somebody else has */
  take(others?: ReadonlySet<string>): string | undefined {
    const { first, last } = this.#range;
    for (let left = last - first + 1; left > 0; left -= 1) {
      const address = this.#next;
      this.#next = address === last ? first : address + 1;
      if (this.#used.has(address) || overlaps(this.#reserved, { first: address, last: address, prefix: 32 }))
        continue;
      const text = formatAddress(address);
      if (others?.has(text) === true) continue;
      this.#used.add(address);
      return text;
    }
    return undefined;
  }

  free(address: string): void {
    const { first } = rangeOf(`${address}/32`);
    this.#used.delete(first);
  }
}

function rangeOf(text: string): AddressRange {
  const range = parseRange(text);
  if (range === undefined) throw new Error(`${text} is no range of addresses`);
  return range;
}
