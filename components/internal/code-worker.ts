import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { workerData, type MessagePort } from "node:worker_threads";
import { findRuntime } from "../../model/runtimes.ts";
import { inspectArchive } from "../../packaging/inspect.ts";
import { packDependency } from "../../packaging/dependency.ts";
import { type CodeToPack, packCode } from "../../packaging/pack.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import { keepArchive } from "../../packaging/archive-folder.ts";
import type { CodeAnswer, CodeRequest, PackedFiles, PackedInputs } from "./code.ts";

/* Packs code for the thread that waits, one request after the other. */

const { port, answered } = workerData as { port: MessagePort; answered: Int32Array };

port.on("message", (request: CodeRequest) => void serve(request));

async function serve(request: CodeRequest): Promise<void> {
  port.postMessage(await answer(request));
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
}

/** What was packed in this turn, by place and runtime. */
const done = new Map<string, Packed>();
let turn = 0;

interface Packed {
  readonly inputs: PackedInputs;
  /** Handlers that the code was checked for. */
  readonly handlers: Set<string>;
}

async function answer(request: CodeRequest): Promise<CodeAnswer> {
  if (request.turn !== turn) done.clear();
  turn = request.turn;
  try {
    return { faults: [], packed: await pack(request) };
  } catch (error) {
    if (error instanceof PackagingError) return { faults: [...error.faults] };
    return { faults: [], broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function pack({ root, code, entry }: CodeRequest): Promise<PackedInputs | PackedFiles> {
  if (entry === undefined) return await packFiles(root, code);
  const asked = { root, code, ...entry };
  const key = JSON.stringify([root, code, entry.runtime]);
  const known = done.get(key);
  if (known === undefined) {
    const inputs = await packAnew(asked);
    done.set(key, { inputs, handlers: new Set([entry.handler]) });
    return inputs;
  }
  if (!known.handlers.has(entry.handler)) await checkHandler(asked, known.inputs);
  known.handlers.add(entry.handler);
  return known.inputs;
}

async function packAnew(asked: CodeToPack): Promise<PackedInputs> {
  const { archive, digest, size, filename, type } = await packCode(asked);
  const codeArchive = keepArchive(asked.root, digest, archive);
  return { codeType: type, codeSize: size, codeDigest: digest, codeFilename: filename, codeArchive };
}

async function packFiles(root: string, code: string): Promise<PackedFiles> {
  const { archive, etag, size } = await packDependency({ root, code });
  return { codeEtag: etag, codeSize: size, codeArchive: keepArchive(root, etag, archive) };
}

/** The archive is the same for every handler; only whether it has the handler's file and function is not. */
async function checkHandler(request: CodeToPack, inputs: PackedInputs): Promise<void> {
  const runtime = findRuntime(request.runtime);
  if (runtime === undefined) throw new Error(`${request.runtime} was packed for, but is no runtime`);
  const bytes = await readFile(join(request.root, inputs.codeArchive));
  const { handler, code: name } = request;
  const faults = await inspectArchive({ name, bytes, runtime, handler });
  if (faults.length > 0) throw new PackagingError(faults);
}
