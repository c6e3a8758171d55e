import { randomBytes } from "node:crypto";

import type { AccessStore, Project } from "../store/access.ts";

/** Every project in memory. */
export class Projects {
  readonly #store: Pick<AccessStore, "listProjects" | "createProject">;
  readonly #byId = new Map<string, Project>();

  constructor(store: Pick<AccessStore, "listProjects" | "createProject">) {
    this.#store = store;
    this.read();
  }

  /** Reads anew what another process may have changed; projects stay for good. */
  read(): void {
    for (const project of this.#store.listProjects()) this.#byId.set(project.id, project);
  }

  /** By id or by name. */
  find(idOrName: string): Project | undefined {
    return this.#byId.get(idOrName) ?? this.list().find(({ name }) => name === idOrName);
  }

  list(): Project[] {
    return [...this.#byId.values()];
  }

  /** Throws ConflictError for a taken name. */
  create(name: string): Project {
    const project = { id: randomBytes(16).toString("hex"), name };
    this.#store.createProject(project);
    this.#byId.set(project.id, project);
    return project;
  }
}
