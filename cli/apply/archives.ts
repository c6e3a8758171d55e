import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ResourceState } from "./state-file.ts";

/** Deletes packed code that no resource names any more; without it, every saved edit would leave an archive. */
export async function collectArchives(folder: string, resources: readonly ResourceState[]): Promise<void> {
  const archives = join(folder, ".fungraph", "code");
  const used = new Set(
    resources.flatMap(({ state }) =>
      typeof state["codeArchive"] === "string" ? [basename(state["codeArchive"])] : [],
    ),
  );
  const present = await readdir(archives).catch(() => []);
  await Promise.all(
    present.filter((name) => !used.has(name)).map((name) => rm(join(archives, name), { force: true })),
  );
}
