import { z } from "zod";
import { readBody } from "../model/wire/body.ts";
import type { Transport } from "./transport.ts";

const requestSchema = z.looseObject({
  request_id: z.string(),
  /** Name of a function, `bucket:<name>` or `topic:<name>`. */
  target: z.string(),
  /** FAIL, or DISCARD for what was cancelled, grew too old or went in a circle. */
  status: z.string(),
  attempts: z.number(),
  event_bytes: z.number(),
  error_code: z.number(),
  error_message: z.string(),
  start_time: z.string(),
});
const listSchema = z.looseObject({ requests: z.array(requestSchema), count: z.number() });
const countSchema = z.looseObject({ count: z.number() });

/** An asynchronous request that failed for good, as the platform tells of it. */
export type DeadRequest = z.infer<typeof requestSchema>;

/** Which are meant: those of a target (`*`: of all), one by its id, or both. */
export interface DeadSelection {
  readonly target?: string | undefined;
  readonly id?: string | undefined;
}

const PATH = "/fungraph/v1/dead-requests";

/** Calls about asynchronous requests that failed for good. */
export class DeadRequests {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The newest of them, at most 500, and how many there are in all. */
  async list(
    { target, id }: DeadSelection,
    limit: number,
  ): Promise<{ readonly requests: DeadRequest[]; readonly count: number }> {
    const call = { method: "GET", path: PATH, query: { target, request_id: id, limit } } as const;
    return this.#transport.json(call, (body) => readBody(listSchema, body));
  }

  /** Has them run once more; answers how many. */
  async redrive({ target, id }: DeadSelection): Promise<number> {
    const body = { target, request_id: id };
    const call = { method: "POST", path: `${PATH}/redrive`, body } as const;
    return (await this.#transport.json(call, (answer) => readBody(countSchema, answer))).count;
  }

  /** Forgets them; answers how many. */
  async purge({ target, id }: DeadSelection): Promise<number> {
    const call = { method: "DELETE", path: PATH, query: { target, request_id: id } } as const;
    return (await this.#transport.json(call, (body) => readBody(countSchema, body))).count;
  }
}
