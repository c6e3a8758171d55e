/**
 * How much code each project may still have. A project's bytes are counted only when what was let in since the last count might
 * fill its room: until then the sum of both is a bound above them.
 */
export class CodeRoom {
  readonly #count: (projectId: string) => number;
  readonly #bounds = new Map<string, number>();

  /** @param count bytes of all code that a project's records name */
  constructor(count: (projectId: string) => number) {
    this.#count = count;
  }

  /** See `CodeStore.hasRoom`. */
  has(projectId: string, bytes: number, most: number): boolean {
    const bound = this.#bounds.get(projectId);
    if (bound !== undefined && bound + bytes <= most) return true;
    const counted = this.#count(projectId);
    this.#bounds.set(projectId, counted);
    return counted + bytes <= most;
  }

  /** See `CodeStore.takeRoom`. */
  take(projectId: string, bytes: number): void {
    const bound = this.#bounds.get(projectId);
    if (bound !== undefined) this.#bounds.set(projectId, bound + bytes);
  }

  /** Counts anew when next asked: others let in what is not known here. */
  forget(): void {
    this.#bounds.clear();
  }
}
