import type { DependencySpec, DependencyVersion } from "../../model/dependency.ts";

/** A dependency and the facts of its newest version. */
export type DependencyDraft = Pick<DependencyVersion, "owner" | "spec" | "digest" | "etag" | "size">;

/** Dependencies with their versions. A dependency goes with its last version (guide 3.9). */
export interface DependencyStore {
  /** Adds a version to the owner's dependency of that name; the first makes the dependency. */
  publish(draft: DependencyDraft): DependencyVersion;
  /** The newest version of a dependency, by the dependency's id. */
  find(dependencyId: string): DependencyVersion | undefined;
  /** The newest version of a dependency, by its owner and name. */
  named(owner: string, name: DependencySpec["name"]): DependencyVersion | undefined;
  /** The newest version of each dependency of the owners, by name. */
  list(owners: readonly string[]): DependencyVersion[];
  /** Newest first. */
  versions(dependencyId: string): DependencyVersion[];
  /** A version, by its own id. */
  version(id: string): DependencyVersion | undefined;
  rename(dependencyId: string, name: string): void;
  /** Functions (`keyText`) of which some version uses one of these versions, in order. */
  users(versionIds: readonly string[]): string[];
  /** Deletes versions by their ids, and dependencies that have none left. */
  delete(versionIds: readonly string[]): void;
}
