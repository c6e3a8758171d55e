/** One committed transaction, as it is applied elsewhere. */
export interface Change {
  /** What SQLite's session extension recorded. */
  readonly changeset: Uint8Array;
  /** The functions that it touched (`keyText`). */
  readonly functionKeys: readonly string[];
}

/** Keeps the changes of a database that has no disk of its own. */
export interface Journal {
  /** Throws StoreUnavailableError when nothing may be changed now. */
  begin(): void;
  /** A transaction was committed here, and is to be kept. */
  committed(change: Change): void;
  /** Grows when something is lost. */
  mark(): number;
  /** Resolves when all that was committed is kept; undefined when it is already. Rejects when some was lost, or was since the mark. */
  settled(mark?: number): Promise<void> | undefined;
}
