import { z } from "zod";
import type { Fault } from "../model/fault.ts";
import { readBody } from "../model/wire/body.ts";
import type { Transport } from "./transport.ts";

const PAGE = 400;

interface Page<T> {
  readonly items: T[];
  readonly next: number;
  readonly count: number;
}

/** Reads a list to its end; `field` is where its items stand in the answer. */
export async function readPages<T>(
  transport: Transport,
  path: string,
  field: string,
  readItem: (item: unknown) => T | Fault[],
): Promise<T[]> {
  const all: T[] = [];
  for (let marker = 0; ;) {
    const call = { method: "GET", path, query: { marker, maxitems: PAGE } } as const;
    const page = await transport.json(call, (body) => readPage(body, field, readItem));
    all.push(...page.items);
    if (page.items.length === 0 || all.length >= page.count || page.next <= marker) return all;
    marker = page.next;
  }
}

const schema = z.looseObject({ next_marker: z.number().nullish(), count: z.number().nullish() });

function readPage<T>(
  body: unknown,
  field: string,
  readItem: (item: unknown) => T | Fault[],
): Page<T> | Fault[] {
  const read = readBody(schema, body);
  if (Array.isArray(read)) return read;
  const list = readItems(read[field], readItem);
  if (Array.isArray(list)) return list;
  return { items: list.all, next: read.next_marker ?? 0, count: read.count ?? 0 };
}

/** Reads an array item by item. Wrapped, so that an empty list is not taken for an empty list of faults. */
export function readItems<T>(
  body: unknown,
  readItem: (item: unknown) => T | Fault[],
): { readonly all: T[] } | Fault[] {
  if (!Array.isArray(body)) return readBody(z.array(z.unknown()), body) as Fault[];
  const all: T[] = [];
  for (const item of body as unknown[]) {
    const read = readItem(item);
    if (Array.isArray(read)) return read;
    all.push(read);
  }
  return { all };
}
