import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { posix } from "node:path";
import { join } from "node:path";
import { pack } from "tar-stream";
import { buffer } from "node:stream/consumers";

/** One file of an image, or a symbolic link. */
type Entry = { readonly bytes: Buffer; readonly executable: boolean } | { readonly link: string };

/** Files that differ from machine to machine and are no part of an image. */
const BY_THE_WAY = /^(__pycache__|\.DS_Store)$|\.pyc$|~$/;

/** Files on their way into an image. The same files give the same bytes, whatever the machine, the user and the day. */
export class Tree {
  readonly #entries = new Map<string, Entry>();
  readonly #folders = new Map<string, number>();

  /** @param path in the image, without a leading slash. Default of `executable`: false */
  file(path: string, content: string | Buffer, executable = false): this {
    this.#entries.set(path, { bytes: Buffer.from(content), executable });
    this.#parents(path);
    return this;
  }

  /** An empty folder. @param owner user and group that own it. Default 0 */
  folder(path: string, owner = 0): this {
    this.#parents(path);
    this.#folders.set(path, owner);
    return this;
  }

  /** Takes over a file of this machine. */
  copyFile(from: string, to: string): this {
    return this.file(to, readFileSync(from), (statSync(from).mode & 0o100) !== 0);
  }

  /** Takes over a folder of this machine. @param leave names in it that stay behind */
  copy(from: string, to: string, leave: readonly string[] = []): this {
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      if (leave.includes(entry.name) || BY_THE_WAY.test(entry.name)) continue;
      const [source, target] = [join(from, entry.name), posix.join(to, entry.name)];
      if (entry.isDirectory()) this.copy(source, target);
      else if (entry.isSymbolicLink()) this.#entries.set(target, { link: readlinkSync(source) });
      else this.copyFile(source, target);
    }
    this.#parents(posix.join(to, "x"));
    return this;
  }

  /** Paths of all files and links, sorted. */
  get paths(): readonly string[] {
    return [...this.#entries.keys()].sort();
  }

  /** Bytes of a file; undefined for links and paths it has not. */
  bytes(path: string): Buffer | undefined {
    const entry = this.#entries.get(path);
    return entry !== undefined && "bytes" in entry ? entry.bytes : undefined;
  }

  /** A tar archive. @param epochSeconds time of every file */
  tar(epochSeconds: number): Promise<Buffer> {
    const archive = pack();
    const common = { uid: 0, gid: 0, mtime: new Date(epochSeconds * 1000) };
    const names = [...this.#folders.keys(), ...this.#entries.keys()].sort();
    for (const name of names) {
      const entry = this.#entries.get(name);
      if (entry === undefined) {
        const owner = this.#folders.get(name) ?? 0;
        archive.entry({
          ...common,
          name: `${name}/`,
          type: "directory",
          mode: 0o755,
          uid: owner,
          gid: owner,
        });
      } else if ("link" in entry)
        archive.entry({ ...common, name, type: "symlink", linkname: entry.link, mode: 0o777 });
      else archive.entry({ ...common, name, mode: entry.executable ? 0o755 : 0o644 }, entry.bytes);
    }
    archive.finalize();
    return buffer(archive);
  }

  #parents(path: string): void {
    for (let parent = posix.dirname(path); parent !== "."; parent = posix.dirname(parent))
      if (!this.#folders.has(parent)) this.#folders.set(parent, 0);
  }
}
