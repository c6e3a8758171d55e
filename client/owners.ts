import { z } from "zod";
import { readBody } from "../model/wire/body.ts";
import { isMissing } from "./api-error.ts";
import type { Transport } from "./transport.ts";

const schema = z.looseObject({ owner: z.string().optional() });

/** Something that may carry a mark of whoever made it. */
export interface Owned {
  readonly kind:
    | "version"
    | "alias"
    | "trigger"
    | "test-event"
    | "reserved-instances"
    | "async-settings"
    | "dependency"
    | "facility"
    | "agency";
  /** URN of the function that it belongs to; left out for what belongs to the project. */
  readonly target?: string;
  /** Name of a version, an alias or an agency; for settings `latest`, a version or `!alias`; the id of the rest. */
  readonly name: string;
}

/** Calls about whose things are: the mark that a client with an `owner` leaves on all that it makes. */
export class Owners {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Undefined where nobody left a mark, and on a platform that keeps none. */
  async find({ kind, target, name }: Owned): Promise<string | undefined> {
    const call = { method: "GET", path: "/fungraph/v1/owner", query: { kind, target, name } } as const;
    try {
      return (await this.#transport.json(call, (body) => readBody(schema, body))).owner;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}
