import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../exit.ts";

const NAME = "expect.json";
const Headers = z.record(z.string(), z.string());
const Call = z.strictObject({ function: z.string(), event: z.unknown(), qualifier: z.string().optional() });

const HttpCall = z.strictObject({
  /** Name of the HTTP trigger. */
  trigger: z.string(),
  method: z.string().optional(),
  /** Put behind the trigger's own address, for example `?width=100`. */
  path: z.string().default(""),
  headers: Headers.default({}),
  body: z.string().optional(),
  /** Relative to the example's folder. */
  bodyFile: z.string().optional(),
});

const Expected = z.strictObject({
  status: z.int().optional(),
  headers: Headers.optional(),
  /** SHA-256 of the body, hex. */
  sha256: z.string().optional(),
  minBytes: z.int().optional(),
  bodyContains: z.string().optional(),
  /** The function's result, as JSON. */
  result: z.unknown().optional(),
  resultContains: z.string().optional(),
  /** True when the function is to fail. */
  failed: z.boolean().optional(),
  logContains: z.string().optional(),
  /** How long to wait for the log. Default 10. */
  withinSeconds: z.number().positive().default(10),
});
/** What an answer must be; what is left out is not looked at. */
export type Expected = z.infer<typeof Expected>;

const StepShape = z.strictObject({
  name: z.string(),
  http: HttpCall.optional(),
  invoke: Call.optional(),
  invokeAsync: Call.optional(),
  expect: Expected,
  /** File that the answer's body is saved in, relative to the example's folder. */
  save: z.string().optional(),
});
const TryStep = StepShape.refine(
  (step) => [step.http, step.invoke, step.invokeAsync].filter((call) => call !== undefined).length === 1,
  { error: 'a step has exactly one of "http", "invoke" and "invokeAsync"' },
);
/** One request and what it must be answered with. */
export type TryStep = z.infer<typeof TryStep>;

const File = z.strictObject({ steps: z.array(TryStep).min(1) });

/**
 * Reads what a program's functions must answer, from expect.json in its folder.
 * @throws UserError when there is no such file, or when it is not well-formed
 */
export async function readExpectations(folder: string): Promise<readonly TryStep[]> {
  const text = await readFile(join(folder, NAME), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new UserError(
      `--try sends what ${NAME} in the program's folder says, but there is no such file. Write one, or leave out --try.`,
    );
  });
  try {
    return File.parse(JSON.parse(text)).steps;
  } catch (error) {
    throw new UserError(
      `${NAME} cannot be used: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`,
    );
  }
}
