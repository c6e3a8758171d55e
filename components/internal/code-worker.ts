import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { workerData, type MessagePort } from "node:worker_threads";
import { findRuntime } from "../../model/runtimes.ts";
import { inspectArchive } from "../../packaging/inspect.ts";
import { packCode } from "../../packaging/pack.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import { keepArchive } from "./archive-folder.ts";
import type { CodeAnswer, CodeRequest, PackedInputs } from "./code.ts";

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

async function pack(request: CodeRequest): Promise<PackedInputs> {
  const key = JSON.stringify([request.root, request.code, request.runtime]);
  const known = done.get(key);
  if (known === undefined) {
    const inputs = await packAnew(request);
    done.set(key, { inputs, handlers: new Set([request.handler]) });
    return inputs;
  }
  if (!known.handlers.has(request.handler)) await checkHandler(request, known.inputs);
  known.handlers.add(request.handler);
  return known.inputs;
}

async function packAnew({ root, code, runtime, handler }: CodeRequest): Promise<PackedInputs> {
  const { archive, digest, size, filename, type } = await packCode({ root, code, runtime, handler });
  const codeArchive = keepArchive(root, digest, archive);
  return { codeType: type, codeSize: size, codeDigest: digest, codeFilename: filename, codeArchive };
}

/** The archive is the same for every handler; only whether it has the handler's file and function is not. */
async function checkHandler(request: CodeRequest, inputs: PackedInputs): Promise<void> {
  const runtime = findRuntime(request.runtime);
  if (runtime === undefined) throw new Error(`${request.runtime} was packed for, but is no runtime`);
  const bytes = await readFile(join(request.root, inputs.codeArchive));
  const { handler, code: name } = request;
  const faults = await inspectArchive({ name, bytes, runtime, handler });
  if (faults.length > 0) throw new PackagingError(faults);
}
