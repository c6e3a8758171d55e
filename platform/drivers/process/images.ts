import { cpSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGES } from "./languages/index.ts";
import type { Interpreter } from "./languages/language.ts";

/** A copy of the bootstraps that instances share read-only; what is built from them lies beside, and the package stays as it is. */
export class Images {
  readonly path: string;
  readonly #built = new Map<string, Promise<void>>();
  readonly #polished = new Map<string, Promise<unknown>>();

  /** @param from the package's `runtime-images`. @param path where the copy goes */
  constructor(from: string, path: string) {
    for (const { family } of LANGUAGES)
      cpSync(join(from, family), join(path, family), { recursive: true, preserveTimestamps: true });
    this.path = path;
  }

  /**
   * Builds what an interpreter's bootstrap needs, once each.
   * @throws Error that says what is missing; the next start tries again
   */
  async prepare(interpreter: Interpreter): Promise<void> {
    const { family, name } = interpreter;
    const image = join(this.path, family);
    const language = LANGUAGES.find((one) => one.family === family);
    const building = this.#built.get(name) ?? language?.build?.(interpreter, image) ?? Promise.resolve();
    this.#built.set(name, building);
    await building.catch((error: unknown) => {
      this.#built.delete(name);
      throw error;
    });
    if (language?.polish === undefined || this.#polished.has(name)) return;
    // Without it instances start as well, only later.
    const polishing = language.polish(interpreter, image).catch(() => undefined);
    this.#polished.set(name, polishing);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#built.values(), ...this.#polished.values()]);
  }
}
