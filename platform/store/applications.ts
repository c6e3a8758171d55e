/** A function or a trigger that belongs to an application. */
export interface ApplicationResource {
  readonly kind: "function" | "trigger";
  /** What the template calls it. */
  readonly name: string;
  /** The function's name; a trigger's is the function that it calls. */
  readonly functionName: string;
  /** Id of the function or the trigger; left out until the application is complete. */
  readonly id?: string;
}

/** Functions and triggers that were made together from a template; its functions are in the package of its name. */
export interface ApplicationRecord {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
  readonly templateId: string;
  /** In the API's own words; one that a crash cut short is a CreateFail. */
  readonly status: "creating" | "success" | "CreateFail";
  readonly resources: readonly ApplicationResource[];
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** Applications; their names are unique within a project. */
export interface ApplicationStore {
  /** Writes down what is about to be made, so that a crash leaves nothing that nobody knows of. */
  begin(draft: Omit<ApplicationRecord, "id" | "status" | "modifiedAt">): ApplicationRecord;
  /** All resources are there. */
  complete(id: string, resources: readonly ApplicationResource[]): void;
  find(projectId: string, id: string): ApplicationRecord | undefined;
  /** By name. */
  list(projectId: string): ApplicationRecord[];
  delete(id: string): void;
}
