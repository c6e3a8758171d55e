import { isGateway, TriggerStatus, type ApigEventData } from "../../model/trigger.ts";
import { keyText, parseKeyText } from "../store/function-key.ts";
import type { Store } from "../store/store.ts";
import { Route } from "./route.ts";

/** The group of triggers that name none. */
const DEFAULT_GROUP = "DEFAULT";

/** The routes of one group. */
class Group {
  readonly exact = new Map<string, Route[]>();
  readonly patterns: Route[] = [];

  add(route: Route): void {
    if (!route.exact) {
      this.patterns.push(route);
      return;
    }
    const path = trimmed(route.data.path);
    const routes = this.exact.get(path);
    if (routes === undefined) this.exact.set(path, [route]);
    else routes.push(route);
  }

  /** Routes of the path, whatever the method, the most specific first. */
  match(path: string): Route[] {
    const found = this.exact.get(path) ?? this.exact.get(trimmed(path)) ?? [];
    return this.patterns.length === 0
      ? found
      : [...found, ...this.patterns.filter((route) => route.matches(path))];
  }
}

/**
 * Finds the HTTP trigger of a request. A Host whose first label is a group id selects that group. Otherwise the group
 * DEFAULT is searched, then all others, where a match counts only when it is the only one.
 */
export class Routes {
  readonly #store: Store;
  #groups: Map<string, Group> | undefined;
  /** Functions that had triggers when they were read. */
  readonly #functions = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads the triggers again at the next request, when a function that changed has some or had them. */
  changed(functionKey: string): void {
    if (this.#functions.has(functionKey) || this.#store.triggers.list(parseKeyText(functionKey)).length > 0)
      this.#groups = undefined;
  }

  /** True when the host names a group, so that every path belongs to its triggers. */
  isGroup(host: string | undefined): boolean {
    return this.#load().has(label(host));
  }

  /** The route; `method` when only the method does not fit, with those that do. */
  find(host: string | undefined, method: string, path: string): Route | readonly string[] | undefined {
    const groups = this.#load();
    const named = groups.get(label(host));
    const found = (named ?? groups.get(DEFAULT_GROUP))?.match(path) ?? [];
    for (const route of found) if (route.accepts(method)) return route;
    const others = named === undefined ? elsewhere(groups, path) : [];
    const fitting = others.filter((route) => route.accepts(method));
    if (fitting.length === 1) return fitting[0];
    const methods = [...found, ...others].map((route) => route.data.req_method);
    return methods.length === 0 || fitting.length > 1 ? undefined : [...new Set(methods)];
  }

  #load(): Map<string, Group> {
    if (this.#groups !== undefined) return this.#groups;
    const groups = new Map<string, Group>();
    this.#functions.clear();
    for (const trigger of this.#store.triggers.all()) {
      this.#functions.add(keyText(trigger.key));
      const { type, status, eventData } = trigger.spec;
      if (!isGateway(type) || status !== TriggerStatus.Active) continue;
      const route = new Route(trigger, eventData as ApigEventData);
      const id = route.data.group_id;
      let group = groups.get(id);
      if (group === undefined) groups.set(id, (group = new Group()));
      group.add(route);
    }
    for (const group of groups.values()) group.patterns.sort((one, other) => other.weight - one.weight);
    this.#groups = groups;
    return groups;
  }
}

function elsewhere(groups: Map<string, Group>, path: string): Route[] {
  const found: Route[] = [];
  for (const [id, group] of groups) if (id !== DEFAULT_GROUP) found.push(...group.match(path));
  return found;
}

function trimmed(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function label(host: string | undefined): string {
  if (host === undefined) return "";
  const dot = host.indexOf(".");
  return dot === -1 ? host : host.slice(0, dot);
}
