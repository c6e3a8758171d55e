import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import type { CodeSpec, FunctionSpec } from "../../model/function.ts";
import { CodeType } from "../../model/runtimes.ts";
import { updateCodeFromWire, type CodeUpload } from "../../model/wire/code.ts";
import { codeToWire } from "../../model/wire/function.ts";
import type { FunctionRecord } from "../store/functions.ts";
import { packCode } from "../workshop/workshop.ts";
import { accept, refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { mergeCode, withDependencies } from "./dependency-use.ts";
import { JsonPieces } from "./json-pieces.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { changeableTargetOf, recordOf, shown, targetOf } from "./target.ts";

/** Answers the archive too; for inline code its source. */
async function showFunctionCode(call: Call, context: ApiContext): Promise<Reply> {
  const record = recordOf(targetOf(call, context), context);
  // An image is with its registry.
  const archive = record.spec.image === undefined ? await readCode(record, context) : undefined;
  if (archive === undefined) return ok(codeToWire(record, context.place));
  return ok(withArchive(codeToWire(record, context.place, ""), archive));
}

/** As Base64 it needs no padding, so slices follow each other; its text is no large object for the garbage collector. */
const SLICE_BYTES = 72 * 1024;

/** The reply with the archive in it as Base64, which is made as it leaves: one of many megabytes would hold the event loop. */
function withArchive(reply: Record<string, unknown>, archive: Buffer): JsonPieces {
  const mark = '"func_code":{"file":"';
  // Quotes inside of texts have a backslash before them, so the mark is nowhere else.
  const [before = "", after = ""] = JSON.stringify(reply).split(mark);
  const [head, end] = [Buffer.from(before + mark), Buffer.from(after)];
  const bytes = head.length + Math.ceil(archive.length / 3) * 4 + end.length;
  return new JsonPieces(inBase64(head, archive, end), bytes);
}

function* inBase64(head: Buffer, archive: Buffer, end: Buffer): Generator<Buffer | string> {
  yield head;
  for (let at = 0; at < archive.length; at += SLICE_BYTES)
    yield archive.toString("base64", at, at + SLICE_BYTES);
  yield end;
  // Many megabytes that wait for the garbage collector would call him early.
  if (archive.buffer instanceof ArrayBuffer && archive.length === archive.buffer.byteLength)
    archive.buffer.transfer(0);
}

/** The archive of a version; the source where the code was written inline. */
export async function readCode({ code }: FunctionRecord, { store }: ApiContext): Promise<Buffer> {
  if (code.type === CodeType.Inline) {
    const folder = await store.code.folder(code.digest);
    const [file, ...more] = await readdir(folder, { withFileTypes: true });
    // Some clients send an archive and call it inline.
    if (file?.isFile() && more.length === 0) return readFile(join(folder, file.name));
  }
  return store.code.read(code.digest);
}

/** FSS.0409 when code and dependencies are the same already, as deploying clients expect. */
async function updateFunctionCode(call: Call, context: ApiContext): Promise<Reply> {
  const { latest } = changeableTargetOf(call, context);
  const upload = accept(updateCodeFromWire(call.body, latest.spec.runtime));
  if (latest.spec.image !== undefined) throw new ApiError("FSS.1006", IN_IMAGE);
  const wanted = (spec: FunctionSpec): FunctionSpec =>
    withDependencies(
      { ...spec, dependencies: upload.dependencies ?? spec.dependencies ?? [] },
      call.projectId,
      context,
    );
  const { dependencies } = wanted(latest.spec);
  const code = await storeCode(upload, latest.spec, call.projectId, context);
  await mergeCode(code, dependencies, context);
  // The function may have changed or gone while the code was stored.
  const now = changeableTargetOf(call, context).latest;
  const spec = wanted(now.spec);
  if (!isDeepStrictEqual(spec.dependencies, dependencies)) throw dependenciesChanged();
  if (code.digest === now.code.digest && isDeepStrictEqual(spec, now.spec)) {
    throw new ApiError(
      "FSS.0409",
      `The function has this very code already (digest ${code.digest.slice(0, 16)}…). Nothing is to be done.`,
    );
  }
  return ok(codeToWire(context.store.functions.update(now.key, now.revision, { code, spec }), context.place));
}

const IN_IMAGE =
  "The code of this function is in its container image. Give another image with UpdateFunctionConfig, in custom_image.image.";

function dependenciesChanged(): ApiError {
  return new ApiError(
    "FSS.0409",
    "The function's dependencies changed while the code was stored. Send the code again.",
  );
}

/** What stands for the code of a function that is in its image: an archive of no bytes. */
const IMAGE_CODE: CodeSpec = {
  type: CodeType.Image,
  size: 0,
  digest: createHash("sha512").digest("hex"),
  filename: "",
};

/** Checks an upload by every rule and stores it; no record names it yet. */
export async function storeCode(
  upload: CodeUpload,
  spec: Pick<FunctionSpec, "runtime" | "handler">,
  projectId: string,
  context: ApiContext,
): Promise<CodeSpec> {
  if (upload.type === CodeType.Image) return IMAGE_CODE;
  const filename = upload.filename ?? (upload.type === CodeType.Jar ? "index.jar" : "index.zip");
  const archive = await pack(upload, spec, filename);
  takeCodeRoom(archive.length, projectId, context);
  const { digest, size } = await context.store.code.put(archive);
  return { type: upload.type, size, digest, filename };
}

/** Has so many bytes more count as code of a project. Throws FSS.1042 when they are too much. */
export function takeCodeRoom(bytes: number, projectId: string, { store, limits }: ApiContext): void {
  if (store.code.hasRoom(projectId, bytes, limits.totalCodeBytes))
    return store.code.takeRoom(projectId, bytes);
  throw new ApiError(
    "FSS.1042",
    `The code of all functions and dependencies of the project would take more than ${limits.totalCodeBytes} bytes, the most that are allowed. Delete versions that are not used.`,
  );
}

async function pack(
  { type, file, link = "" }: CodeUpload,
  { runtime, handler }: Pick<FunctionSpec, "runtime" | "handler">,
  name: string,
): Promise<Buffer> {
  if (file === undefined) {
    throw new ApiError(
      "FSS.1010",
      `code_url: this platform fetches no code from ${shown(link)}. Send the archive itself with code_type "zip".`,
    );
  }
  const packed = await packCode(file, { name, runtime, handler, inline: type === CodeType.Inline });
  if (!Buffer.isBuffer(packed)) throw refusal(packed);
  return packed;
}

/** Code of functions. */
export const functionCodeOperations = {
  ShowFunctionCode: showFunctionCode,
  UpdateFunctionCode: updateFunctionCode,
} satisfies Operations;
