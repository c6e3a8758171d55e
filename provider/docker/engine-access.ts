import { z } from "zod";
import type { Engine } from "../../platform/drivers/docker/engine.ts";
import { RefusedError } from "../resource.ts";

/*
 * The one place where the provider reaches into the platform's rooms: what is made on a Docker Engine is made by the code that the
 * platform itself and `fungraph images build` use. Loaded when it is needed, since most stacks have no use for it.
 */

/** The input `host` of what is on an engine. */
export const engineHost = z
  .string()
  .optional()
  .describe("The engine as in DOCKER_HOST, which says it where this is left out.");

/** @param host as in DOCKER_HOST; undefined: DOCKER_HOST. Rejects with RefusedError when the engine cannot be reached, or refuses. */
export async function withEngine<T>(
  host: string | undefined,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { Engine } = await import("../../platform/drivers/docker/engine.ts");
  let engine: Engine | undefined;
  try {
    engine = new Engine(host);
    return await work(engine);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
      throw error;
    throw error instanceof RefusedError
      ? error
      : new RefusedError((error as Error).message, { cause: error });
  } finally {
    engine?.close();
  }
}

/** The engine's answer; undefined when it has no such thing. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if ((error as { status?: number }).status === 404) return undefined;
    throw error;
  }
}
