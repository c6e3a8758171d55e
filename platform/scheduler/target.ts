import type { FunctionSpec } from "../../model/function.ts";

/** What an instance is made for: one version of a function with one memory size. */
export interface Target {
  /** Unique for function revision, version and memory; instances are pooled by it. Changes when code or configuration changes. */
  readonly key: string;
  /** Same for all versions and revisions of one function: `<project>/<package>/<name>`. */
  readonly functionKey: string;
  readonly projectId: string;
  readonly region: string;
  readonly version: string;
  readonly spec: FunctionSpec;
  readonly memoryMb: number;
  /** SHA-512 of the code's own archive. */
  readonly digest: string;
  /** Folder with the unpacked, read-only code, merged with its dependencies. */
  readonly codeDir: string;
}
