import type { FunctionKey } from "./function-key.ts";

/** The key pair with which a function reports to a tracing service. */
export interface TracingKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** Tracing keys by function; secret keys are encrypted at rest. */
export interface TracingStore {
  put(key: FunctionKey, keys: TracingKeys): void;
  find(key: FunctionKey): TracingKeys | undefined;
  delete(key: FunctionKey): void;
}
