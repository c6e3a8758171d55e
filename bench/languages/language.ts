import type { CodeType, RuntimeFamily } from "../../model/runtimes.ts";

/** An echo function in one language, and what is wanted of it. */
export interface BenchLanguage {
  readonly family: RuntimeFamily;
  /** As the rows call it, for example `Node.js`. */
  readonly name: string;
  readonly handler: string;
  /** Goals for a cold start's median, in ms: half of the time that AWS publishes for its own, and with a warm pool. */
  readonly goalMs: { readonly spawned: number; readonly pooled: number };
  /** Code whose handler answers an HTTP trigger with the request's body. */
  code(): Promise<BenchCode> | BenchCode;
}

export interface BenchCode {
  readonly type: CodeType;
  readonly file: Buffer;
  readonly filename: string;
}
