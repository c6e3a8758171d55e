import type { FunctionKey } from "./function-key.ts";

/** How asynchronous requests of one version or alias are treated (guide 3.3.7). */
export interface AsyncConfig {
  readonly maxRetries: number;
  readonly maxAgeSeconds: number;
  readonly statusLog: boolean;
  readonly onSuccess?: AsyncDestination | undefined;
  readonly onFailure?: AsyncDestination | undefined;
}

/** The function that is told how asynchronous requests ended. */
export interface AsyncDestination {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  /** The JSON text that named it, given back as it came. */
  readonly param: string;
}

/** Settings for asynchronous calls as they are kept. */
export interface AsyncConfigRecord {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly config: AsyncConfig;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Settings for asynchronous calls, by version name or `!alias`. */
export interface AsyncConfigStore {
  put(key: FunctionKey, qualifier: string, config: AsyncConfig): AsyncConfigRecord;
  find(key: FunctionKey, qualifier: string): AsyncConfigRecord | undefined;
  list(key: FunctionKey): AsyncConfigRecord[];
  delete(key: FunctionKey, qualifier: string): void;
}
