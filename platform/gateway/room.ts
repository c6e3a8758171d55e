import type { Acceptance } from "./acceptance.ts";
import type { ByteBudget } from "./byte-budget.ts";
import type { Catalog } from "./catalog.ts";
import type { Patience } from "./patience.ts";
import type { Verifier } from "./ports.ts";
import type { Refusal } from "./refusal.ts";
import type { Routes } from "./routes.ts";

/** What every request of one gateway finds at hand. */
export interface GatewayRoom {
  readonly catalog: Catalog;
  readonly routes: Routes;
  readonly verifier: Verifier;
  readonly bytes: ByteBudget;
  readonly patience: Patience;
  readonly acceptance: Acceptance;
  /** Reports what went wrong inside the platform and says how to answer. */
  failed(error: unknown): Refusal;
}
