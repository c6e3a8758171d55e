import type { Fault } from "./fault.ts";

/** A range of IPv4 addresses in numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
  /** Bits that all of its addresses share. */
  readonly prefix: number;
}

/** A range as `10.1.0.0/16`; undefined when it is none, or its address is not its first. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = "", bits = "", ...rest] = text.split("/");
  const first = parseAddress(address);
  if (first === undefined || rest.length > 0 || !/^(\d|[12]\d|3[0-2])$/.test(bits)) return undefined;
  const size = 2 ** (32 - Number(bits));
  return first % size === 0 ? { first, last: first + size - 1, prefix: Number(bits) } : undefined;
}

/** An address as a number; undefined when it is none. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The address of a number. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

/** A range as `parseRange` reads it. */
export function writeRange({ first, prefix }: AddressRange): string {
  return `${formatAddress(first)}/${prefix}`;
}

/** True when the first range holds all of the second. */
export function holds(outer: AddressRange, inner: AddressRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** True when they have an address in common. */
export function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Networks of one's own that no public address is in, and what a VPC may be of them. */
export const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
const SMALLEST = 28;

/** A fault unless `value` is a private range of addresses that is large enough for a network. */
export function checkPrivateRange(property: string, value: string, code: string): Fault[] {
  const range = parseRange(value);
  const inside = PRIVATE_RANGES.some((text) => {
    const outer = parseRange(text);
    return outer !== undefined && range !== undefined && holds(outer, range);
  });
  if (range !== undefined && inside && range.prefix <= SMALLEST) return [];
  return [
    {
      property,
      value,
      rule: `must be a range of addresses inside ${PRIVATE_RANGES.join(", ")}, of at least 16, that begins where its prefix says`,
      fix: `Write "${suggestRange(value)}", for example.`,
      code,
    },
  ];
}

/** What was meant, when only its end is wrong. */
function suggestRange(value: string): string {
  const [address = "", bits = ""] = value.split("/");
  const given = parseAddress(address);
  const prefix = Math.min(SMALLEST, Math.max(16, Number.parseInt(bits, 10) || 16));
  const size = 2 ** (32 - prefix);
  const range = given === undefined ? undefined : `${formatAddress(given - (given % size))}/${prefix}`;
  const valid = range !== undefined && PRIVATE_RANGES.some((text) => inPrivate(text, range));
  return valid ? range : "192.168.0.0/16";
}

function inPrivate(outerText: string, innerText: string): boolean {
  const [outer, inner] = [parseRange(outerText), parseRange(innerText)];
  return outer !== undefined && inner !== undefined && holds(outer, inner);
}
