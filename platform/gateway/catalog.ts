import { parseFunctionUrn } from "../../model/names.ts";
import { LATEST } from "../../model/version.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import { lineOf, revisionKey, targetOf, type Target } from "../scheduler/target.ts";
import type { FunctionRecord } from "../store/functions.ts";
import type { Store } from "../store/store.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import type { Lanes } from "./lanes.ts";
import type { Refusal } from "./refusal.ts";
import { Resolution, Variant } from "./resolution.ts";
import type { Route } from "./route.ts";

/** Names kept; beyond it the memory is emptied and fills again. */
const KEPT = 10_000;

/** Finds what names stand for, without the store when it was asked before and the function did not change since. */
export class Catalog {
  readonly #store: Store;
  readonly #scheduler: Pick<Scheduler, "standIn">;
  readonly #lanes: Lanes;
  readonly #region: string;
  readonly #known = new Map<string, Resolution>();
  /** Names in `#known` by the function they lead to. */
  readonly #names = new Map<string, string[]>();
  readonly #loading = new Map<string, Promise<Resolution | Refusal>>();
  #generation = 0;

  constructor(parts: {
    readonly store: Store;
    readonly scheduler: Pick<Scheduler, "standIn">;
    readonly lanes: Lanes;
    readonly region: string;
  }) {
    this.#store = parts.store;
    this.#scheduler = parts.scheduler;
    this.#lanes = parts.lanes;
    this.#region = parts.region;
  }

