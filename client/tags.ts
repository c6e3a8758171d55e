import { z } from "zod";
import { readBody } from "../model/wire/body.ts";
import type { Tag } from "../model/tag.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

const replySchema = z.looseObject({
  tags: z.array(z.looseObject({ key: z.string(), value: z.string().default("") })).default([]),
});

/** Calls about the tags of functions. */
export class Tags {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  /** Values of a function's tags by their keys. */
  async list(urn: string): Promise<ReadonlyMap<string, string>> {
    const call = { method: "GET", path: this.#paths.tags(urn) } as const;
    const reply = await this.#transport.json(call, (body) => readBody(replySchema, body));
    return new Map(reply.tags.map(({ key, value }) => [key, value]));
  }

  /** Sets one tag; a key that is there already gets the new value. */
  async put(urn: string, tag: Tag): Promise<void> {
    const body = { action: "create", tags: [tag] };
    await this.#transport.send({ method: "POST", path: this.#paths.tags(urn, "create"), body });
  }

  /** Takes one tag off, whatever its value; one that is not there is a success. */
  async remove(urn: string, key: string): Promise<void> {
    const body = { action: "delete", tags: [{ key }] };
    await this.#transport.send({ method: "DELETE", path: this.#paths.tags(urn, "delete"), body });
  }
}
