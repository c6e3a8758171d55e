import {
  type AddressRange,
  overlaps,
  parseAddress,
  parseRange,
  PRIVATE_RANGES,
  writeRange,
} from "./address-range.ts";
import type { Fault } from "./fault.ts";

/** What else has addresses on a platform's machine: all its VPCs and NAT gateways are on that one. */
export interface Neighbour {
  /** As sentences call it: `the VPC "shop"`. */
  readonly title: string;
  /** A VPC's range, or the address of a NAT gateway: `10.1.0.0/16` or `203.0.113.7`. */
  readonly addresses: string;
}

/** A fault when a VPC's range has an address in common with a neighbour; it names a range of the same size that is free. */
export function checkRangeApart(value: string, neighbours: readonly Neighbour[]): Fault[] {
  const own = parseRange(value);
  const other = own && neighbours.find(({ addresses }) => meets(own, addresses));
  if (own === undefined || other === undefined) return [];
  const free = freeRange(own, neighbours);
  return [
    {
      property: "range",
      value,
      rule: `shares addresses with ${other.title} (${other.addresses})`,
      fix: free === undefined ? "Choose a smaller range." : `Write ${JSON.stringify(free)}, for example.`,
      code: "FSS.1036",
    },
  ];
}

/** A fault when the fixed address of a NAT gateway is another's, or one inside a VPC. */
export function checkAddressApart(value: string, neighbours: readonly Neighbour[]): Fault[] {
  const own = rangeOf(value);
  const other = own && neighbours.find(({ addresses }) => meets(own, addresses));
  if (other === undefined) return [];
  const rule =
    other.addresses === value
      ? `is the address of ${other.title} already, and nobody could tell their functions apart`
      : `is inside ${other.title} (${other.addresses}), and the world sees addresses of the machine`;
  return [
    {
      property: "address",
      value,
      rule,
      fix: "Write another address of the platform's machine, or leave it out for the address that all functions share.",
      code: "FSS.0409",
    },
  ];
}

function meets(own: AddressRange, addresses: string): boolean {
  const theirs = rangeOf(addresses);
  return theirs !== undefined && overlaps(own, theirs);
}

function rangeOf(addresses: string): AddressRange | undefined {
  const address = parseAddress(addresses);
  return address === undefined ? parseRange(addresses) : { first: address, last: address, prefix: 32 };
}

/** The first range of that size behind the wanted one that no neighbour has a part of, and else any. */
function freeRange(wanted: AddressRange, neighbours: readonly Neighbour[]): string | undefined {
  const taken = neighbours.map(({ addresses }) => rangeOf(addresses)).filter((range) => range !== undefined);
  const blocks = PRIVATE_RANGES.map(parseRange).filter((block) => block !== undefined);
  const home = blocks.filter((block) => overlaps(block, wanted));
  const places = [...home.map((block) => ({ ...block, first: wanted.first })), ...blocks];
  for (const place of places) {
    const free = firstFree(place, wanted, taken);
    if (free !== undefined) return writeRange(free);
  }
  return undefined;
}

function firstFree(
  place: AddressRange,
  { first, last, prefix }: AddressRange,
  taken: readonly AddressRange[],
): AddressRange | undefined {
  const size = last - first + 1;
  for (let start = place.first; start + size - 1 <= place.last;) {
    const range = { first: start, last: start + size - 1, prefix };
    const other = taken.find((one) => overlaps(one, range));
    if (other === undefined) return range;
    start = Math.ceil((other.last + 1) / size) * size;
  }
  return undefined;
}
