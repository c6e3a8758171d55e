import type { FunctionKey } from "./function-key.ts";

/** A test event as it is kept. */
export interface TestEventRecord {
  readonly id: string;
  readonly name: string;
  /** Base64 of the JSON event text, as the API carries it. */
  readonly content: string;
  readonly modifiedAt: number;
}

/** Test events; their names are unique within a function. */
export interface TestEventStore {
  create(key: FunctionKey, name: string, content: string): TestEventRecord;
  find(key: FunctionKey, id: string): TestEventRecord | undefined;
  list(key: FunctionKey): TestEventRecord[];
  update(key: FunctionKey, id: string, content: string): TestEventRecord;
  delete(key: FunctionKey, id: string): void;
}
