import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { CodeSpec, FunctionSpec } from "../../model/function.ts";
import { CodeType } from "../../model/runtimes.ts";
import { updateCodeFromWire, type CodeUpload } from "../../model/wire/code.ts";
import { codeToWire } from "../../model/wire/function.ts";
import type { FunctionRecord } from "../store/store.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { inlineFileName, packInline } from "./inline-code.ts";
import { ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import { changeableTargetOf, recordOf, targetOf } from "./target.ts";

/** Answers the archive too; for inline code its source. */
export async function showFunctionCode(call: Call, context: ApiContext): Promise<Reply> {
  const record = recordOf(targetOf(call, context), context);
  return ok(codeToWire(record, context.place, await readCode(record, context)));
}

function readCode({ code }: FunctionRecord, { store }: ApiContext): Promise<Buffer> {
  if (code.type !== CodeType.Inline) return store.code.read(code.digest);
  return store.code.folder(code.digest).then((folder) => readFile(join(folder, code.filename)));
}

/** FSS.0409 when the code is the same already, as deploying clients expect. */
export async function updateFunctionCode(call: Call, context: ApiContext): Promise<Reply> {
  const { latest } = changeableTargetOf(call, context);
  const upload = accept(updateCodeFromWire(call.body, latest.spec.runtime));
  const code = await storeCode(upload, latest.spec, context);
  // The function may have changed or gone while the code was stored.
  const now = changeableTargetOf(call, context).latest;
  if (code.digest === now.code.digest) {
    throw new ApiError(
      "FSS.0409",
      `The function has this very code already (digest ${code.digest.slice(0, 16)}…). Nothing is to be done.`,
    );
  }
  return ok(codeToWire(context.store.functions.update(now.key, now.revision, { code }), context.place));
}

/** Checks an upload and stores it; the answer is not yet named by any record. */
export async function storeCode(
  upload: CodeUpload,
  spec: FunctionSpec,
  { store, limits }: ApiContext,
): Promise<CodeSpec> {
  const { type, file } = upload;
  if (file === undefined) {
    throw new ApiError(
      "FSS.1010",
      `code_url: this platform fetches no code from "${upload.link ?? ""}". Send the archive itself with code_type "zip".`,
    );
  }
  const inline = type === CodeType.Inline;
  const fileName = inlineFileName(spec);
  const archive = inline ? await packInline(file, fileName) : file;
  if (store.code.totalBytes() + archive.length > limits.totalCodeBytes) {
    throw new ApiError(
      "FSS.1042",
      `The code of all functions would take more than ${limits.totalCodeBytes} bytes, the most that are allowed. Delete versions that are not used.`,
    );
  }
  const { digest, size } = await store.code.put(archive);
  const filename = inline
    ? fileName
    : (upload.filename ?? (type === CodeType.Jar ? "index.jar" : "index.zip"));
  return { type, size, digest, filename };
}
