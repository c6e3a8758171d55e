import { z } from "zod";
import type { DependencySpec } from "../model/dependency.ts";
import type { Fault } from "../model/fault.ts";
import { readBody } from "../model/wire/body.ts";
import { readPages } from "./pages.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** An archive needs longer than a question. */
const CODE_MS = 300_000;

/** One version of a dependency, as a client reads it. */
export interface PublishedDependency {
  /** What functions name. */
  readonly id: string;
  readonly dependencyId: string;
  readonly version: number;
  readonly spec: DependencySpec;
  /** MD5 of the archive, hex. */
  readonly etag: string;
  /** Bytes of the archive. */
  readonly size: number;
}

const schema = z.looseObject({
  id: z.string(),
  dep_id: z.string(),
  version: z.number(),
  name: z.string(),
  runtime: z.string(),
  description: z.string().nullish(),
  etag: z.string(),
  size: z.number(),
});

/** Calls about the project's own dependencies (guide 3.9). */
export class Dependencies {
  readonly #transport: Transport;
  readonly #root: string;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#root = paths.dependencies();
  }

  /** Publishes the next version of the dependency of that name; the first makes the dependency. */
  publish(spec: DependencySpec, archive: Buffer): Promise<PublishedDependency> {
    const body = { ...spec, depend_type: "zip", depend_file: archive.toString("base64") };
    const call = { method: "POST", path: `${this.#root}/version`, body, timeoutMs: CODE_MS } as const;
    return this.#transport.json(call, fromWire);
  }

  get(dependencyId: string, version: number): Promise<PublishedDependency> {
    return this.#transport.json({ method: "GET", path: this.#version(dependencyId, version) }, fromWire);
  }

  /** The newest version of the project's dependency of that name; undefined when there is none. */
  async newest(name: string): Promise<PublishedDependency | undefined> {
    const all = await readPages(this.#transport, this.#root, "dependencies", fromWire);
    const id = all.find((one) => one.spec.name === name)?.dependencyId;
    if (id === undefined) return undefined;
    const versions = await readPages(
      this.#transport,
      `${this.#root}/${encodeURIComponent(id)}/version`,
      "dependencies",
      fromWire,
    );
    return versions.sort((a, b) => b.version - a.version)[0];
  }

  /** Refused while a function, or a published version of one, uses it (FSS.1033). */
  async delete(dependencyId: string, version: number): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#version(dependencyId, version) });
  }

  #version(dependencyId: string, version: number): string {
    return `${this.#root}/${encodeURIComponent(dependencyId)}/version/${version}`;
  }
}

function fromWire(body: unknown): PublishedDependency | Fault[] {
  const read = readBody(schema, body);
  if (Array.isArray(read)) return read;
  const { id, dep_id: dependencyId, version, name, runtime, etag, size } = read;
  const spec = { name, runtime, description: read.description ?? "" };
  return { id, dependencyId, version, spec, etag, size };
}
