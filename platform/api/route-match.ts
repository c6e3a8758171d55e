import type { Access } from "../../model/api/access.ts";
import type { OperationRow } from "../../model/api/operation-row.ts";
import type { OperationId } from "../../model/api/operations.ts";
import type { Operation } from "./operation.ts";

/** What answers a method and a path. */
export interface Route extends Pick<OperationRow, "method" | "path" | "carries"> {
  readonly access: Access;
  readonly operation: Operation;
  /** Its row in the operation table; left out for what is Fungraph's own. */
  readonly id?: OperationId;
}

/** A route and the decoded values of its path template. */
export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Entry {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** Finds the row of a table that a method and a path mean. */
export class RouteTable {
  readonly #byLength = new Map<number, Entry[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = route.path.split("/");
      const entries = this.#byLength.get(segments.length) ?? [];
      entries.push({ route, segments });
      this.#byLength.set(segments.length, entries);
    }
  }

  /** The match; the methods that the path has when this one is not among them; nothing when no row has the path. */
  find(method: string, path: string): RouteMatch | readonly string[] {
    const given = path.replace(/(.)\/$/, "$1").split("/");
    const methods: string[] = [];
    for (const { route, segments } of this.#byLength.get(given.length) ?? []) {
      const parameters = read(segments, given);
      if (parameters === undefined) continue;
      if (route.method === method) return { route, parameters };
      methods.push(route.method);
    }
    return methods;
  }
}

function read(segments: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const text = given[index] ?? "";
    if (segment.startsWith("{")) {
      if (text === "") return undefined;
      parameters[segment.slice(1, -1)] = decode(text);
    } else if (segment !== text) return undefined;
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // what is no escape stands for itself; the operation refuses it by name
  }
}
