import { isMissing } from "../client/api-error.ts";

/** What the work answers; undefined when the platform has no such thing (any more). */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
