import { posix } from "node:path";
import { cacheMount, type CacheMount } from "./cache-volume.ts";
import { LABEL } from "./container-plan.ts";
import type { Engine } from "./engine.ts";
import type { RuntimeImage } from "./images.ts";

/** A program of the image beside its prepared folder; it fills the folder, and does nothing where that is done. */
const PROGRAM = "prepare.sh";
const MEMORY = 1024 ** 3;

/**
 * What makes an image's instances start faster and cannot be part of the image, because it is never the same bytes twice: Java's archive of
 * loaded classes. An image that knows such says so by a label; its program fills a volume once, which instances then see read-only.
 */
export class Preparations {
  readonly #engine: Engine;
  readonly #labels: Readonly<Record<string, string>>;
  /** By image id; undefined while the first instances start without. */
  readonly #volumes = new Map<string, string | undefined>();
  readonly #running = new Set<Promise<void>>();

  /** @param labels of containers that belong to this platform */
  constructor(engine: Engine, labels: Readonly<Record<string, string>>) {
    this.#engine = engine;
    this.#labels = labels;
  }

  /** The volume for instances of an image, and where it goes; undefined for images without, and until it is filled. */
  of(image: RuntimeImage): { readonly volume: string; readonly folder: string } | undefined {
    const { id, prepared: folder } = image;
    if (folder === undefined) return undefined;
    if (!this.#volumes.has(id)) this.#begin(image, folder);
    const volume = this.#volumes.get(id);
    return volume === undefined ? undefined : { volume, folder };
  }

  /** Resolves when nothing is being prepared any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  #begin({ id }: RuntimeImage, folder: string): void {
    this.#volumes.set(id, undefined);
    // Without, instances start slower, and nothing else.
    const running = this.#prepare(id, folder)
      .catch(() => undefined)
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #prepare(image: string, folder: string): Promise<void> {
    const mount = cacheMount("prepared", { image, target: folder, stack: this.#labels[LABEL.stack] });
    const volume = mount.Source;
    if (await this.#fill(image, mount)) this.#volumes.set(image, volume);
    else await this.#engine.ask({ method: "DELETE", path: `/volumes/${volume}` });
  }

  /** Platforms on one engine may do it at once: the program puts whole files in place. */
  async #fill(image: string, mount: CacheMount): Promise<boolean> {
    const confined = { NetworkMode: "none", CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"] };
    const json = {
      Image: image,
      User: "0:0",
      Labels: this.#labels,
      Entrypoint: ["sh", posix.join(posix.dirname(mount.Target), PROGRAM)],
      HostConfig: {
        ...confined,
        ReadonlyRootfs: true,
        Tmpfs: { "/tmp": "" },
        Memory: MEMORY,
        Mounts: [mount],
      },
    };
    const { Id } = await this.#engine.ask<{ Id: string }>({
      method: "POST",
      path: "/containers/create",
      json,
    });
    try {
      await this.#engine.ask({ method: "POST", path: `/containers/${Id}/start` });
      const { StatusCode } = await this.#engine.ask<{ StatusCode: number }>({
        method: "POST",
        path: `/containers/${Id}/wait`,
      });
      return StatusCode === 0;
    } finally {
      await this.#engine.ask({ method: "DELETE", path: `/containers/${Id}?force=1` });
    }
  }
}
