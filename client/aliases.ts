import type { AliasSpec } from "../model/alias.ts";
import { aliasReplyFromWire, type AliasReply, aliasToBody } from "../model/wire/alias.ts";
import { readItems } from "./pages.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** Calls about aliases. */
export class Aliases {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  create(urn: string, spec: AliasSpec): Promise<AliasReply> {
    const path = this.#paths.function(urn, "aliases");
    return this.#transport.json({ method: "POST", path, body: aliasToBody(spec) }, aliasReplyFromWire);
  }

  get(urn: string, name: string): Promise<AliasReply> {
    const path = this.#paths.function(urn, "aliases", name);
    return this.#transport.json({ method: "GET", path }, aliasReplyFromWire);
  }

  async list(urn: string): Promise<AliasReply[]> {
    const path = this.#paths.function(urn, "aliases");
    const list = await this.#transport.json({ method: "GET", path }, (body) =>
      readItems(body, aliasReplyFromWire),
    );
    return list.all;
  }

  /** Points the alias of that name elsewhere. */
  update(urn: string, spec: AliasSpec): Promise<AliasReply> {
    const path = this.#paths.function(urn, "aliases", spec.name);
    return this.#transport.json({ method: "PUT", path, body: aliasToBody(spec) }, aliasReplyFromWire);
  }

  async delete(urn: string, name: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#paths.function(urn, "aliases", name) });
  }
}
