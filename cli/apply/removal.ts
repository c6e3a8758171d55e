import type { Context } from "../../provider/resource.ts";
import { resources as logics } from "../../provider/resources.ts";
import type { ResourceState, StateFile } from "./state-file.ts";
import { StepError, type Step } from "./step.ts";

/** Deletes resources, those that depend on others first. */
export class Removal {
  readonly #declared: ReadonlySet<string>;
  readonly #context: Context;
  readonly #state: StateFile;
  readonly #report: (step: Step) => void;

  constructor(
    declared: ReadonlySet<string>,
    context: Context,
    state: StateFile,
    report: (step: Step) => void,
  ) {
    this.#declared = declared;
    this.#context = context;
    this.#state = state;
    this.#report = report;
  }

  /** Deletes what was replaced and what is no longer declared. */
  async removeUndeclared(): Promise<void> {
    for (const resource of this.#state.superseded()) await this.#remove(resource, false);
    await this.#removeAll(this.#undeclared());
  }

  /**
   * Deletes the undeclared resources of one type ahead of time.
   * @returns whether there were any
   */
  async removeUndeclaredOf(type: string): Promise<boolean> {
    const gone = this.#undeclared().filter((resource) => resource.type === type);
    for (const resource of gone) await this.removeWithDependents(resource);
    return gone.length > 0;
  }

  /** Deletes a resource after everything that depends on it. Those that are still declared are made anew later. */
  async removeWithDependents(resource: ResourceState): Promise<void> {
    await this.#removeAll(withDependents(resource, this.#state.resources()));
  }

  #undeclared(): ResourceState[] {
    return this.#state.resources().filter((resource) => !this.#declared.has(resource.urn));
  }

  async #removeAll(resources: readonly ResourceState[]): Promise<void> {
    for (const resource of dependentsFirst(resources))
      await this.#remove(resource, !this.#declared.has(resource.urn));
  }

  async #remove(resource: ResourceState, tell: boolean): Promise<void> {
    const began = performance.now();
    const { type, name } = resource;
    try {
      await logics[type]?.delete(this.#context, resource.id, resource.state);
    } catch (error) {
      throw new StepError("deleted", resource, error);
    }
    await this.#state.delete(resource);
    if (tell)
      this.#report({ action: "deleted", type, name, changes: [], milliseconds: performance.now() - began });
  }
}

function withDependents(resource: ResourceState, all: readonly ResourceState[]): ResourceState[] {
  const found = new Set([resource]);
  // A set that grows while it is walked is walked to its end.
  for (const each of found)
    for (const other of all) if (other.dependencies.includes(each.urn)) found.add(other);
  return [...found];
}

function dependentsFirst(resources: readonly ResourceState[]): ResourceState[] {
  const byUrn = new Map(resources.map((each) => [each.urn, each]));
  const ordered = new Set<ResourceState>();
  const visit = (resource: ResourceState): void => {
    if (ordered.has(resource)) return;
    for (const urn of resource.dependencies) {
      const dependency = byUrn.get(urn);
      if (dependency !== undefined) visit(dependency);
    }
    ordered.add(resource);
  };
  resources.forEach(visit);
  return [...ordered].reverse();
}
