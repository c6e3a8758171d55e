import { functionFromWire, type FunctionReply } from "../model/wire/function.ts";
import { type PublishRequest, publishToWire } from "../model/wire/version.ts";
import { readPages } from "./pages.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** Calls about published versions. */
export class Versions {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  /** Publishes `latest`; without a name the platform makes one of the time. */
  publish(urn: string, request: Partial<PublishRequest>): Promise<FunctionReply> {
    const path = this.#paths.function(urn, "versions");
    return this.#transport.json({ method: "POST", path, body: publishToWire(request) }, functionFromWire);
  }

  /** Every version of a function, `latest` among them. */
  list(urn: string): Promise<FunctionReply[]> {
    return readPages(this.#transport, this.#paths.function(urn, "versions"), "versions", functionFromWire);
  }

  /** Deletes one version with the aliases that name it; `versionUrn` ends with the version's name. */
  async delete(versionUrn: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#paths.function(versionUrn) });
  }
}
