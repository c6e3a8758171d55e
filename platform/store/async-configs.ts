import type { FunctionKey } from "./function-key.ts";

/** How asynchronous requests of one version or alias are treated (guide 3.3.7). */
export interface AsyncConfig {
  readonly maxRetries: number;
  readonly maxAgeSeconds: number;
  /** Whether successes are recorded; failures always are. */
  readonly statusLog: boolean;
  readonly onSuccess?: AsyncDestination | undefined;
  readonly onFailure?: AsyncDestination | undefined;
}

/** Who is told how asynchronous requests ended. `param` is the JSON text that named it, given back as it came. */
export type AsyncDestination = FunctionDestination | BucketDestination | TopicDestination;

/** A function of the same project. */
interface FunctionDestination {
  readonly kind: "function";
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly param: string;
}

/** A bucket of the object store; each notification becomes an object. */
interface BucketDestination {
  readonly kind: "bucket";
  readonly bucket: string;
  /** Before the names of its objects; empty for none. */
  readonly prefix: string;
  /** Days after which the object store deletes them; 0: never. */
  readonly days: number;
  readonly param: string;
}

/** A topic of the same project; all its subscribers are told. */
interface TopicDestination {
  readonly kind: "topic";
  readonly topic: string;
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
  /** From now on successes of all functions of the project are recorded, whatever their own settings say. */
  recordAll(projectId: string): void;
  recordsAll(projectId: string): boolean;
}
