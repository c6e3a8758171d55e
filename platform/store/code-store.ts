import { hash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Keeping } from "./keep-archive.ts";
import { makeWholeFolder } from "./make-whole.ts";
import { mergeFolders } from "./merge-folders.ts";
import { ClashError, type CodeStore } from "./code.ts";
import { CodeRoom } from "./code-room.ts";
import { StoreFullError } from "./errors.ts";

/** Work on archives that would hold the event loop; hashes are SHA-512 in hex. */
export interface ArchiveWork {
  /** Writes an archive to where it is kept. */
  keep(archive: Buffer, keeping: Keeping): Promise<void>;
  digest(archive: Buffer): Promise<string>;
  read(file: string): Promise<{ readonly archive: Buffer; readonly digest: string }>;
}

/** Where archives are kept for all processes of a platform; the folder then holds what this one used. */
export interface ArchiveOrigin {
  /** Keeps an archive durably; the same one twice is kept once. */
  save(digest: string, archive: Buffer): Promise<void>;
  /** Undefined when it is not there. */
  load(digest: string): Promise<Buffer | undefined>;
  /** Deletes archives that no record names and that were not saved for so many milliseconds. */
  collect(graceMs: number): Promise<void>;
}

/** What the records say about code. */
export interface CodeReferences {
  has(digest: string): boolean;
  /** Digests of code and its dependencies, of every version that has some. */
  merged(): readonly (readonly string[])[];
  totalBytes(projectId: string): number;
}

/** An archive that was used so lately is kept: its record may not be written yet, or its last calls still run. */
const GRACE_MS = 20 * 60_000;
const DIGEST = /^[0-9a-f]{128}$/;

/**
 * Archives as files named by their SHA-512, and their unpacked folders beside them. Every file and folder appears by a
 * rename, so it is whole or not there at all. Code with dependencies has a folder more, named by the hash of their digests
 * in order.
 */
export class FileCodeStore implements CodeStore {
  readonly #archives: string;
  readonly #folders: string;
  readonly #bootFile: string;
  readonly #references: CodeReferences;
  readonly #work: ArchiveWork;
  readonly #graceMs: number;
  readonly #origin: ArchiveOrigin | undefined;
  readonly #used = new Map<string, number>();
  readonly #making = new Map<string, Promise<string>>();
  readonly #room: CodeRoom;

  /** `graceMs`: so long unused ones stay; default 20 minutes. Without an `origin` the folder is all there is. */
  constructor(
    dataDir: string,
    references: CodeReferences,
    work: ArchiveWork,
    { graceMs = GRACE_MS, origin }: { readonly graceMs?: number; readonly origin?: ArchiveOrigin } = {},
  ) {
    this.#archives = join(dataDir, "archives");
    this.#folders = join(dataDir, "code");
    this.#bootFile = join(dataDir, "boot");
    this.#references = references;
    this.#work = work;
    this.#graceMs = graceMs;
    this.#origin = origin;
    this.#room = new CodeRoom((projectId) => this.totalBytes(projectId));
  }

  /** Makes the folders and removes what a killed process or machine left half done. */
  async prepare(): Promise<void> {
    const rebooted = this.#bootChanged();
    for (const folder of [this.#archives, this.#folders]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const entry of readdirSync(folder)) {
        // Archives are synced when they are stored; of unpacked files a machine that lost power may have kept names alone.
        const doubtful = rebooted && folder === this.#folders;
        if (doubtful || entry.startsWith(".")) rmSync(join(folder, entry), { recursive: true, force: true });
      }
    }
  }

  /** True when the machine has started since the store was opened last, or cannot tell. */
  #bootChanged(): boolean {
    const boot = readText("/proc/sys/kernel/random/boot_id");
    const known = readText(this.#bootFile);
    if (boot !== undefined && boot !== known) writeFileSync(this.#bootFile, boot);
    return boot === undefined || boot !== known;
  }

  async put(archive: Buffer): Promise<{ digest: string; size: number }> {
    const digest = await this.#work.digest(archive);
    this.#used.set(digest, Date.now());
    try {
      const file = this.#archive(digest);
      await this.#made(digest, (folder) =>
        this.#work.keep(archive, { file: existsSync(file) ? undefined : file, folder }),
      );
      // The folder was there, or is another's work.
      if (!existsSync(file)) await this.#work.keep(archive, { file });
      await this.#origin?.save(digest, archive);
    } catch (error) {
      throw explain(error);
    }
    return { digest, size: archive.length };
  }

