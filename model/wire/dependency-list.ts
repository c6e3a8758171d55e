import { z } from "zod";

/** The fields of a function's requests that name its dependencies; older clients send the first. */
export const dependencyListFields = {
  depend_list: z.array(z.string()).nullish(),
  depend_version_list: z.array(z.string()).nullish(),
};

/** The ids that a request names, each once; undefined when it says nothing of dependencies. */
export function readDependencyList(
  body: z.infer<z.ZodObject<typeof dependencyListFields>>,
): readonly string[] | undefined {
  const given = body.depend_version_list ?? body.depend_list;
  return given ? [...new Set(given)] : undefined;
}
