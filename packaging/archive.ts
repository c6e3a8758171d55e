import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import type { Fault } from "../model/fault.ts";
import { LIMITS } from "../model/limits.ts";
import type { CodeFile, CodeTree } from "./code-file.ts";
import { checkAmount, checkFileName } from "./code-rules.ts";
import { codeFault } from "./packaging-error.ts";

/** An archive that was read: its files, and what is wrong with its structure. */
export interface Archive {
  readonly tree: CodeTree;
  readonly faults: readonly Fault[];
}

/** Who has so many faults to mend reads no further ones. */
const MOST_FAULTS = 100;

/** Reads the list of files of a ZIP or JAR, until it has a hundred faults. Nothing is inflated and nothing touches the disk. */
export async function openArchive(name: string, bytes: Buffer): Promise<Archive> {
  const files = new Map<string, CodeFile>();
  const folders = new Set<string>();
  const faults: Fault[] = [];
  let declared = 0;
  let count = 0;
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
    for await (const entry of zip.eachEntry()) {
      const path = getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        false,
      );
      count += 1;
      if (Math.max(count, folders.size) > LIMITS.archiveFiles || faults.length >= MOST_FAULTS) break;
      declared += entry.uncompressedSize;
      const wrong = checkEntry(path, entry);
      faults.push(...wrong);
      if (wrong.length > 0) continue;
      addFolders(path, folders);
      if (path.endsWith("/")) continue;
      if (files.has(path)) faults.push(codeFault(path, "is in the archive twice", "Pack every file once."));
      else files.set(path, codeFile(path, entry, zip));
    }
  } catch (error) {
    faults.push(damaged(name, error));
  }
  faults.push(...checkFolders(files, folders), ...checkAmount(count, declared));
  return { tree: sorted(files), faults };
}

/** Inflates every file and drops the bytes: faults where the archive is not what it says. */
export async function checkContent(tree: CodeTree): Promise<Fault[]> {
  for (const file of tree.values()) {
    try {
      for await (const _ of file.chunks());
    } catch (error) {
      return [damaged(file.name, error)];
    }
  }
  return [];
}

/** The fault of an archive or a file in it that cannot be read. */
export function damaged(name: string, error: unknown): Fault {
  const reason = error instanceof Error ? error.message : String(error);
  return codeFault(name, `is damaged or no ZIP archive (${reason})`, "Pack the code again.");
}

function sorted(files: ReadonlyMap<string, CodeFile>): CodeTree {
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** The Unix mode of an entry; 0 when it was packed where files have none. */
function modeOf(entry: Entry): number {
  return entry.externalFileAttributes >>> 16;
}

function checkEntry(path: string, entry: Entry): Fault[] {
  const faults = checkFileName(path.replace(/\/$/, ""));
  if (entry.isEncrypted()) faults.push(codeFault(path, "is encrypted", "Pack the code without a password."));
  else if (!entry.canDecodeFileData())
    faults.push(codeFault(path, "is packed by a method other than deflate", "Pack the code as a plain ZIP."));
  if ((modeOf(entry) & FILE_TYPE) === SYMBOLIC_LINK)
    faults.push(codeFault(path, "is a symbolic link", "Pack the file it points to instead."));
  return faults;
}

/** Adds the folders that a path lies in. */
function addFolders(path: string, folders: Set<string>): void {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const folder = path.slice(0, end);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}

/** A name cannot be a file and a folder; a file can bring hundreds of folders. */
function checkFolders(files: ReadonlyMap<string, CodeFile>, folders: ReadonlySet<string>): Fault[] {
  const both = [...folders].filter((folder) => files.has(folder)).slice(0, MOST_FAULTS);
  const faults = both.map((folder) => codeFault(folder, "is a file and a folder", "Rename one of them."));
  if (folders.size <= LIMITS.archiveFiles) return faults;
  const rule = `code has at most ${LIMITS.archiveFiles} folders`;
  return [...faults, codeFault(`${folders.size} folders`, rule, "Pack the files in fewer folders.")];
}

function codeFile(name: string, entry: Entry, zip: ZipFile): CodeFile {
  return {
    name,
    size: entry.uncompressedSize,
    executable: (modeOf(entry) & 0o100) !== 0,
    chunks: () => inflate(entry, zip),
  };
}

/** The bytes of one file. Throws when they are more or fewer than declared (yauzl's check) or other than packed. */
async function* inflate(entry: Entry, zip: ZipFile): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of await zip.openReadStreamPromise(entry)) {
    sum = crc32(chunk as Buffer, sum);
    yield chunk as Buffer;
  }
  if (sum !== entry.crc32) throw new Error("its checksum does not fit");
}
