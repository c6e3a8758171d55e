import { stringify } from "yaml";

import { configToWire } from "../../model/wire/function-config.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import { writeZip } from "../../packaging/zip.ts";
import type { FunctionRecord } from "../store/functions.ts";
import type { Store } from "../store/store.ts";
import { digestCode } from "../workshop/workshop.ts";
import { refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { readCode } from "./function-code.ts";
import type { ApiContext, Call, Reply, Operations } from "./operation.ts";
import { recordOf, shown, targetOf } from "./target.ts";

/** Callers who export now: each exports one function at a time (guide 3.8). */
const exporting = new WeakMap<Store, Set<string>>();

/**
 * Answers one version as an archive: `<name>.yaml` with the configuration and the code under its own file name. It is
 * called by the function's name and the MD5 of its code (guide 3.8). Values of encrypted variables stay here.
 *
 * Query: `config` and `code` say what goes in, both when neither is given; `type` (`config` or `code`) means one alone.
 * FSS.0429 while the same caller exports another function.
 */
async function exportFunction(call: Call, context: ApiContext): Promise<Reply> {
  const record = recordOf(targetOf(call, context), context);
  if (record.spec.image !== undefined) throw new ApiError("FSS.0400", IN_IMAGE);
  const parts = partsOf(call.query);
  const busy = exporting.get(context.store) ?? new Set();
  exporting.set(context.store, busy);
  if (busy.has(call.caller.name)) {
    throw new ApiError(
      "FSS.0429",
      "Another export of the same caller still runs. Export one function at a time.",
    );
  }
  busy.add(call.caller.name);
  try {
    const code = await readCode(record, context);
    const archive = await context.store.code.read(record.code.digest);
    const name = `${record.key.name}_${await digestCode("md5", archive)}.zip`;
    return {
      status: 200,
      headers: { "Content-Disposition": `attachment; filename="${name}"` },
      body: await pack(record, code, parts),
    };
  } finally {
    busy.delete(call.caller.name);
  }
}

const IN_IMAGE =
  "The code of this function is in its container image, so there is no archive to export. Copy the image from its registry.";

interface Parts {
  readonly config: boolean;
  readonly code: boolean;
}

async function pack(record: FunctionRecord, code: Buffer, parts: Parts): Promise<Buffer> {
  const { filename, type } = record.code;
  const config = stringify({
    ...configToWire(record.spec),
    package: record.key.package,
    code_type: type,
    code_filename: filename,
    // By name: elsewhere the ids are others.
    depend_version_list: record.dependencies.map(({ spec, version }) => `${spec.name}:${version}`),
  });
  const files = [
    ...(parts.config ? [memoryFile(`${record.key.name}.yaml`, Buffer.from(config))] : []),
    ...(parts.code ? [memoryFile(filename, code)] : []),
  ];
  try {
    return await writeZip(files);
  } catch (error) {
    throw error instanceof PackagingError ? refusal(error.faults) : error;
  }
}

function partsOf(query: URLSearchParams): Parts {
  const type = query.get("type") ?? "";
  if (type !== "" && type !== "config" && type !== "code") {
    throw new ApiError("FSS.1001", `type is ${shown(type)}. Use "config" or "code", or leave it out.`);
  }
  const config = flag(query, "config") ?? (type === "" ? undefined : type === "config");
  const code = flag(query, "code") ?? (type === "" ? undefined : type === "code");
  if (config === undefined && code === undefined) return { config: true, code: true };
  if (config || code) return { config: config ?? false, code: code ?? false };
  throw new ApiError("FSS.1001", "Neither config nor code is asked for. Send config=true or code=true.");
}

function flag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name) ?? "";
  if (text === "") return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw new ApiError("FSS.1001", `${name} is ${shown(text)}. Send true or false, or leave it out.`);
}

/** Functions on their way out. */
export const exportOperations = {
  ExportFunction: exportFunction,
} satisfies Operations;
