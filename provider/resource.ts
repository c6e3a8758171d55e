import type { z } from "zod";
import type { Client } from "../client/client.ts";
import type { Fault } from "../model/fault.ts";
import type { CodeSource } from "./code-source.ts";

/** Plain JSON values by name, as a driver keeps and hands them on. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a driver lends to the logic of a resource. */
export interface Context {
  readonly client: Client;
  /** Whose what is created is, for a run that comes after an interrupted one; undefined leaves it unsaid. */
  readonly owner?: string | undefined;
  /** The bytes of a code archive; `path` is the `codeArchive` of a function, relative to the program's folder. */
  readArchive(path: string): Promise<Buffer>;
}

/** A platform's own names, for predicting what it will answer. */
export interface Place {
  readonly region: string;
  readonly projectId: string;
}

export interface Change {
  /** Name of the property, with the key behind a dot for maps: `environment.TEXT`. */
  readonly property: string;
  /** `replace` when the resource has to be made anew for it. */
  readonly kind: "update" | "replace";
}

export interface Diff {
  /** Sorted by property; empty when nothing changed. */
  readonly changes: readonly Change[];
  /** Properties that force a replacement. */
  readonly replace: readonly string[];
  /** True when the old one has to go before the new one can come, because both would have the same name. */
  readonly deleteBeforeReplace: boolean;
}

/** What a resource is on the platform: its id and everything known about it, inputs and outputs together. */
export interface Live<State> {
  readonly id: string;
  readonly state: State;
}

/**
 * What can be done with one kind of resource. Plain functions over the API's client, driven by `fungraph dev` and by
 * Pulumi's engine alike.
 *
 * States hold the inputs and the outputs of a resource side by side. Values that only the platform can tell are
 * `UNKNOWN` in a preview; `check` and `diff` take them, the rest does not. Errors are ApiError, with the platform's own
 * words, or RefusedError; neither ever shows a secret.
 */
export interface ResourceLogic<Inputs = Properties, State = Properties> {
  /** What the resource is, in one sentence for the reader of the package's schema. */
  readonly about: string;
  /** True of what is not on a platform, but what platforms are made of: it is given no client. Default false. */
  readonly apart?: boolean;
  /** What a declaration may say and what the resource answers, with words for the reader. */
  readonly schema: { readonly inputs: z.ZodObject; readonly outputs: z.ZodObject };
  /** Inputs that cannot change on a living resource. */
  readonly fixed: readonly string[];
  /** Inputs that a driver has to keep encrypted or as fingerprints. */
  readonly secrets: readonly string[];
  /** How its code is packed for a program that only names it; undefined for what has no code. */
  readonly source?: CodeSource;
  /** Fills defaults and lists all faults at once. Inputs with faults are not to be applied. */
  check(given: Properties): { readonly inputs: Inputs; readonly faults: Fault[] };
  /** What changes from one declaration to the next; needs no platform. Values kept as fingerprints are compared as such. */
  diff(old: Properties, next: Properties): Diff;
  /** Outputs as far as they are certain without the platform; the rest is `UNKNOWN`. */
  predict(inputs: Inputs, place: Place, old?: State): Properties;
  /**
   * Makes the resource. Called again after an interrupted run it takes over what that run made, when it is the same.
   * A function whose `owner` is the context's own is taken over whatever it is, as long as nothing was built on it.
   * Throws RefusedError when a different thing has the name already.
   */
  create(context: Context, inputs: Inputs): Promise<Live<State>>;
  /**
   * What is there now; undefined when it is gone. Secrets that the platform does not show are taken from `known`, which
   * is empty when a resource is imported: then the id says all, and the one that is answered is the one to keep.
   */
  read(context: Context, id: string, known: Partial<State>): Promise<Live<State> | undefined>;
  /** Changes what differs between the declarations, and nothing else. */
  update(context: Context, id: string, old: State, next: Inputs): Promise<State>;
  /** Deletes the resource; one that is gone already is a success. */
  delete(context: Context, id: string, state: State): Promise<void>;
}

/** The platform has something else under the name of a declared resource. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}
