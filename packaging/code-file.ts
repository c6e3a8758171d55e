/** One file of a function's code, in a folder, in an archive, or made here. */
export interface CodeFile {
  /** Path from the root of the code, with `/`. */
  readonly name: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** Whether its owner may run it. */
  readonly executable: boolean;
  /** The content, piece by piece, so that a large file need not fit into memory. */
  chunks(): AsyncIterable<Buffer>;
}

/** A function's code: files by name, in the order of their names. */
export type CodeTree = ReadonlyMap<string, CodeFile>;

/** The content of a file, or its first `limit` bytes. */
export async function readContent(file: CodeFile, limit: number = Number.MAX_SAFE_INTEGER): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = limit;
  for await (const chunk of file.chunks()) {
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return Buffer.concat(chunks);
}

/** A file whose content is in memory. */
export function memoryFile(name: string, content: Buffer, executable = false): CodeFile {
  return { name, size: content.length, executable, chunks: () => once(content) };
}

async function* once(content: Buffer): AsyncGenerator<Buffer> {
  yield content;
}

/** True when a file's first bytes are those of a script that names its interpreter, or of a Linux binary. */
export function isProgram(start: Buffer): boolean {
  return start.subarray(0, 2).toString("latin1") === "#!" || isElf(start);
}

/** True when a file's first bytes are those of a Linux binary. */
export function isElf(start: Buffer): boolean {
  return start.subarray(0, 4).toString("latin1") === "\x7fELF";
}
