import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Client } from "../../client/client.ts";
import type { Fault } from "../../model/fault.ts";
import { checkWithCode } from "../code-source.ts";
import { inNameOf } from "../owner.ts";
import type { Context, Diff, Live, Properties, ResourceLogic } from "../resource.ts";
import { resources } from "../resources.ts";
import { UNKNOWN } from "../unknown.ts";
import { unwrapSecrets, wrapSecrets } from "../values.ts";
import { checkConfiguration, Configuration, IDENTITY, SECRET_SETTINGS } from "./configuration.ts";
import { Operations } from "./operations.ts";

/** Properties as the engine sends and keeps them: secrets and unknown values carry its marks. */
type Marked = Record<string, unknown>;

/** What the engine is answered after a check. */
interface Checked {
  readonly inputs: Marked;
  readonly faults: readonly Fault[];
}

/** A resource as it was read: everything known of it, and which of that a program would have to write. */
interface Found {
  readonly id: string;
  readonly properties: Marked;
  readonly inputs: Marked;
}

const GRACE_MS = 5000;
/** What has no platform has no client for one. */
const NO_CLIENT = {} as Client;

/** Pulumi's questions, answered by the logic of each kind of resource. Knows the engine's marks, not its protocol. */
export class Provider {
  readonly #folder: string;
  readonly #operations = new Operations();
  #configuration: Configuration;
  #client: Client | undefined;
  readonly #tell: (sentence: string) => Promise<void>;
  /** What the platform warned of, until it is told. */
  #telling: Promise<unknown> = Promise.resolve();

  /**
   * @param folder the program's folder: archives of code lie in it, and perhaps the connection of a platform
   * @param tell tells what the platform warns of; never rejects
   */
  constructor(folder: string, tell: (sentence: string) => Promise<void>) {
    this.#folder = folder;
    this.#tell = tell;
    this.#configuration = new Configuration({}, folder);
  }

  checkConfiguration(given: Marked): Checked {
    const { plain, secrets } = unwrapSecrets(given);
    const { inputs, faults } = checkConfiguration(plain);
    return { inputs: mark(inputs, secrets, SECRET_SETTINGS), faults };
  }

  /** Names of the settings that differ and, of those, the ones that mean another platform. */
  diffConfiguration(old: Marked, next: Marked): { readonly changed: string[]; readonly other: string[] } {
    const [before, after] = [unwrapSecrets(old).plain, unwrapSecrets(next).plain];
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const changed = [...names].filter((name) => before[name] !== after[name]).sort();
    // What was never written down, or is not known yet, may well be the same place.
    const told = changed.filter((name) => isCertain(before[name]) && isCertain(after[name]));
    return { changed, other: told.filter((name) => IDENTITY.includes(name)) };
  }

  /** Says which platform is meant; it is not looked for before something has to be done there. */
  configure(given: Marked): void {
    const { inputs } = checkConfiguration(unwrapSecrets(given).plain);
    this.#configuration = new Configuration(inputs, this.#folder);
    this.#client?.close();
    this.#client = undefined;
  }

  /** Packs the code that is only named, fills in defaults and tells every fault. */
  async check(type: string, given: Marked): Promise<Checked> {
    const logic = logicOf(type);
    const { plain, secrets } = unwrapSecrets(given);
    const { inputs, faults } = await checkWithCode(logic, plain, this.#folder);
    return { inputs: mark(inputs, secrets, logic.secrets), faults };
  }

  diff(
    type: string,
    old: Marked,
    next: Marked,
  ): Diff & { readonly old: Properties; readonly next: Properties } {
    const [before, after] = [unwrapSecrets(old).plain, unwrapSecrets(next).plain];
    return { ...logicOf(type).diff(before, after), old: before, next: after };
  }

  /** What a new or changed resource will have, as far as that is certain. */
  predict(type: string, next: Marked, old?: Marked): Marked {
    const { plain, secrets } = unwrapSecrets(next);
    const before = old && unwrapSecrets(old).plain;
    const predicted = logicOf(type).predict(plain, this.#configuration.place(), before);
    return mark({ ...plain, ...settle(predicted) }, secrets, logicOf(type).secrets);
  }

  /** @param urn what Pulumi calls the resource */
  create(
    type: string,
    urn: string,
    given: Marked,
  ): Promise<{ readonly id: string; readonly properties: Marked }> {
    return this.#operations.run(async () => {
      const logic = logicOf(type);
      const { plain, secrets } = unwrapSecrets(given);
      const { id, state } = await logic.create(await this.#context(logic, urn), plain);
      await this.#telling;
      return { id, properties: mark({ ...plain, ...state }, secrets, logic.secrets) };
    });
  }

  /** @param known what is remembered of the resource; nothing when it is imported */
  read(type: string, id: string, known: Marked): Promise<Found | undefined> {
    return this.#operations.run(async () => {
      const logic = logicOf(type);
      const { plain, secrets } = unwrapSecrets(known);
      const live = await logic.read(await this.#context(logic), id, plain);
      return live && found(logic, live, secrets);
    });
  }