  /** Forgets what it knows; lanes of replaced revisions are retired. */
  changed(functionKey: string): void {
    this.#generation++;
    for (const name of this.#names.get(functionKey) ?? []) this.#known.delete(name);
    this.#names.delete(functionKey);
    this.#loading.clear();
    this.#lanes.refresh(functionKey, (target) => this.#isCurrent(target));
  }

  /** True when the trigger's function is an HTTP function, so that requests pass to it as they are. */
  isServer(route: Route): boolean {
    return (route.isServer ??= this.#store.functions.find(route.trigger.key)?.spec.runtime === "http");
  }

  /** What a URN means, when it was asked before. */
  known(urn: string, projectId: string): Resolution | undefined {
    return this.#known.get(`${projectId} ${urn}`);
  }

  /** What a URN, in any of its forms, means in a project. */
  find(urn: string, projectId: string): Promise<Resolution | Refusal> {
    const parsed = parseFunctionUrn(urn, { region: this.#region, projectId });
    if (parsed === undefined) return Promise.resolve(badUrn(urn, this.#region, projectId));
    const key = { projectId: parsed.projectId, package: parsed.package, name: parsed.name };
    if (parsed.projectId !== projectId || parsed.region !== this.#region)
      return Promise.resolve(noFunction(keyText(key)));
    const qualifier = parsed.alias === undefined ? (parsed.version ?? LATEST) : `!${parsed.alias}`;
    return this.#load(`${projectId} ${urn}`, key, qualifier);
  }

  /** What a function and a qualifier mean, when it was asked before. */
  knownTarget(key: FunctionKey, qualifier: string): Resolution | undefined {
    return this.#known.get(`${keyText(key)}:${qualifier}`);
  }

  /** What a function and a qualifier mean. */
  findTarget(key: FunctionKey, qualifier: string): Promise<Resolution | Refusal> {
    return this.#load(`${keyText(key)}:${qualifier}`, key, qualifier);
  }

  #load(name: string, key: FunctionKey, qualifier: string): Promise<Resolution | Refusal> {
    const known = this.#known.get(name);
    if (known !== undefined) return Promise.resolve(known);
    let loading = this.#loading.get(name);
    if (loading === undefined) {
      loading = this.#remember(name, key, qualifier);
      this.#loading.set(name, loading);
    }
    return loading;
  }

  async #remember(name: string, key: FunctionKey, qualifier: string): Promise<Resolution | Refusal> {
    const generation = this.#generation;
    try {
      const found = await this.#resolve(key, qualifier);
      // What changed meanwhile is read again.
      if (generation !== this.#generation) return await this.#load(name, key, qualifier);
      if (found instanceof Resolution) {
        this.#keep(name, found);
      }
      return found;
    } finally {
      if (generation === this.#generation) this.#loading.delete(name);
    }
  }

  #keep(name: string, found: Resolution): void {
    if (this.#known.size >= KEPT) {
      this.#known.clear();
      this.#names.clear();
    }
    this.#known.set(name, found);
    const functionKey = keyText(found.key);
    const names = this.#names.get(functionKey);
    if (names === undefined) this.#names.set(functionKey, [name]);
    else names.push(name);
  }

  async #resolve(key: FunctionKey, qualifier: string): Promise<Resolution | Refusal> {
    const name = { key, qualifier };
    if (this.#store.functions.find(key) === undefined) return noFunction(keyText(key));
    if (!qualifier.startsWith("!")) {
      const variant = await this.#variant(key, qualifier);
      return variant instanceof Variant ? new Resolution(name, variant) : variant;
    }
    const alias = this.#store.aliases.find(key, qualifier.slice(1))?.spec;
    if (alias === undefined) return noAlias(keyText(key), qualifier.slice(1));
    const variant = await this.#variant(key, alias.version);
    if (!(variant instanceof Variant)) return variant;
    if (alias.additional === undefined) return new Resolution(name, variant);
    const grey = await this.#variant(key, alias.additional.version);
    if (!(grey instanceof Variant)) return grey;
    return new Resolution(name, variant, { variant: grey, weight: alias.additional.weight });
  }

  async #variant(key: FunctionKey, version: string): Promise<Variant | Refusal> {
    const record = this.#record(key, version);
    if (record === undefined) return noVersion(keyText(key), version);
    const newest = await targetOf(record, this.#store.code, this.#region);
    return new Variant(this.#standIn(record, newest.key) ?? newest, this.#lanes);
  }

  /** The revision that serves until the reserved instances of the newest are ready. A function that is switched off is off at once. */
  #standIn(record: FunctionRecord, newest: string): Target | undefined {
    if (record.spec.maxInstances === 0) return undefined;
    return this.#scheduler.standIn(lineOf(record), newest);
  }

  #record(key: FunctionKey, version: string): FunctionRecord | undefined {
    return version === LATEST ? this.#store.functions.find(key) : this.#store.versions.find(key, version);
  }

  #isCurrent(target: Target): boolean {
    const { projectId, spec, version } = target;
    const record = this.#record({ projectId, package: spec.package, name: spec.name }, version);
    if (record === undefined) return false;
    const revision = `${revisionKey(record)}/`;
    const serving = this.#standIn(record, `${revision}${record.spec.memoryMb}`)?.key ?? revision;
    return target.key.startsWith(serving);
  }
}

function noFunction(name: string): Refusal {
  return {
    status: 404,
    code: "FSS.1051",
    message: `There is no function ${name}. Check region, project, package and name; "fungraph ls" lists what is deployed.`,
  };
}

function noVersion(name: string, version: string): Refusal {
  return {
    status: 404,
    code: "FSS.1052",
    message: `Function ${name} has no version "${version}". Use a published version, or "${LATEST}".`,
  };
}

function noAlias(name: string, alias: string): Refusal {
  return {
    status: 404,
    code: "FSS.1053",
    message: `Function ${name} has no alias "${alias}". Create the alias, or name a version.`,
  };
}

function badUrn(urn: string, region: string, projectId: string): Refusal {
  return {
    status: 400,
    code: "FSS.1309",
    message: `${JSON.stringify(urn.slice(0, 200))} is not a function URN. Write urn:fss:${region}:${projectId}:function:<package>:<name>:<version or !alias>, or just the name.`,
  };
}
