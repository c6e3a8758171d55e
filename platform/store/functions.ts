import type { DependencyVersion } from "../../model/dependency.ts";
import type { CodeSpec, FunctionSpec } from "../../model/function.ts";
import type { FunctionKey } from "./function-key.ts";

/** One version's snapshot; `latest` is the one that changes. */
export interface FunctionRecord {
  readonly key: FunctionKey;
  /** UUID, for `resource_id`. */
  readonly id: string;
  /** `latest` or the published name. */
  readonly version: string;
  readonly versionDescription: string;
  readonly spec: FunctionSpec;
  readonly code: CodeSpec;
  /** The versions that `spec.dependencies` names, in its order. */
  readonly dependencies: readonly DependencyVersion[];
  /** Grows by one with every change of this record. */
  readonly revision: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Which functions of a project are asked for; what is left out does not narrow. */
export interface FunctionQuery {
  readonly package?: string | undefined;
  /** Part of the name, in its own case. */
  readonly namePart?: string | undefined;
  readonly offset?: number;
  readonly limit?: number;
}

/** Some `latest` records, and how many there are in all. */
export interface FunctionPage {
  readonly records: readonly FunctionRecord[];
  readonly count: number;
}

/** Functions with their `latest` version. */
export interface FunctionStore {
  create(
    record: Omit<
      FunctionRecord,
      "revision" | "createdAt" | "modifiedAt" | "id" | "version" | "versionDescription" | "dependencies"
    >,
  ): FunctionRecord;
  /** The `latest` record. */
  find(key: FunctionKey): FunctionRecord | undefined;
  list(projectId: string): readonly FunctionRecord[];
  /** A part of the list; a record that did not change since is the same object again. */
  page(projectId: string, query: FunctionQuery): FunctionPage;
  count(projectId: string): number;
  update(
    key: FunctionKey,
    revision: number,
    change: { spec?: FunctionSpec; code?: CodeSpec },
  ): FunctionRecord;
  /** Pinned functions come first in lists. */
  pin(key: FunctionKey, pinned: boolean): void;
  /** Deletes the function with versions, aliases, triggers, test events and queued requests. */
  delete(key: FunctionKey): void;
}

/** Published versions. */
export interface VersionStore {
  publish(key: FunctionKey, version: string, description: string): FunctionRecord;
  find(key: FunctionKey, version: string): FunctionRecord | undefined;
  /** `latest` first, then newest first. */
  list(key: FunctionKey): FunctionRecord[];
  /** Deletes the version, the aliases that name it, and the triggers of both. */
  delete(key: FunctionKey, version: string): void;
}
