import { z } from "zod";
import type { Fault } from "../fault.ts";
import { type CodeSpec, type FunctionSpec, normalizeFunction } from "../function.ts";
import { cpuMillicores, LIMITS } from "../limits.ts";
import { formatFunctionUrn } from "../names.ts";
import { LATEST } from "../version.ts";
import { formatApiTime, parseApiTime, readBody } from "./body.ts";
import type { CodeUpload } from "./code.ts";
import type { DependencyVersion } from "../dependency.ts";
import { dependencyFields } from "./dependency.ts";
import { configToWire } from "./function-config.ts";
import { imageFields, readImage } from "./image.ts";
import { mountFields, readMounts } from "./mounts.ts";
import { networkFields, readNetwork } from "./network.ts";
import { readVariables } from "./variables.ts";

/** One version of a function as the platform keeps it. */
export interface FunctionView {
  readonly key: { readonly projectId: string; readonly package: string; readonly name: string };
  /** UUID, for `resource_id`. */
  readonly id: string;
  readonly version: string;
  readonly versionDescription: string;
  readonly spec: FunctionSpec;
  readonly code: CodeSpec;
  /** The versions that `spec.dependencies` names, in its order. */
  readonly dependencies: readonly DependencyVersion[];
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** What a reply says of the account beside the function. */
export interface WirePlace {
  readonly region: string;
  readonly domainId: string;
}

/** The URN of a version, with its version. */
function urnOf(view: Pick<FunctionView, "key" | "version">, region: string): string {
  return formatFunctionUrn({ region, ...view.key, version: view.version });
}

/** A function as CreateFunction, ShowFunctionConfig and the lists answer it. */
export function functionToWire(view: FunctionView, place: WirePlace): Record<string, unknown> {
  const { spec } = view;
  return {
    func_id: view.id,
    resource_id: `${view.id}:${spec.name}`,
    ...identity(view, place),
    ...configToWire(spec),
    namespace: view.key.projectId,
    project_name: place.region,
    package: spec.package,
    cpu: cpuMillicores(spec.memoryMb),
    ...codeOf(view),
    version: view.version,
    ...(view.version === LATEST ? {} : { version_description: view.versionDescription }),
    image_name: spec.image?.reference ?? "",
    ...dependencyFields(view.dependencies, place.domainId),
    enterprise_project_id: "0",
    long_time: spec.timeoutSeconds > LIMITS.synchronousSeconds,
    type: "v2",
    is_stateful_function: false,
    is_bridge_function: false,
    reserved_instance_idle_mode: false,
  };
}

/** A function's code as ShowFunctionCode and UpdateFunctionCode answer it; the archive itself only where it is given. */
export function codeToWire(view: FunctionView, place: WirePlace, file?: string): Record<string, unknown> {
  return {
    ...identity(view, place),
    runtime: view.spec.runtime,
    ...codeOf(view),
    func_code: file === undefined ? {} : { file, link: "" },
    ...dependencyFields(view.dependencies, place.domainId),
    strategy_config: { concurrency: view.spec.maxInstances, concurrent_num: view.spec.concurrency },
  };
}

function identity(view: FunctionView, place: WirePlace): Record<string, unknown> {
  return {
    func_urn: urnOf(view, place.region),
    func_name: view.spec.name,
    domain_id: place.domainId,
    last_modified: formatApiTime(view.modifiedAt),
  };
}

function codeOf({ code }: FunctionView): Record<string, unknown> {
  return {
    code_type: code.type,
    code_url: "",
    code_filename: code.filename,
    code_size: code.size,
    digest: code.digest,
  };
}

const replySchema = z.looseObject({
  func_id: z.string().nullish(),
  func_urn: z.string(),
  func_name: z.string(),
  package: z.string(),
  runtime: z.string(),
  handler: z.string(),
  timeout: z.number(),
  memory_size: z.number(),
  version: z.string(),
  version_description: z.string().nullish(),
  description: z.string().nullish(),
  user_data: z.string().nullish(),
  encrypted_user_data: z.string().nullish(),
  xrole: z.string().nullish(),
  app_xrole: z.string().nullish(),
  initializer_handler: z.string().nullish(),
  initializer_timeout: z.number().nullish(),
  pre_stop_handler: z.string().nullish(),
  pre_stop_timeout: z.number().nullish(),
  heartbeat_handler: z.string().nullish(),
  enable_dynamic_memory: z.boolean().nullish(),
  enable_auth_in_header: z.boolean().nullish(),
  ...imageFields,
  ...networkFields,
  ...mountFields,
  depend_version_list: z.array(z.string()).nullish(),
  strategy_config: z.looseObject({ concurrency: z.number(), concurrent_num: z.number() }).nullish(),
  code_type: z.string(),
  code_filename: z.string().nullish(),
  code_size: z.number(),
  digest: z.string(),
  last_modified: z.string(),
});

/** A function as a client reads it. Values of encrypted variables are blank. */
export interface FunctionReply {
  /** Id that instances of the function carry; empty where the platform tells none. */
  readonly id: string;
  readonly urn: string;
  readonly version: string;
  readonly versionDescription: string;
  readonly spec: FunctionSpec;
  readonly code: CodeSpec;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** Reads a reply of CreateFunction, ShowFunctionConfig, CreateFunctionVersion or an item of the lists. */
export function functionFromWire(body: unknown): FunctionReply | Fault[] {
  const read = readBody(replySchema, body);
  if (Array.isArray(read)) return read;
  const environment = readVariables("user_data", read.user_data, {});
  const encrypted = readVariables("encrypted_user_data", read.encrypted_user_data, {});
  const image = readImage(read.custom_image, undefined);
  const network = readNetwork(read.func_vpc, undefined);
  if (Array.isArray(network)) return network;
  if (Array.isArray(image)) return image;
  if (Array.isArray(environment)) return environment;
  if (Array.isArray(encrypted)) return encrypted;
  const spec = normalizeFunction({
    name: read.func_name,
    package: read.package,
    runtime: read.runtime,
    handler: read.handler,
    memoryMb: read.memory_size,
    timeoutSeconds: read.timeout,
    description: read.description ?? "",
    environment,
    encryptedEnvironment: encrypted,
    ...optional(read),
    ...(image === undefined ? {} : { image }),
    ...(network === undefined ? {} : { network }),
  });
  return {
    id: read.func_id ?? "",
    urn: read.func_urn,
    version: read.version,
    versionDescription: read.version_description ?? "",
    spec,
    code: {
      type: read.code_type,
      size: read.code_size,
      digest: read.digest,
      filename: read.code_filename ?? "",
    },
    modifiedAt: parseApiTime(read.last_modified),
  };
}

function optional(read: z.infer<typeof replySchema>): Partial<FunctionSpec> {
  const strategy = read.strategy_config;
  const fileSystems = readMounts(read.mount_config, undefined);
  return {
    ...(read.initializer_handler
      ? {
          initializer: { handler: read.initializer_handler, timeoutSeconds: read.initializer_timeout ?? 0 },
        }
      : {}),
    ...(read.pre_stop_handler
      ? { preStop: { handler: read.pre_stop_handler, timeoutSeconds: read.pre_stop_timeout ?? 0 } }
      : {}),
    ...(read.heartbeat_handler ? { heartbeat: { handler: read.heartbeat_handler } } : {}),
    ...(read.enable_dynamic_memory ? { dynamicMemory: true } : {}),
    ...(strategy ? { maxInstances: strategy.concurrency, concurrency: strategy.concurrent_num } : {}),
    ...(read.enable_auth_in_header ? { authInHeader: true } : {}),
    ...(read.depend_version_list?.length ? { dependencies: read.depend_version_list } : {}),
    ...(read.app_xrole ? { executionAgency: read.app_xrole } : {}),
    ...(read.xrole ? { configurationAgency: read.xrole } : {}),
    ...(fileSystems === undefined ? {} : { fileSystems }),
  };
}

const codeReplySchema = z.looseObject({
  code_type: z.string(),
  digest: z.string(),
  code_filename: z.string().nullish(),
  func_code: z.looseObject({ file: z.string().nullish() }).nullish(),
});

/** Reads a reply of ShowFunctionCode or UpdateFunctionCode; `file` is there when the reply carried the archive. */
export function codeFromWire(
  body: unknown,
): (Pick<CodeUpload, "file"> & { type: string; digest: string; filename: string }) | Fault[] {
  const read = readBody(codeReplySchema, body);
  if (Array.isArray(read)) return read;
  const file = read.func_code?.file;
  return {
    type: read.code_type,
    digest: read.digest,
    filename: read.code_filename ?? "",
    ...(file ? { file: Buffer.from(file, "base64") } : {}),
  };
}
