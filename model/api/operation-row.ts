import type { Access } from "./access.ts";
import type { Notation } from "./notation.ts";

/** One operation of the control plane. */
export interface OperationRow {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path template; its parameters are texts unless `parameters` says more. */
  readonly path: string;
  readonly access: Access;
  readonly parameters?: Readonly<Record<string, Notation>>;
  readonly query?: Readonly<Record<string, Notation>>;
  /** Headers that mean something to this operation; Content-Type and signatures are everybody's. */
  readonly headers?: Readonly<Record<string, Notation>>;
  /** Type of the request body; left out where there is none. */
  readonly body?: Notation;
  /** What the body may carry beside settings, which decides how large it may be. */
  readonly carries?: "event" | "code";
  /** Type of the reply; left out where the reply is empty. */
  readonly reply?: Notation;
  /** Status of success. */
  readonly status: 200 | 201 | 202 | 204;
  readonly summary: string;
  /** Where the cloud's meaning does not exist here: what the platform does instead. */
  readonly offCloud?: string;
  /** Name that older SDKs have for the operation. */
  readonly formerly?: string;
  /** Beyond today's SDK: called by Terraform, by older SDKs, or a call to another service that clients make on their way. */
  readonly extra?: "terraform" | "former" | "companion";
}

export type OperationTable = Readonly<Record<string, OperationRow>>;
