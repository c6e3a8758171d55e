import { createHash, hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import type { Fault } from "../../model/fault.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { inlineFile } from "../../packaging/inline.ts";
import { inspectArchive, inspectDependency, inspectFile } from "../../packaging/inspect.ts";
import { unpackArchive } from "../../packaging/unpack.ts";
import { writeZip } from "../../packaging/zip.ts";
import { splitBody, type CodeBody } from "./code-body.ts";
import type { Exported } from "./exported.ts";
import { keepArchive, type Keeping } from "../store/keep-archive.ts";

/** How archives are told from each other. */
export type Digest = "md5" | "sha512";

/** What the workshop is asked to do; bytes are given away. */
export type Job =
  | {
      readonly kind: "pack";
      readonly bytes: Uint8Array;
      /** What faults of the whole archive call it. */
      readonly name: string;
      /** Name of a runtime of the catalogue. */
      readonly runtime: string;
      readonly handler: string;
      /** The bytes are one source file. */
      readonly inline: boolean;
    }
  | { readonly kind: "dependency"; readonly bytes: Uint8Array; readonly name: string }
  | { readonly kind: "keep"; readonly bytes: Uint8Array; readonly keeping: Keeping }
  | { readonly kind: "digest"; readonly bytes: Uint8Array; readonly algorithm: Digest }
  | { readonly kind: "digest of file"; readonly bytes: Uint8Array; readonly file: string }
  | { readonly kind: "body"; readonly bytes: Uint8Array; readonly settingsBytes: number }
  | {
      readonly kind: "export";
      readonly bytes: Uint8Array;
      readonly name: string;
      readonly codeBytes: number;
    };

/** What came of it. */
export interface Done {
  readonly faults: readonly Fault[];
  /** The archive that a source file became. */
  readonly packed?: Uint8Array;
  /** What a request body became. */
  readonly body?: CodeBody;
  /** What an exported archive held. */
  readonly exported?: Exported;
  /** A hash in hex. */
  readonly digest?: string;
}

/** Does one job. Rejects with PackagingError for code that cannot be packed, and with what the disk says. */
export async function perform(job: Job): Promise<Done> {
  const bytes = Buffer.from(job.bytes.buffer, job.bytes.byteOffset, job.bytes.byteLength);
  if (job.kind === "pack") return pack(job, bytes);
  if (job.kind === "dependency") return { faults: await inspectDependency(job.name, bytes) };
  if (job.kind === "export") {
    // Imports are rare, and YAML takes memory.
    const { readExported } = await import("./exported.ts");
    const exported = await readExported(job.name, bytes, job.codeBytes);
    return "config" in exported ? { faults: [], exported } : { faults: exported };
  }
  if (job.kind === "body") {
    const body = splitBody(bytes, job.settingsBytes);
    return "settings" in body ? { faults: [], body } : { faults: [body] };
  }
  if (job.kind === "digest") return { faults: [], digest: hash(job.algorithm, bytes, "hex") };
  if (job.kind === "digest of file") return { faults: [], digest: digestOfFile(job.file) };
  await keepArchive(bytes, job.keeping, unpackArchive);
  return { faults: [] };
}

/** The SHA-512 of a file, hex, in little memory. */
function digestOfFile(file: string): string {
  const handle = openSync(file, "r");
  try {
    const digest = createHash("sha512");
    const piece = Buffer.allocUnsafe(256 * 1024);
    for (let got = -1; got !== 0;) {
      got = readSync(handle, piece);
      digest.update(piece.subarray(0, got));
    }
    return digest.digest("hex");
  } finally {
    closeSync(handle);
  }
}

async function pack(job: Job & { kind: "pack" }, bytes: Buffer): Promise<Done> {
  const { name, handler, inline } = job;
  const runtime = findRuntime(job.runtime);
  if (runtime === undefined) throw new Error(`The runtime ${job.runtime} passed its check and is not known.`);
  const file = inline ? inlineFile(bytes, runtime, handler) : undefined;
  if (file === undefined) return { faults: await inspectArchive({ name, bytes, runtime, handler }) };
  const faults = await inspectFile(file, handler, runtime);
  return faults.length > 0 ? { faults } : { faults, packed: await writeZip([file]) };
}
