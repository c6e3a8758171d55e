import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { NewAsyncRequest } from "../store/async-requests.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { Refusal } from "./refusal.ts";

/** What a signature covers. */
interface SignedRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Checks who calls: a signature or a token. */
export interface Verifier {
  /** Undefined when the caller may act in the project; otherwise the answer to give. */
  verify(request: SignedRequest, projectId: string): Refusal | undefined;
}

/** The control plane; answers every request it is given. */
export type ControlPlane = (request: IncomingMessage, response: ServerResponse) => void;

/** The durable queue of asynchronous requests. */
export interface AsyncQueue {
  /** Why nothing more of a function can be taken now; undefined when it can. */
  full(key: FunctionKey): Error | undefined;
  /** Resolves when all requests are durable; undefined when they are on return. Throws or rejects when none of them is kept. */
  accept(requests: readonly NewAsyncRequest[]): Promise<void> | undefined;
}
