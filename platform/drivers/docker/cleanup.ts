/** What must be undone when a start fails, last first. */
export class Cleanup {
  readonly #steps: (() => Promise<unknown>)[];
  constructor(first: () => Promise<unknown>) {
    this.#steps = [first];
  }
  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }
  async run(): Promise<void> {
    // Why the start failed says more than what could not be undone after it; `recover` finds that by its label.
    for (const step of this.#steps.toReversed()) await step().catch(() => undefined);
  }
}
