/** Archives by their SHA-512, and their unpacked folders. */
export interface CodeStore {
  /** Stores an archive durably under its SHA-512 and unpacks it; the same bytes twice are stored once. */
  put(archive: Buffer): Promise<{ digest: string; size: number }>;
  read(digest: string): Promise<Buffer>;
  /**
   * Folder with the unpacked code, merged with the files of dependencies; makes it again when it is gone.
   * Rejects with ClashError when two of them have different files at one path.
   */
  folder(digest: string, dependencies?: readonly string[]): Promise<string>;
  /** Deletes archives that no record names. */
  collect(): Promise<void>;
  /** Bytes of all archives that records of a project name, each once. */
  totalBytes(projectId: string): number;
  /** Whether a project may have so many bytes more with `most` in all. Changes nothing; quick while there is plenty of room. */
  hasRoom(projectId: string, bytes: number, most: number): boolean;
  /** Has so many bytes count as a project's until it is counted anew; their record is to come. */
  takeRoom(projectId: string, bytes: number): void;
}

/** One path of the merged code that two archives fill differently. */
export interface Clash {
  readonly path: string;
  /** Digests of the archives. */
  readonly first: string;
  readonly second: string;
}

/** Code and dependencies do not fit together. */
export class ClashError extends Error {
  override readonly name = "ClashError";
  readonly clashes: readonly Clash[];

  constructor(clashes: readonly Clash[]) {
    super(`Code and dependencies clash at ${clashes.map((one) => one.path).join(", ")}.`);
    this.clashes = clashes;
  }
}
