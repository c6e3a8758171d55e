import { ApiError } from "./api-error.ts";

/** The part of a list that was asked for, and where the next one begins. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Items of the whole list. */
  readonly count: number;
  /** Position after the last item of this page. */
  readonly nextMarker: number;
}

/** Cuts a page by `marker` (position of its first item, default 0) and a size (`maxitems`, default and most 400). */
export function pageOf<T>(all: readonly T[], query: URLSearchParams, sizeName = "maxitems"): Page<T> {
  const { offset: start, limit } = rangeOf(query, { sizeName });
  const items = all.slice(start, start + limit);
  return { items, count: all.length, nextMarker: Math.min(start, all.length) + items.length };
}

const PAGE = 400;

/** A page as lists with `page_info` tell of it. */
export function pageInfo({ items, nextMarker }: Page<unknown>): Record<string, number> {
  const previous = nextMarker - items.length;
  return { next_marker: nextMarker, previous_marker: previous, current_count: items.length };
}

/** The same for lists that are cut elsewhere: how many items to leave out, and how many to take. */
export function rangeOf(
  query: URLSearchParams,
  size: { readonly sizeName?: string; readonly default?: number; readonly max?: number } = {},
): { readonly offset: number; readonly limit: number } {
  const { sizeName = "limit", max = PAGE } = size;
  const offset = wholeNumber(query, "marker", { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 });
  return { offset, limit: wholeNumber(query, sizeName, { min: 1, max, otherwise: size.default ?? max }) };
}

/** The part of a list that `offset` (default 0) and `limit` (default and most `max`) ask for. */
export function offsetPage<T>(all: readonly T[], query: URLSearchParams, max: number): readonly T[] {
  const offset = wholeNumber(query, "offset", { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 });
  const limit = wholeNumber(query, "limit", { min: 1, max, otherwise: max });
  return all.slice(offset, offset + limit);
}

/** A number of the query, cut to `max`; `otherwise` where there is none. Throws FSS.1001. */
function wholeNumber(
  query: URLSearchParams,
  name: string,
  range: { readonly min: number; readonly max: number; readonly otherwise: number },
): number {
  const text = query.get(name) ?? "";
  if (text === "") return range.otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.min) return Math.min(value, range.max);
  throw new ApiError(
    "FSS.1001",
    `${name} is ${JSON.stringify(text.slice(0, 50))}, it must be a whole number from ${range.min}. Send ${name}=${range.otherwise}, for example, or leave it out.`,
  );
}