  async read(digest: string): Promise<Buffer> {
    const file = this.#archive(digest);
    if (this.#origin !== undefined && !existsSync(file)) await this.#fetch(this.#origin, digest);
    const { archive, digest: found } = await this.#work.read(file);
    if (found !== digest) {
      throw new Error(
        `The stored archive ${digest.slice(0, 16)}… is damaged: its SHA-512 differs. Deploy the function's code again.`,
      );
    }
    return archive;
  }

  async folder(digest: string, dependencies: readonly string[] = []): Promise<string> {
    const digests = [digest, ...dependencies];
    const name = nameOf(digests);
    for (const used of [name, ...digests]) this.#used.set(used, Date.now());
    try {
      if (digests.length === 1) return await this.#unpacked(digest);
      return await this.#made(name, (merged) =>
        makeWholeFolder(merged, (draft) => this.#merge(digests, draft)),
      );
    } catch (error) {
      throw explain(error);
    }
  }

  async collect(): Promise<void> {
    await this.#origin?.collect(this.#graceMs);
    const now = Date.now();
    const merged = new Set(this.#references.merged().map(nameOf));
    for (const folder of [this.#folders, this.#archives]) {
      for (const digest of readdirSync(folder)) {
        if (!DIGEST.test(digest) || merged.has(digest) || this.#references.has(digest)) continue;
        if (now - (this.#used.get(digest) ?? 0) < this.#graceMs) continue;
        // Hidden by a synchronous rename first: a half-removed folder must never be found under its digest.
        const doomed = join(folder, `.${randomUUID()}`);
        renameSync(join(folder, digest), doomed);
        this.#used.delete(digest);
        await rm(doomed, { recursive: true, force: true });
      }
    }
  }

  totalBytes(projectId: string): number {
    return this.#references.totalBytes(projectId);
  }

  hasRoom(projectId: string, bytes: number, most: number): boolean {
    return this.#room.has(projectId, bytes, most);
  }

  takeRoom(projectId: string, bytes: number): void {
    this.#room.take(projectId, bytes);
  }

  /** To be called when another process may have changed records: what projects have is counted anew. */
  forgetRoom(): void {
    this.#room.forget();
  }

  /** An archive that is not there either is missing as it is without an origin. */
  async #fetch(origin: ArchiveOrigin, digest: string): Promise<void> {
    const archive = await origin.load(digest);
    if (archive !== undefined) await this.#work.keep(archive, { file: this.#archive(digest) });
  }

  #archive(digest: string): string {
    return join(this.#archives, digest);
  }

  #unpacked(digest: string): Promise<string> {
    return this.#made(digest, async (folder) => this.#work.keep(await this.read(digest), { folder }));
  }

  async #merge(digests: readonly string[], draft: string): Promise<void> {
    const layers = [];
    for (const digest of digests) layers.push({ digest, folder: await this.#unpacked(digest) });
    const clashes = await mergeFolders(layers, draft);
    if (clashes.length > 0) throw new ClashError(clashes);
  }

  /** The folder of that name, made when it is not there; callers at the same time share one making. */
  #made(name: string, make: (folder: string) => Promise<void>): Promise<string> {
    const running = this.#making.get(name);
    if (running !== undefined) return running;
    const folder = join(this.#folders, name);
    if (existsSync(folder)) return Promise.resolve(folder);
    const making = make(folder)
      .then(() => folder)
      .finally(() => this.#making.delete(name));
    this.#making.set(name, making);
    return making;
  }
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Code alone has the name of its archive; merged code one made of all digests. */
function nameOf([digest = "", ...dependencies]: readonly string[]): string {
  return dependencies.length === 0 ? digest : hash("sha512", [digest, ...dependencies].join(" "), "hex");
}

function explain(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new StoreFullError(
    "The disk of the data folder is full; the code was not stored. Free some space and try again.",
    {
      cause: error,
    },
  );
}
