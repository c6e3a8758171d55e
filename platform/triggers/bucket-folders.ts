import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { NewObject, ObjectRefusal, ObjectStore } from "./object-store.ts";

/** Buckets as folders: `<folder>/<project>/<bucket>/<name>`. Every bucket name is there for whoever uses it. */
export class BucketFolders implements ObjectStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  refusal(_projectId: string, _bucket: string, days: number): ObjectRefusal | undefined {
    if (days === 0) return undefined;
    return {
      rule: "has expires, but buckets in the data folder keep their objects",
      fix: "Leave expires out, or name an object store in object-store.json of the data folder.",
    };
  }

  async put({ projectId, bucket, name, body }: NewObject): Promise<void> {
    const file = join(this.#folder, projectId, bucket, name);
    const folder = dirname(file);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `.${randomUUID()}`);
    try {
      await writeDurably(draft, body);
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await this.#sync(folder);
  }

  /** A name is on the disk when its folder is, and that when the one around it is; others may have made them just now. */
  async #sync(folder: string): Promise<void> {
    const last = dirname(this.#folder);
    for (let at = folder; ; at = dirname(at)) {
      await using handle = await open(at, "r");
      await handle.sync();
      if (at === last) return;
    }
  }
}

async function writeDurably(file: string, body: Buffer): Promise<void> {
  await using handle = await open(file, "wx", 0o600);
  await handle.writeFile(body);
  await handle.sync();
}
