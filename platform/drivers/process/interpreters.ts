import type { Runtime, RuntimeFamily } from "../../../model/runtimes.ts";
import { findRuntime, RUNTIMES } from "../../../model/runtimes.ts";
import type { RuntimeAvailability } from "../driver.ts";
import { LANGUAGES } from "./languages/index.ts";
import type { Interpreter, Language } from "./languages/language.ts";

/** Why container images are for other drivers. */
export const NO_IMAGES =
  "The process driver runs no container images. Start the platform with the docker driver, or put the code into an archive.";

/** The interpreters of this machine, looked up once a family. */
export class Interpreters {
  readonly #found = new Map<RuntimeFamily, Promise<readonly Interpreter[]>>();

  /** The interpreter of each runtime that has one. */
  async served(): Promise<ReadonlyMap<Runtime, Interpreter>> {
    const served = new Map<Runtime, Interpreter>();
    for (const runtime of RUNTIMES) {
      const language = languageOf(runtime.family);
      const found = language?.choose(await this.#of(language), runtime.version);
      if (found !== undefined) served.set(runtime, found);
    }
    return served;
  }

  /**
   * The interpreter for a runtime: the very version, else the nearest newer one.
   * @throws Error that says why there is none
   */
  async find(runtime: string): Promise<Interpreter> {
    const row = findRuntime(runtime);
    if (row === undefined) throw new Error(`there is no runtime named ${JSON.stringify(runtime)}`);
    if (row.family === "image") throw new Error(NO_IMAGES);
    const language = languageOf(row.family);
    if (language === undefined)
      throw new Error(
        `The process driver has no bootstrap for ${row.family} runtimes. Choose one of the runtimes that \`fungraph runtimes\` lists.`,
      );
    const found = language.choose(await this.#of(language), row.version);
    if (found === undefined) throw new Error(language.missing(row.version));
    return found;
  }

  /** One row for every runtime of the model. */
  availability(): Promise<readonly RuntimeAvailability[]> {
    return Promise.all(
      RUNTIMES.map(async ({ name, family }) => {
        try {
          const { program, version, launched = program } = await this.find(name);
          return { runtime: name, family, available: true, detail: `${launched} (version ${version})` };
        } catch (error) {
          return { runtime: name, family, available: false, detail: (error as Error).message };
        }
      }),
    );
  }

  #of(language: Language): Promise<readonly Interpreter[]> {
    const known = this.#found.get(language.family) ?? language.find();
    this.#found.set(language.family, known);
    return known;
  }
}

function languageOf(family: RuntimeFamily): Language | undefined {
  return LANGUAGES.find((language) => language.family === family);
}
