import { z } from "zod";
import { readBody } from "../model/wire/body.ts";
import { readPages } from "./pages.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** A saved event that a function is tried with (guide 3.4). */
export interface SavedEvent {
  readonly id: string;
  readonly name: string;
  /** Base64 of the JSON event text; empty where a list left it out. */
  readonly content: string;
}

const schema = z.looseObject({ id: z.string(), name: z.string(), content: z.string().default("") });

/** Calls about test events. */
export class TestEvents {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  /** Saves an event; `content` is the Base64 of its JSON text. */
  create(urn: string, name: string, content: string): Promise<SavedEvent> {
    const path = this.#paths.function(urn, "events");
    return this.#transport.json({ method: "POST", path, body: { name, content } }, readEvent);
  }

  get(urn: string, id: string): Promise<SavedEvent> {
    return this.#transport.json({ method: "GET", path: this.#paths.function(urn, "events", id) }, readEvent);
  }

  list(urn: string): Promise<SavedEvent[]> {
    return readPages(this.#transport, this.#paths.function(urn, "events"), "events", readEvent);
  }

  async update(urn: string, id: string, content: string): Promise<void> {
    const path = this.#paths.function(urn, "events", id);
    await this.#transport.send({ method: "PUT", path, body: { content } });
  }

  async delete(urn: string, id: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#paths.function(urn, "events", id) });
  }
}

function readEvent(body: unknown): SavedEvent | ReturnType<typeof readBody<SavedEvent>> {
  return readBody(schema, body);
}
