/** The version name that always means the newest code and configuration. */
export const LATEST = "latest";

/** A published version: an immutable snapshot of code and configuration (guide 3.3.9). */
export interface VersionSpec {
  /** Own name, or `vYYYYMMDD-HHMMSS` when none is given. */
  readonly name: string;
  readonly description: string;
}
