import { ZipArchive } from "archiver";
import { LIMITS } from "../model/limits.ts";
import { type CodeFile, isProgram, readContent } from "./code-file.ts";
import { checkArchiveSize } from "./code-rules.ts";
import { PackagingError } from "./packaging-error.ts";

/** The earliest date a ZIP can hold, so that the bytes tell nothing of when or where they were made. */
const DATE = new Date("1980-01-01T00:00:00Z");

/**
 * Packs files into a ZIP whose bytes depend on names and content alone: sorted, one date, one of two modes.
 * A file is executable when its owner may run it or its first bytes say that it is a program; the second holds also
 * where a checkout lost the mode. Throws PackagingError when the archive grows over its limit.
 */
export async function writeZip(files: Iterable<CodeFile>): Promise<Buffer> {
  const archive = new ZipArchive({ zlib: { level: 6 } });
  const chunks: Buffer[] = [];
  let size = 0;
  archive.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
  });
  const ended = new Promise<void>((resolve, reject) => archive.on("end", resolve).on("error", reject));
  for (const file of files) {
    const content = await readContent(file);
    const mode = file.executable || isProgram(content) ? 0o755 : 0o644;
    // One at a time: in order, and never more than one file in memory.
    const written = new Promise((resolve) => archive.once("entry", resolve));
    archive.append(content, { name: file.name, date: DATE, mode });
    await Promise.race([written, ended]);
    if (size > LIMITS.zipBytes) {
      ended.catch(() => {}); // aborting may end it either way
      archive.abort();
      throw new PackagingError(checkArchiveSize(file.name, size));
    }
  }
  await archive.finalize();
  await ended;
  const bytes = Buffer.concat(chunks);
  const tooLarge = checkArchiveSize("index.zip", bytes.length);
  if (tooLarge.length > 0) throw new PackagingError(tooLarge);
  return bytes;
}
