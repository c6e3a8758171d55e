import type { Acceptance } from "./acceptance.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { Catalog } from "./catalog.ts";
import type { Patience } from "./patience.ts";
import type { Verifier } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import type { Routes } from "./routes.ts";

/** Bounds of single calls. */
export interface CallLimits {
  /** Bytes of a synchronous event. Default 6 MB. */
  readonly requestBytes: number;
  /** Bytes of an asynchronous event. Default 256 KB. */
  readonly asyncRequestBytes: number;
  /** A synchronous caller waits no longer than this. Default 900. */
  readonly synchronousSeconds: number;
}

/** What every request of one gateway finds at hand. */
export interface GatewayRoom {
  readonly catalog: Catalog;
  readonly routes: Routes;
  readonly verifier: Verifier;
  readonly bytes: ByteBudget;
  readonly patience: Patience;
  readonly acceptance: Acceptance;
  readonly limits: CallLimits;
  /** Reports what went wrong inside the platform and says how to answer. */
  failed(error: unknown): Refusal;
}
