import type { Tag } from "../../model/tag.ts";
import type { FunctionKey } from "./function-key.ts";

/** A function with its tags. */
export interface TaggedFunction {
  readonly key: FunctionKey;
  /** By key. */
  readonly tags: readonly Tag[];
}

/** Tags of functions; they go with their function. */
export interface TagStore {
  /** Sets tags; other keys stay. */
  put(key: FunctionKey, tags: readonly Tag[]): void;
  remove(key: FunctionKey, keys: readonly string[]): void;
  /** By key. */
  list(key: FunctionKey): Tag[];
  /** Every function of the project, those without tags too, by package and name. */
  all(projectId: string): TaggedFunction[];
}
