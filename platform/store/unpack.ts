import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import { fromBufferPromise } from "yauzl";

/** Writes every file of a ZIP into a folder. */
export async function unpackArchive(archive: Buffer, folder: string): Promise<void> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const file = join(folder, entry.fileName);
    if (entry.fileName.endsWith("/")) await mkdir(file, { recursive: true });
    else {
      await mkdir(dirname(file), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
    }
  }
}
