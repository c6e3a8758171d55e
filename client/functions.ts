import type { FunctionSpec } from "../model/function.ts";
import type { Tag } from "../model/tag.ts";
import type { CodeUpload } from "../model/wire/code.ts";
import { updateCodeToWire } from "../model/wire/code.ts";
import { codeFromWire, functionFromWire, type FunctionReply } from "../model/wire/function.ts";
import { createFunctionToWire, updateConfigToWire } from "../model/wire/function-config.ts";
import { readPages } from "./pages.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** An archive needs longer than a question. */
const CODE_MS = 300_000;

/** Calls about functions. Every `urn` may be one of the short forms, for example the bare name. */
export class Functions {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  /** Creates a function with its code and, at once, its tags. */
  create(spec: FunctionSpec, code: CodeUpload, tags: readonly Tag[] = []): Promise<FunctionReply> {
    const given = tags.length === 0 ? {} : { tags: JSON.stringify(tags) };
    const body = { ...createFunctionToWire(spec, code), ...given };
    const call = { method: "POST", path: this.#paths.functions(), body, timeoutMs: CODE_MS } as const;
    return this.#transport.json(call, functionFromWire);
  }

  /** Configuration and facts about the code of a function or of one of its versions. */
  get(urn: string): Promise<FunctionReply> {
    const path = this.#paths.function(urn, "config");
    return this.#transport.json({ method: "GET", path }, functionFromWire);
  }

  /** Every function of the project. */
  list(): Promise<FunctionReply[]> {
    return readPages(this.#transport, this.#paths.functions(), "functions", functionFromWire);
  }

  /** Replaces the whole configuration; name, package and runtime can never change. */
  updateConfig(urn: string, spec: FunctionSpec): Promise<FunctionReply> {
    const call = { method: "PUT", path: this.#paths.function(urn, "config"), body: updateConfigToWire(spec) };
    return this.#transport.json({ ...call, method: "PUT" }, functionFromWire);
  }

  /** Replaces the code; answers its new digest. */
  async updateCode(urn: string, code: CodeUpload): Promise<string> {
    const path = this.#paths.function(urn, "code");
    const call = { method: "PUT", path, body: updateCodeToWire(code), timeoutMs: CODE_MS } as const;
    const reply = await this.#transport.json(call, codeFromWire);
    return reply.digest;
  }

  /** Deletes the function with all versions, aliases and triggers. */
  async delete(urn: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#paths.function(urn) });
  }
}
