import type { AliasSpec } from "../../model/alias.ts";
import type { FunctionKey } from "./function-key.ts";

/** An alias as it is kept. */
export interface AliasRecord {
  readonly spec: AliasSpec;
  readonly modifiedAt: number;
}

/** Aliases; their names are unique within a function. */
export interface AliasStore {
  create(key: FunctionKey, spec: AliasSpec): AliasRecord;
  find(key: FunctionKey, name: string): AliasRecord | undefined;
  list(key: FunctionKey): AliasRecord[];
  update(key: FunctionKey, spec: AliasSpec): AliasRecord;
  delete(key: FunctionKey, name: string): void;
}
