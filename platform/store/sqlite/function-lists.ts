import { keyText, parseKeyText, type FunctionKey } from "../function-key.ts";
import type { FunctionPage, FunctionQuery, FunctionRecord } from "../functions.ts";

/** Records that are kept at most; beyond it projects are read again when they are asked for. */
const KEPT = 10_000;
/** So many changes are followed one by one; after more of them the project is read again. */
const FOLLOWED = 100;

/** One function in its list. */
export interface Listed {
  readonly pinned: boolean;
  readonly record: FunctionRecord;
}

/** Where lists come from. */
interface ListSource {
  /** Every function of a project, in any order. */
  all(projectId: string): Listed[];
  one(key: FunctionKey): Listed | undefined;
  /** Whether a record may still be shown, as far as other things than its function go. */
  isCurrent(record: FunctionRecord): boolean;
}

interface Project {
  readonly listed: Listed[];
  /** Keys of functions that changed since. */
  readonly changed: Set<string>;
}

/**
 * The functions of each project in the order of lists, read once and then followed change by change: a page of a large
 * project costs no more than its records.
 */
export class FunctionLists {
  readonly #source: ListSource;
  readonly #projects = new Map<string, Project>();

  constructor(source: ListSource) {
    this.#source = source;
  }

  /** A function was created, changed or deleted. */
  changed(functionKey: string): void {
    this.#projects.get(functionKey.slice(0, functionKey.indexOf("/")))?.changed.add(functionKey);
  }

  page(projectId: string, query: FunctionQuery): FunctionPage {
    const { offset = 0, limit = Number.POSITIVE_INFINITY } = query;
    const all = this.#current(projectId);
    const chosen = isNarrow(query) ? all.filter(({ record }) => fits(record.key, query)) : all;
    const records = chosen.slice(offset, offset + limit).map(({ record }) => this.#shown(record));
    return { records, count: chosen.length };
  }

  #current(projectId: string): readonly Listed[] {
    const known = this.#projects.get(projectId);
    if (known === undefined || known.changed.size > FOLLOWED) return this.#read(projectId);
    const { listed, changed } = known;
    for (const text of changed) replace(listed, text, this.#source.one(parseKeyText(text)));
    changed.clear();
    return listed;
  }

  #read(projectId: string): readonly Listed[] {
    const listed = this.#source.all(projectId).sort(order);
    this.#projects.delete(projectId);
    let kept = listed.length;
    for (const project of this.#projects.values()) kept += project.listed.length;
    if (kept > KEPT) this.#projects.clear();
    this.#projects.set(projectId, { listed, changed: new Set() });
    return listed;
  }

  #shown(record: FunctionRecord): FunctionRecord {
    if (this.#source.isCurrent(record)) return record;
    this.changed(keyText(record.key));
    return this.#source.one(record.key)?.record ?? record;
  }
}

function isNarrow(query: FunctionQuery): boolean {
  return query.package !== undefined || query.namePart !== undefined;
}

function fits(key: FunctionKey, query: FunctionQuery): boolean {
  return (
    (query.package === undefined || key.package === query.package) && key.name.includes(query.namePart ?? "")
  );
}

function replace(listed: Listed[], functionKey: string, now: Listed | undefined): void {
  const { package: inPackage, name } = parseKeyText(functionKey);
  const old = listed.findIndex(({ record: { key } }) => key.name === name && key.package === inPackage);
  if (old >= 0) listed.splice(old, 1);
  if (now !== undefined) listed.splice(placeOf(listed, now), 0, now);
}

/** Where a function belongs, by halving. */
function placeOf(listed: readonly Listed[], one: Listed): number {
  let from = 0;
  let to = listed.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = listed[middle];
    if (other !== undefined && order(other, one) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Pinned ones first, then by package and name. */
function order(one: Listed, other: Listed): number {
  if (one.pinned !== other.pinned) return one.pinned ? -1 : 1;
  const [a, b] = [one.record.key, other.record.key];
  return compare(a.package, b.package) || compare(a.name, b.name);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
