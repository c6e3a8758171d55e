import { Engine, EngineError } from "../../../platform/drivers/docker/engine.ts";

/** Properties as @pulumi/docker names them. */
export type Values = Readonly<Record<string, unknown>>;

/** One kind of resource of the docker plugin's test double. */
export interface DockerResource {
  /** Properties that a living resource can change. */
  readonly updatable: readonly string[];
  create(inputs: Values): Promise<string>;
  /** What may have changed by other hands; undefined when the resource is gone. */
  read(id: string, state: Values): Promise<Values | undefined>;
  update(id: string, inputs: Values): Promise<void>;
  delete(id: string, state: Values): Promise<void>;
}

/** The engine of DOCKER_HOST. */
export const engine = new Engine();

/** The engine's answer; undefined when it has no such thing. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  });
}

/** `[{ label, value }]` as the engine takes it. */
export function labelsOf(inputs: Values): Record<string, string> {
  const labels = (inputs["labels"] ?? []) as { label: string; value: string }[];
  return Object.fromEntries(labels.map(({ label, value }) => [label, value]));
}
