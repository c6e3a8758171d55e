import type { BodyOf } from "../../model/api/value.ts";
import { parse } from "yaml";
import { z } from "zod";

import { decodeBase64 } from "../../model/wire/base64.ts";
import { openArchive } from "../../packaging/archive.ts";
import { readContent, type CodeFile } from "../../packaging/code-file.ts";
import { refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { createFunction } from "./functions.ts";
import type { ApiContext, Call, Reply, Operations } from "./operation.ts";
import { shown } from "./target.ts";

/** A configuration is a page of text, not more. */
const CONFIG_BYTES = 256 * 1024;

/**
 * Creates a function from what an export gave, under the name and in the package of the request. FSS.1061 for a taken
 * name, FSS.1023 for an archive over the limit. Encrypted variables come without their values; set them afterwards.
 */
async function importFunction(call: Call, context: ApiContext): Promise<Reply> {
  const read = call.body as BodyOf<"ImportFunction">;
  if (read.file_type !== "zip" && !read.file_type.endsWith("/zip")) {
    throw new ApiError(
      "FSS.1013",
      `file_type is ${shown(read.file_type)}. Send an exported archive, and "zip".`,
    );
  }
  const { config, code } = await unpack(read.file_name, decode(read.file_code, context), context);
  const body = {
    ...config,
    func_name: read.func_name,
    ...(read.package ? { package: read.package } : {}),
    func_code: { file: code },
  };
  return createFunction({ ...call, body }, context);
}

function decode(given: string | Uint8Array, { limits }: ApiContext): Buffer {
  const bytes = decodeBase64(given);
  if (bytes === undefined) {
    throw new ApiError(
      "FSS.1011",
      "file_code is not Base64. Send the bytes of the exported archive as Base64.",
    );
  }
  if (bytes.length <= limits.zipBytes) return bytes;
  throw new ApiError(
    "FSS.1023",
    `The archive has ${bytes.length} bytes, at most ${limits.zipBytes} are allowed. Import the configuration alone and deploy the code by itself.`,
  );
}

async function unpack(
  name: string,
  archive: Buffer,
  { limits }: ApiContext,
): Promise<{ config: Record<string, unknown>; code: Buffer }> {
  const { tree, faults } = await openArchive(name, archive);
  if (faults.length > 0) throw refusal(faults);
  const files = [...tree.values()];
  const [config, ...more] = files.filter(isConfig);
  if (config === undefined || more.length > 0) {
    throw new ApiError(
      config === undefined ? "FSS.1025" : "FSS.1022",
      `The archive has ${config === undefined ? "no" : more.length + 1} YAML files at its root, it must have one with the configuration. Export with config=true.`,
    );
  }
  const [code, ...others] = files.filter((file) => file !== config);
  if (code === undefined || others.length > 0) {
    throw new ApiError(
      "FSS.1012",
      `The archive has ${code === undefined ? "no" : others.length + 1} files beside the configuration, it must have one with the code. Export with code=true.`,
    );
  }
  try {
    return {
      config: readConfig(config.name, await readContent(config, CONFIG_BYTES)),
      // One byte more than is allowed, so that the check of the code sees what is too much.
      code: await readContent(code, limits.zipBytes + 1),
    };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError("FSS.1011", `The archive is damaged: ${(error as Error).message}. Export it again.`);
  }
}

function isConfig({ name }: CodeFile): boolean {
  return /^[^/]+\.ya?ml$/.test(name);
}

const configSchema = z.record(z.string(), z.unknown());

function readConfig(name: string, content: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = parse(content.toString());
  } catch (error) {
    throw new ApiError("FSS.1025", `${name} is no YAML: ${(error as Error).message}. Export it again.`);
  }
  const read = configSchema.safeParse(value);
  if (read.success) return read.data;
  throw new ApiError("FSS.1025", `${name} holds no configuration of a function. Export it again.`);
}

/** Functions on their way in. */
export const importOperations = {
  ImportFunction: importFunction,
} satisfies Operations;
