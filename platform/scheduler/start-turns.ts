/** A start that takes longer waits for something else than a processor, and gives its place away. */
const PATIENCE_MS = 500;

type Begin = () => void;

/** Lets instances start a few at a time, the functions in turn: one that wants many does not hold up one that wants its first. */
export class StartTurns {
  readonly #places: number;
  /** Starts that wait, by function; the function whose turn is next comes first. */
  readonly #waiting = new Map<string, Begin[]>();
  #taken = 0;

  /** @param places starts at the same time */
  constructor(places: number) {
    this.#places = places;
  }

  /** Runs a start of a function when its turn has come. */
  async run<T>(functionKey: string, start: () => Promise<T>): Promise<T> {
    if (this.#taken < this.#places) this.#taken += 1;
    else await this.#wait(functionKey);
    let held = true;
    const leave = (): void => {
      if (held) this.#next();
      held = false;
    };
    const timer = setTimeout(leave, PATIENCE_MS).unref();
    try {
      return await start();
    } finally {
      clearTimeout(timer);
      leave();
    }
  }

  #wait(functionKey: string): Promise<void> {
    return new Promise((begin) => {
      const line = this.#waiting.get(functionKey);
      if (line === undefined) this.#waiting.set(functionKey, [begin]);
      else line.push(begin);
    });
  }

  /** Hands a place on; the function that had its turn goes to the end. */
  #next(): void {
    for (const [functionKey, line] of this.#waiting) {
      const begin = line.shift();
      this.#waiting.delete(functionKey);
      if (line.length > 0) this.#waiting.set(functionKey, line);
      if (begin !== undefined) return begin();
    }
    this.#taken -= 1;
  }
}