  update(type: string, id: string, old: Marked, next: Marked): Promise<Marked> {
    return this.#operations.run(async () => {
      const logic = logicOf(type);
      const { plain, secrets } = unwrapSecrets(next);
      const state = await logic.update(await this.#context(logic), id, unwrapSecrets(old).plain, plain);
      await this.#telling;
      return mark({ ...plain, ...state }, secrets, logic.secrets);
    });
  }

  delete(type: string, id: string, state: Marked): Promise<void> {
    const logic = logicOf(type);
    return this.#operations.run(async () =>
      logic.delete(await this.#context(logic), id, unwrapSecrets(state).plain),
    );
  }

  /** Begins nothing new; what is under way has some seconds to end well. */
  cancel(): void {
    this.#operations.cancel(GRACE_MS);
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.cancel();
    await this.#operations.idle();
    this.#client?.close();
  }

  /** @param urn what Pulumi calls a resource that is made */
  async #context({ apart = false }: ResourceLogic, urn?: string): Promise<Context> {
    const readArchive = (path: string): Promise<Buffer> => readFile(resolve(this.#folder, path));
    if (apart) return { client: NO_CLIENT, readArchive };
    const context = { client: await this.#connect(), readArchive };
    return urn === undefined ? context : inNameOf(context, { urn });
  }

  /** Loads the client when there is something to do: a preview, or a run that changes nothing, has no use for it. */
  async #connect(): Promise<Client> {
    if (this.#client !== undefined) return this.#client;
    const module = await import("../../client/client.ts");
    const { signal } = this.#operations;
    const warned = (sentence: string): void => {
      this.#telling = Promise.all([this.#telling, this.#tell(sentence)]);
    };
    this.#client ??= new module.Client({ ...this.#configuration.options(), signal, warned });
    return this.#client;
  }
}

function isCertain(value: unknown): boolean {
  return value !== undefined && value !== UNKNOWN;
}

function logicOf(type: string): ResourceLogic {
  const logic = resources[type];
  if (logic !== undefined) return logic;
  throw new Error(`fungraph has no resource ${type}. It has: ${Object.keys(resources).join(", ")}.`);
}

function found(logic: ResourceLogic, { id, state }: Live<Properties>, secrets: readonly string[]): Found {
  const inputs = Object.keys(logic.schema.inputs.shape).flatMap((name) =>
    state[name] === undefined ? [] : [[name, state[name]] as const],
  );
  return {
    id,
    properties: mark(state, secrets, logic.secrets),
    inputs: mark(Object.fromEntries(inputs), secrets, logic.secrets),
  };
}

/** Marks what came as a secret and what always is one, leaf by leaf. */
function mark(values: Properties, secrets: readonly string[], always: readonly string[]): Marked {
  const leaves = always.flatMap((name) => leavesOf(values[name], name));
  return wrapSecrets({ ...values }, [...new Set([...secrets, ...leaves])]);
}

function leavesOf(value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, `${path}/${key}`));
}

/** A text that something unknown has gone into is unknown. */
function settle(outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      typeof value === "string" && value.includes(UNKNOWN) ? UNKNOWN : value,
    ]),
  );
}
