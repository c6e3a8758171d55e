import { z } from "zod";
import type { Fault } from "../fault.ts";
import { LIMITS } from "../limits.ts";
import { CodeType, findRuntime } from "../runtimes.ts";
import { base64, decodeBase64 } from "./base64.ts";
import { readBody } from "./body.ts";
import { hasImage, imageFields } from "./image.ts";
import { dependencyListFields, readDependencyList } from "./dependency-list.ts";

/** Code on its way to the platform: bytes, or a link to them. */
export interface CodeUpload {
  readonly type: CodeType;
  /** The archive, or the source text when the type is `inline`. */
  readonly file?: Buffer;
  /** Where the archive is, when the type is `obs`. */
  readonly link?: string;
  readonly filename?: string;
}

/** The fields of a create or update request that carry code. */
export const codeFields = {
  code_type: z.string().nullish(),
  code_url: z.string().nullish(),
  code_filename: z.string().nullish(),
  func_code: z.looseObject({ file: base64.nullish(), link: z.string().nullish() }).nullish(),
  ...imageFields,
};

const updateSchema = z.looseObject({ ...codeFields, ...dependencyListFields, code_type: z.string() });

/** New code, and with it other dependencies where the request names them. */
export interface CodeUpdate extends CodeUpload {
  /** Ids as the request gives them; left out: as they are. */
  readonly dependencies?: readonly string[];
}

/** Body of UpdateFunctionCode, checked for a function of the given runtime. */
export function updateCodeFromWire(body: unknown, runtime: string): CodeUpdate | Fault[] {
  const read = readBody(updateSchema, body, {
    code_type: "FSS.1006",
    func_code: "FSS.1011",
    depend_list: "FSS.1024",
    depend_version_list: "FSS.1024",
  });
  if (Array.isArray(read)) return read;
  const code = readCode(read, runtime);
  const dependencies = readDependencyList(read);
  return Array.isArray(code) || dependencies === undefined ? code : { ...code, dependencies };
}

/** The body that UpdateFunctionCode takes. */
export function updateCodeToWire(code: CodeUpload): Record<string, unknown> {
  return {
    code_type: code.type,
    ...(code.filename === undefined ? {} : { code_filename: code.filename }),
    ...(code.link === undefined ? {} : { code_url: code.link }),
    func_code: code.file === undefined ? {} : { file: code.file.toString("base64") },
  };
}

type CodeBody = z.infer<z.ZodObject<typeof codeFields>>;

/** The code of a request; a list of faults when it has none or a wrong one. */
export function readCode(body: CodeBody, runtime: string): CodeUpload | Fault[] {
  // Clients leave the type out for images.
  const image = hasImage(body.custom_image);
  const type = readType(body.code_type ?? (image ? CodeType.Image : CodeType.Inline), runtime);
  if (typeof type !== "string") return [type];
  if (image !== (type === CodeType.Image))
    return [
      image ? fault("code_type", "FSS.1006", ...IMAGE_TYPE) : fault("custom_image", "FSS.1034", ...NO_IMAGE),
    ];
  if (type === CodeType.Image) return { type };
  const filename = body.code_filename ? { filename: body.code_filename } : {};
  if (type === CodeType.Obs) {
    const link = body.code_url || body.func_code?.link;
    return link ? { type, link, ...filename } : [fault("code_url", "FSS.1010", ...NO_LINK)];
  }
  const given = body.func_code?.file;
  if (!given?.length) return [fault("func_code.file", "FSS.1012", ...NO_CODE)];
  const file = decodeBase64(given);
  if (file === undefined) return [fault("func_code.file", "FSS.1011", ...NO_BASE64)];
  const tooLarge = checkSize(type, file.length);
  return tooLarge === undefined ? { type, file, ...filename } : [tooLarge];
}

const IMAGE_TYPE = [
  "a function with a container image has no other code",
  `Send "${CodeType.Image}", or leave custom_image out.`,
] as const;
const NO_IMAGE = [
  "code from a container image needs its address",
  "Give the address in custom_image.image, with custom_image.enabled true.",
] as const;
const NO_LINK = [
  "code from an object store needs its address",
  "Give the address of the archive in code_url.",
] as const;
const NO_CODE = ["a function needs code", "Give the code as Base64 in func_code.file."] as const;
const NO_BASE64 = ["must be Base64", "Encode the bytes of the archive as Base64."] as const;

function fault(property: string, code: string, rule: string, fix: string): Fault {
  return { property, code, rule, fix };
}

function readType(given: string, runtime: string): CodeType | Fault {
  const allowed: readonly CodeType[] = findRuntime(runtime)?.codeTypes ?? Object.values(CodeType);
  const type = allowed.find((one) => one === given);
  if (type !== undefined) return type;
  return {
    property: "code_type",
    value: given,
    rule: `the runtime ${runtime} takes ${allowed.join(", ")}`,
    fix: `Send "${allowed[0]}", for example.`,
    code: "FSS.1006",
  };
}

function checkSize(type: CodeType, bytes: number): Fault | undefined {
  const inline = type === CodeType.Inline;
  const limit = inline ? LIMITS.inlineCodeBytes : LIMITS.zipBytes;
  if (bytes <= limit) return undefined;
  return {
    property: "func_code.file",
    rule: `the ${inline ? "inline code" : "archive"} has ${bytes} bytes, at most ${limit} are allowed`,
    fix: inline ? 'Send an archive with code_type "zip".' : "Leave out files that the code does not need.",
    code: inline ? "FSS.1072" : "FSS.1071",
  };
}
