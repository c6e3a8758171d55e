import { chmod, copyFile, link, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Clash } from "./code.ts";

/** An unpacked archive. */
export interface Layer {
  readonly digest: string;
  readonly folder: string;
}

/** npm's own notes on what it installed: every folder that npm made has them, and no program reads them. */
const NOTES = "node_modules/.package-lock.json";

/**
 * Fills an empty folder with the files of all layers, as hard links: unpacked files are read-only, so they can be shared.
 * Answers the paths that two layers fill differently; the same file in both is no clash.
 */
export async function mergeFolders(layers: readonly Layer[], into: string): Promise<readonly Clash[]> {
  const merge = new Merge(into);
  for (const layer of layers) await merge.add(layer, "");
  return merge.clashes;
}

class Merge {
  readonly clashes: Clash[] = [];
  readonly #into: string;
  readonly #taken = new Map<string, { readonly layer: Layer; readonly folder: boolean }>();

  constructor(into: string) {
    this.#into = into;
  }

  async add(layer: Layer, folder: string): Promise<void> {
    for (const entry of await readdir(join(layer.folder, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const taken = this.#taken.get(path);
      if (taken === undefined) await this.#take(layer, path, entry.isDirectory());
      else if (taken.folder !== entry.isDirectory()) this.#clash(path, taken.layer, layer);
      else if (!taken.folder && !(await this.#same(path, taken.layer, layer)))
        this.#clash(path, taken.layer, layer);
      if (entry.isDirectory() && taken?.folder !== false) await this.add(layer, path);
    }
  }

  async #take(layer: Layer, path: string, folder: boolean): Promise<void> {
    this.#taken.set(path, { layer, folder });
    const target = join(this.#into, path);
    if (folder) {
      await mkdir(target);
      await chmod(target, 0o755); // whatever the umask: functions run as another user
    } else await share(join(layer.folder, path), target);
  }

  async #same(path: string, first: Layer, second: Layer): Promise<boolean> {
    if (path === NOTES) return true;
    const files = [join(first.folder, path), join(second.folder, path)] as const;
    const [one, other] = await Promise.all([stat(files[0]), stat(files[1])]);
    if (one.size !== other.size) return false;
    return (await readFile(files[0])).equals(await readFile(files[1]));
  }

  #clash(path: string, first: Layer, second: Layer): void {
    this.clashes.push({ path, first: first.digest, second: second.digest });
  }
}

/** Where a file system has no hard links, or no more of them, a copy does. */
async function share(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"].includes(code)) throw error;
    await copyFile(source, target);
  }
}
