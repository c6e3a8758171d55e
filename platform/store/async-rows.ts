import type { AsyncRecord, AsyncStatus } from "./async-records.ts";
import type { DeadQuery, DeadRequest } from "./dead-requests.ts";
import { keyText, parseKeyText } from "./function-key.ts";

/** How both databases write an asynchronous request's status; the numbers are in their tables and never change. */
export const STATUS = { waiting: 0, running: 1, success: 2, failed: 3, discarded: 4 } as const;

const STATUSES = Object.keys(STATUS) as AsyncStatus[];

/** An asynchronous request as both databases answer it, without its event. */
export interface RecordRow {
  readonly id: string;
  readonly qualifier: string;
  readonly status: number;
  readonly accepted_at: number;
  readonly finished_at: number | null;
  readonly error_code: number | null;
  readonly error_message: string | null;
}

/** A dead request as both databases answer it. */
export interface DeadRow extends RecordRow {
  readonly function_key: string;
  readonly attempts: number;
  readonly size: number;
}

/** What a row says. */
export function readRecord(row: RecordRow): AsyncRecord {
  return {
    id: row.id,
    qualifier: row.qualifier,
    status: STATUSES[row.status] ?? "failed",
    acceptedAt: row.accepted_at,
    finishedAt: row.finished_at ?? undefined,
    errorCode: row.error_code ?? undefined,
    errorMessage: row.error_message ?? undefined,
  };
}

/** What a row of a dead request says. */
export function readDead(row: DeadRow): DeadRequest {
  const { attempts, size } = row;
  return { ...readRecord(row), key: parseKeyText(row.function_key), attempts, size };
}

/**
 * The function keys (`keyText`) that a query means: from `first` on, before `last`. Behind a key comes only itself; behind a project's slash
 * come all its keys, up to the character after the slash.
 */
export function keyRange({ projectId, key }: DeadQuery): { readonly first: string; readonly last: string } {
  const first = key === undefined ? `${projectId}/` : keyText(key);
  return { first, last: key === undefined ? `${projectId}0` : `${first} ` };
}
