import { env } from "node:process";
import { findRuntime, RUNTIMES } from "../../../model/runtimes.ts";
import type { RuntimeAvailability } from "../driver.ts";
import { EngineError, type Engine } from "./engine.ts";

/** First part of the names of runtime images, unless told otherwise. */
export const REPOSITORY = "fungraph";
/** The runtime that an image was built for; `fungraph images build` sets it. */
export const RUNTIME_LABEL = "fungraph.runtime";
/** What that label says of the image with the fonts. */
export const FONTS = "fonts";
/** What it says of the image that gateways of VPCs run in. */
export const GATEWAY = "gateway";
/** Names a folder of the image that the `prepare.sh` beside it fills. */
const PREPARED_LABEL = "fungraph.prepared";
const GB = 1024 ** 3;
/** Guide 3.2.4. */
const MOST_GB = 2;

/** First part of the names of runtime images: FUNGRAPH_IMAGES, else `fungraph`. */
export function imageRepository(): string {
  return env["FUNGRAPH_IMAGES"] ?? REPOSITORY;
}

interface Listed {
  readonly Id: string;
  readonly Created: number;
  readonly RepoTags: readonly string[] | null;
  readonly Labels: Readonly<Record<string, string>> | null;
}

interface Inspected {
  readonly Id: string;
  readonly Os: string;
  readonly Architecture: string;
  readonly Size: number;
}

/** An image that instances of a runtime are made of. */
export interface RuntimeImage {
  readonly id: string;
  readonly name: string;
  /** Folder in it for what makes starts faster and is made once for each image (preparation.ts). */
  readonly prepared?: string;
}

/** The images that an engine has. */
export class Images {
  readonly #engine: Engine;
  readonly #repository: string;

  /** @param repository first part of the names of runtime images */
  constructor(engine: Engine, repository: string) {
    this.#engine = engine;
    this.#repository = repository;
  }

  /**
   * The newest image built for a runtime.
   * @throws Error that says why there is none and what to type
   */
  async ofRuntime(runtime: string): Promise<RuntimeImage> {
    const row = findRuntime(runtime);
    if (row === undefined) throw new Error(`there is no runtime named ${JSON.stringify(runtime)}`);
    const image = (await this.#built()).get(runtime);
    if (image === undefined) throw new Error(noImage(runtime));
    return image;
  }

  /** The newest image with the fonts; undefined when none was built. */
  async ofFonts(): Promise<RuntimeImage | undefined> {
    return (await this.#built()).get(FONTS);
  }

  /**
   * The newest image for gateways of VPCs.
   * @throws Error that says what to type when there is none
   */
  async ofGateways(): Promise<RuntimeImage> {
    const image = (await this.#built()).get(GATEWAY);
    if (image === undefined) throw new Error(noImage(GATEWAY));
    return image;
  }

  /** One row for every runtime of the model. */
  async availability(): Promise<readonly RuntimeAvailability[]> {
    const built = await this.#built();
    return RUNTIMES.map(({ name, family }) => {
      const image = built.get(name);
      if (family === "image")
        return { runtime: name, family, available: true, detail: "any linux/amd64 image up to 2 GB" };
      if (image === undefined) return { runtime: name, family, available: false, detail: noImage(name) };
      return { runtime: name, family, available: true, detail: `image ${image.name}` };
    });
  }

  /**
   * The id of a user's own image; pulls it when the engine has it not.
   * @throws Error that says why it cannot run (guide 3.2.4: linux, x86-64, at most 2 GB)
   */
  async ofUser(reference: string): Promise<string> {
    const image = await this.#inspect(reference).catch(async (error: unknown) => {
      if (!(error instanceof EngineError) || error.status !== 404) throw error;
      await this.#pull(reference);
      return this.#inspect(reference);
    });
    const faults = faultsOf(image);
    if (faults.length > 0) throw new Error(`the image ${reference} cannot run here: ${faults.join(" ")}`);
    return image.Id;
  }

  async #built(): Promise<ReadonlyMap<string, RuntimeImage>> {
    const filters = encodeURIComponent(JSON.stringify({ label: [RUNTIME_LABEL] }));
    const listed = await this.#engine.ask<Listed[]>({
      method: "GET",
      path: `/images/json?filters=${filters}`,
    });
    const oldestFirst = listed.toSorted((a, b) => a.Created - b.Created);
    const built = new Map<string, RuntimeImage>();
    for (const { Id: id, Labels, RepoTags } of oldestFirst) {
      const name = RepoTags?.find((tag) => tag.startsWith(`${this.#repository}/`));
      if (name === undefined) continue;
      const prepared = Labels?.[PREPARED_LABEL];
      built.set(Labels?.[RUNTIME_LABEL] ?? "", { id, name, ...(prepared !== undefined && { prepared }) });
    }
    return built;
  }

  #inspect(reference: string): Promise<Inspected> {
    return this.#engine.ask<Inspected>({ method: "GET", path: `/images/${reference}/json` });
  }

  async #pull(reference: string): Promise<void> {
    const question = {
      method: "POST",
      path: `/images/create?fromImage=${encodeURIComponent(tagged(reference))}&platform=linux%2Famd64`,
    } as const;
    try {
      for await (const { error } of this.#engine.follow<{ error?: string }>(question))
        if (error !== undefined) throw new Error(error);
    } catch (error) {
      throw new Error(
        `the image ${reference} is not on this machine and cannot be pulled: ${(error as Error).message}. Check its name, and that the engine may pull it, by: docker pull ${reference}`,
        { cause: error },
      );
    }
  }
}

function faultsOf({ Os, Architecture, Size }: Inspected): string[] {
  const faults: string[] = [];
  if (Os !== "linux" || Architecture !== "amd64")
    faults.push(`It is built for ${Os}/${Architecture}; build it with --platform linux/amd64.`);
  if (Size > MOST_GB * GB)
    faults.push(
      `It has ${(Size / GB).toFixed(2)} GB and may have ${MOST_GB}; keep large data on a mounted file system instead.`,
    );
  return faults;
}

function noImage(runtime: string): string {
  return `No image for ${runtime} was built on this machine. Build it by: fungraph images build ${JSON.stringify(runtime)}`;
}

/** Without a tag the engine would pull every one. */
function tagged(reference: string): string {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return /[:@]/.test(name) ? reference : `${reference}:latest`;
}
