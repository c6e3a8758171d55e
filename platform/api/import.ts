import type { BodyOf } from "../../model/api/value.ts";
import { decodeBase64 } from "../../model/wire/base64.ts";
import { readExport } from "../workshop/workshop.ts";
import { refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { createFunction } from "./functions.ts";
import type { ApiContext, Call, Reply, Operations } from "./operation.ts";
import { shown } from "./target.ts";

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
  const archive = decode(read.file_code, context);
  const found = await readExport(read.file_name, archive, context.limits.zipBytes);
  if (!("config" in found)) throw refusal(found);
  const body = {
    ...found.config,
    func_name: read.func_name,
    ...(read.package ? { package: read.package } : {}),
    func_code: { file: found.code },
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

/** Functions on their way in. */
export const importOperations = {
  ImportFunction: importFunction,
} satisfies Operations;
