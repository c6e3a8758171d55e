import type { FunctionKey } from "./function-key.ts";

/** Kinds of what belongs to a function. */
export const PARTS = [
  "version",
  "alias",
  "trigger",
  "test-event",
  "reserved-instances",
  "async-settings",
] as const;
/** Kinds of what belongs to a project. */
export const ASSETS = ["dependency", "facility", "agency"] as const;

/** Something that was made by a declaration. */
export type OwnedThing =
  | {
      readonly kind: (typeof PARTS)[number];
      readonly within: FunctionKey;
      /** Name of a version or alias, the qualifier that settings are of, or the id of the rest. */
      readonly name: string;
    }
  | {
      readonly kind: (typeof ASSETS)[number];
      /** Project. */
      readonly within: string;
      /** Name of an agency, or the id of the rest. */
      readonly name: string;
    };

/** Whose things are: a mark that whoever makes one may leave on it, and that goes with it. */
export interface OwnerStore {
  /** Marks a thing; one that is not there is no fault. */
  put(thing: OwnedThing, owner: string): void;
  find(thing: OwnedThing): string | undefined;
}
