import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { CodeSpec, FunctionSpec } from "../../model/function.ts";
import { normalizeFunction } from "../../model/function.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import type { Store } from "../../platform/store/store.ts";

/** A folder that is gone at the end of the test. */
export class TemporaryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "fungraph-store-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** An open store in a folder of its own. */
export async function temporaryStore(): Promise<{ store: Store; folder: string } & Disposable> {
  const folder = new TemporaryFolder();
  const store = await openStore(folder.path);
  return {
    store,
    folder: folder.path,
    [Symbol.dispose]() {
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

export const KEY: FunctionKey = { projectId: "p1", package: "default", name: "demo" };

export function spec(change: Partial<FunctionSpec> = {}): FunctionSpec {
  return normalizeFunction({ name: "demo", runtime: "Node.js20.15", handler: "index.handler", ...change });
}

export const CODE: CodeSpec = { type: "zip", size: 10, digest: "a".repeat(128), filename: "index.zip" };

/** A disk of its own with a fixed size, in memory. */
export class SmallDisk implements Disposable {
  readonly #folder = new TemporaryFolder();
  readonly path = join(this.#folder.path, "disk");

  constructor(size: string) {
    mkdirSync(this.path);
    const { status, stderr } = mount(size, this.path);
    if (status !== 0) throw new Error(`No disk could be mounted: ${stderr}`);
  }

  /** False where the test may not mount; says so once a file. */
  static readonly possible: boolean = canMount();

  [Symbol.dispose](): void {
    spawnSync("/bin/umount", [this.path]);
    this.#folder[Symbol.dispose]();
  }
}

function mount(size: string, path: string) {
  return spawnSync("/bin/mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path], { encoding: "utf8" });
}

function canMount(): boolean {
  using folder = new TemporaryFolder();
  const mounted = mount("64k", folder.path).status === 0;
  if (mounted) spawnSync("/bin/umount", [folder.path]);
  else process.stderr.write("skipped: tests of a full disk need the right to mount a tmpfs\n");
  return mounted;
}
