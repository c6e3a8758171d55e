import { readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { z } from "zod";
import { IdleTimes } from "./idle-times.ts";
import { Habit, type Warmth } from "./warmth.ts";

/** How often what was learned is written down. */
const EVERY_MS = 300_000;

const schema = z.record(z.string(), z.tuple([z.number(), z.number(), z.string()]));

/** Keeps what was learned in a file, so that a restart does not forget it. What cannot be read is learned anew. */
export class WarmthFile {
  readonly #path: string;
  readonly #warmth: Warmth;
  readonly #problem: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;

  /** Reads the file. @param problem told when it cannot be written */
  constructor(path: string, warmth: Warmth, problem: (error: unknown) => void) {
    this.#path = path;
    this.#warmth = warmth;
    this.#problem = problem;
    for (const [name, [memoryMb, quietSince, times]] of Object.entries(read(path)))
      warmth.know(name, new Habit(memoryMb, IdleTimes.read(times), quietSince));
    this.#timer = setInterval(() => void this.#save(), EVERY_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#save();
  }

  async #save(): Promise<void> {
    const habits = [...this.#warmth.entries()].filter(([, { times }]) => times.total > 0);
    const now = Date.now();
    const rows = habits.map(([name, { memoryMb, quietSince, times }]) => [
      name,
      [memoryMb, Math.round(quietSince === 0 ? now : quietSince), times.save()],
    ]);
    try {
      const next = `${this.#path}.new`;
      await writeFile(next, JSON.stringify(Object.fromEntries(rows)), { mode: 0o600 });
      await rename(next, this.#path);
    } catch (error) {
      this.#problem(error);
    }
  }
}

function read(path: string): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return {};
  }
}
