import type { OperationId } from "../../model/api/operations.ts";
import type { Limits } from "../../model/limits.ts";
import type { WirePlace } from "../../model/wire/function.ts";
import type { Identities } from "../auth/identities.ts";
import type { Principal } from "../auth/principal.ts";
import type { Store } from "../store/store.ts";
import type { Live } from "./live.ts";

/** What every operation works with. */
export interface ApiContext {
  readonly store: Store;
  readonly identities: Identities;
  readonly limits: Limits;
  /** Region and domain as replies show them. */
  readonly place: WirePlace;
  readonly live: Live;
  /** Seconds without a call after which an instance is released. */
  readonly idleSeconds: number;
}

/** One authenticated call: its project is the caller's own. */
export interface Call {
  /** Nobody where the operation is open to everybody. */
  readonly caller: Principal;
  readonly projectId: string;
  /** Values of the path template, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON: `BodyOf` the operation. For what is Fungraph's own anything, and undefined when the body was empty. */
  readonly body: unknown;
  /** Whose what the call makes is, where the caller says so. */
  readonly owner: string | undefined;
  /** Where HTTP triggers answer, for example `http://127.0.0.1:8080`. */
  readonly publicUrl: string;
}

/** What an operation answers. */
export interface Reply {
  readonly status: number;
  /** Sent as JSON, an archive (Buffer) and JsonPieces as they are; left out when there is none. */
  readonly body?: unknown;
  /** Beside those that every reply has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an operation does. Throws ApiError for what it refuses. */
export type Operation = (call: Call, context: ApiContext) => Reply | Promise<Reply>;

/** The operations of a family, by their names in the operation table. */
export type Operations = Readonly<Partial<Record<OperationId, Operation>>>;

/** A reply with status 200. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** The reply to a deletion. */
export const NO_CONTENT: Reply = { status: 204 };
