import { setImmediate as nextTurn } from "node:timers/promises";

import { functionToWire, type WirePlace } from "../../model/wire/function.ts";
import type { FunctionRecord } from "../store/functions.ts";

/** One function in so many ends a block, on average. */
const BLOCK = 16;

/** Records in a row with the JSON of all of them, kept until one of them changes. */
interface Block {
  readonly records: readonly FunctionRecord[];
  readonly bytes: Buffer;
}

/** Blocks by their first record. */
const written = new WeakMap<FunctionRecord, Block>();
const texts = new WeakMap<FunctionRecord, string>();

const COMMA = Buffer.from(",");

/** The event loop is left after so long: the first list of a large project writes hundreds of functions. */
const HOLD_MS = 0.5;

/**
 * The JSON of records, a comma between each two, in pieces. Most functions did not change since the last list, so their
 * pieces are those of then. Where a piece ends follows from the functions' ids: one more or less leaves the others whole.
 */
export async function writeFunctions(
  records: readonly FunctionRecord[],
  place: WirePlace,
): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  let since = performance.now();
  for (let from = 0; from < records.length;) {
    const to = endOfBlock(records, from);
    if (from > 0) pieces.push(COMMA);
    pieces.push(bytesOf(records.slice(from, to), place));
    from = to;
    if (performance.now() - since < HOLD_MS) continue;
    await nextTurn();
    since = performance.now();
  }
  return pieces;
}

function endOfBlock(records: readonly FunctionRecord[], from: number): number {
  for (let at = from; at < records.length; at++) {
    // The last digits of a UUID are evenly spread.
    const digits = records[at]?.id.slice(-4) ?? "";
    if (Number.parseInt(digits, 16) % BLOCK === 0) return at + 1;
  }
  return records.length;
}

function bytesOf(records: readonly FunctionRecord[], place: WirePlace): Buffer {
  const [first] = records;
  const known = first && written.get(first);
  if (known !== undefined && isSame(known.records, records)) return known.bytes;
  const bytes = Buffer.from(records.map((record) => textOf(record, place)).join(","));
  if (first !== undefined) written.set(first, { records, bytes });
  return bytes;
}

function isSame(some: readonly FunctionRecord[], others: readonly FunctionRecord[]): boolean {
  return some.length === others.length && some.every((record, at) => record === others[at]);
}

function textOf(record: FunctionRecord, place: WirePlace): string {
  const known = texts.get(record);
  if (known !== undefined) return known;
  const text = JSON.stringify(functionToWire(record, place));
  texts.set(record, text);
  return text;
}
