import { z } from "zod";
import type { Fault } from "../fault.ts";
import { checkFunction, type FunctionSpec, normalizeFunction } from "../function.ts";
import { readBody } from "./body.ts";
import { codeFields, type CodeUpload, readCode, updateCodeToWire } from "./code.ts";
import { dependencyListFields, readDependencyList } from "./dependency-list.ts";
import { imageFields, imageToWire, readImage } from "./image.ts";
import { mountFaultOnTheWire, mountFields, mountsToWire, NO_MOUNTS, readMounts } from "./mounts.ts";
import { networkFields, networkToWire, readNetwork } from "./network.ts";
import { maskedVariables, readVariables, writeVariables } from "./variables.ts";

/** The fields of a request that make up a function's configuration. */
const configFields = {
  func_name: z.string(),
  runtime: z.string(),
  handler: z.string().nullish(),
  timeout: z.number().nullish(),
  memory_size: z.number().nullish(),
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
  ...dependencyListFields,
  ...networkFields,
  ...mountFields,
  strategy_config: z
    .looseObject({ concurrency: z.number().nullish(), concurrent_num: z.number().nullish() })
    .nullish(),
};

const updateSchema = z.looseObject(configFields);
const createSchema = z.looseObject({ ...configFields, ...codeFields, package: z.string().nullish() });
type ConfigBody = z.infer<typeof updateSchema>;

/** What our properties are called on the wire. */
const WIRE_NAMES: Readonly<Record<string, string>> = {
  name: "func_name",
  memoryMb: "memory_size",
  timeoutSeconds: "timeout",
  environment: "user_data",
  encryptedEnvironment: "encrypted_user_data",
  "initializer.handler": "initializer_handler",
  "initializer.timeoutSeconds": "initializer_timeout",
  "preStop.handler": "pre_stop_handler",
  "preStop.timeoutSeconds": "pre_stop_timeout",
  "heartbeat.handler": "heartbeat_handler",
  concurrency: "strategy_config.concurrent_num",
  maxInstances: "strategy_config.concurrency",
  dynamicMemory: "enable_dynamic_memory",
  image: "custom_image",
  "image.reference": "custom_image.image",
  "image.workingDir": "custom_image.working_dir",
};

const CODES: Readonly<Record<string, string>> = {
  func_name: "FSS.1002",
  handler: "FSS.1003",
  package: "FSS.1004",
  runtime: "FSS.1005",
  code_type: "FSS.1006",
  memory_size: "FSS.1007",
  timeout: "FSS.1008",
  user_data: "FSS.1009",
  encrypted_user_data: "FSS.1009",
  func_code: "FSS.1011",
  description: "FSS.1019",
  depend_list: "FSS.1024",
  depend_version_list: "FSS.1024",
  strategy_config: "FSS.1026",
  custom_image: "FSS.1034",
  func_vpc: "FSS.1036",
  mount_config: "FSS.1039",
  initializer_handler: "FSS.1404",
  initializer_timeout: "FSS.1405",
};

/** Fields of features that are refused, not ignored: a function must not seem to have a network that it has not. */
const UNSUPPORTED = ["gpu_memory", "gpu_type", "network_controller", "restore_hook_handler"];

/** Body of CreateFunction: configuration and code, checked by every rule. */
export function createFunctionFromWire(body: unknown): { spec: FunctionSpec; code: CodeUpload } | Fault[] {
  const read = readBody(createSchema, body, CODES);
  if (Array.isArray(read)) return read;
  const base = normalizeFunction({
    name: read.func_name,
    runtime: read.runtime,
    handler: "-",
    ...(read.package ? { package: read.package } : {}),
  });
  const spec = readSpec(read, base);
  const code = readCode(read, read.runtime);
  if (!Array.isArray(spec) && !Array.isArray(code)) return { spec, code };
  return [...(Array.isArray(spec) ? spec : []), ...(Array.isArray(code) ? code : [])];
}

/**
 * Body of UpdateFunctionConfig on the current configuration: fields that are left out stay as they are.
 * An encrypted variable that comes back blank, as it was read, keeps its value.
 */
export function updateConfigFromWire(body: unknown, current: FunctionSpec): FunctionSpec | Fault[] {
  const read = readBody(updateSchema, body, CODES);
  if (Array.isArray(read)) return read;
  const faults = [
    ...checkUnchanged("func_name", read.func_name, current.name),
    ...checkUnchanged("runtime", read.runtime, current.runtime),
  ];
  const spec = readSpec(read, current);
  if (Array.isArray(spec)) return [...faults, ...spec];
  if ((spec.image === undefined) !== (current.image === undefined)) faults.push(OTHER_CODE);
  return faults.length > 0 ? faults : spec;
}

const OTHER_CODE: Fault = {
  property: "custom_image",
  rule: "a function cannot change between code in an archive and code in a container image",
  fix: "Create another function instead.",
  code: "FSS.1034",
};

/** The body that CreateFunction takes. */
export function createFunctionToWire(spec: FunctionSpec, code: CodeUpload): Record<string, unknown> {
  return { ...updateConfigToWire(spec), package: spec.package, ...updateCodeToWire(code) };
}

/** The body that UpdateFunctionConfig takes: the whole configuration, so that nothing is left over from before. */
export function updateConfigToWire(spec: FunctionSpec): Record<string, unknown> {
  return {
    ...configToWire(spec),
    encrypted_user_data: writeVariables(spec.encryptedEnvironment),
    depend_version_list: spec.dependencies ?? [],
    ...(spec.network === undefined && { func_vpc: { vpc_id: "", subnet_id: "" } }),
    ...(spec.fileSystems === undefined && NO_MOUNTS),
  };
}

/** The configuration as replies show it: encrypted values are blank. */
export function configToWire(spec: FunctionSpec): Record<string, unknown> {
  return {
    func_name: spec.name,
    runtime: spec.runtime,
    handler: spec.handler,
    timeout: spec.timeoutSeconds,
    memory_size: spec.memoryMb,
    description: spec.description,
    user_data: writeVariables(spec.environment),
    encrypted_user_data: writeVariables(maskedVariables(spec.encryptedEnvironment)),
    xrole: spec.configurationAgency ?? "",
    app_xrole: spec.executionAgency ?? "",
    initializer_handler: spec.initializer?.handler ?? "",
    initializer_timeout: spec.initializer?.timeoutSeconds ?? 0,
    pre_stop_handler: spec.preStop?.handler ?? "",
    pre_stop_timeout: spec.preStop?.timeoutSeconds ?? 0,
    heartbeat_handler: spec.heartbeat?.handler ?? "",
    enable_dynamic_memory: spec.dynamicMemory,
    ...imageToWire(spec.image),
    ...networkToWire(spec.network),
    ...mountsToWire(spec.fileSystems),
    enable_auth_in_header: spec.authInHeader ?? false,
    strategy_config: { concurrency: spec.maxInstances, concurrent_num: spec.concurrency },
  };
}

/** The configuration in a body, over what holds without it; checked by every rule. */
function readSpec(body: ConfigBody, base: FunctionSpec): FunctionSpec | Fault[] {
  const environment = readVariables("user_data", body.user_data, base.environment);
  const encrypted = readVariables(
    "encrypted_user_data",
    body.encrypted_user_data,
    base.encryptedEnvironment,
    true,
  );
  const image = readImage(body.custom_image, base.image);
  const network = readNetwork(body.func_vpc, base.network);
  const shape = [
    ...(Array.isArray(image) ? image : []),
    ...(Array.isArray(network) ? network : []),
    ...(Array.isArray(environment) ? environment : []),
    ...(Array.isArray(encrypted) ? encrypted : []),
    ...UNSUPPORTED.filter((name) => isSet(body[name])).map(unsupported),
  ];
  const { initializer, preStop, executionAgency, configurationAgency, dependencies, ...fields } = base;
  const { image: _image, network: _network, fileSystems, authInHeader, heartbeat, ...rest } = fields;
  const heartbeatHandler = readText(body.heartbeat_handler, heartbeat?.handler);
  const spec: FunctionSpec = {
    ...rest,
    handler: body.handler || base.handler,
    memoryMb: body.memory_size ?? base.memoryMb,
    timeoutSeconds: body.timeout ?? base.timeoutSeconds,
    description: body.description ?? base.description,
    environment: Array.isArray(environment) ? {} : environment,
    encryptedEnvironment: Array.isArray(encrypted) ? {} : encrypted,
    dynamicMemory: body.enable_dynamic_memory ?? base.dynamicMemory,
    concurrency: body.strategy_config?.concurrent_num ?? base.concurrency,
    maxInstances: body.strategy_config?.concurrency ?? base.maxInstances,
    ...optional("initializer", readHook(body.initializer_handler, body.initializer_timeout, initializer)),
    ...optional("preStop", readHook(body.pre_stop_handler, body.pre_stop_timeout, preStop)),
    ...optional("heartbeat", heartbeatHandler === undefined ? undefined : { handler: heartbeatHandler }),
    ...optional("executionAgency", readText(body.app_xrole, executionAgency)),
    ...optional("configurationAgency", readText(body.xrole, configurationAgency)),
    ...readDependencies(body, dependencies),
    ...optional("image", Array.isArray(image) ? undefined : image),
    ...optional("network", Array.isArray(network) ? undefined : network),
    ...optional("fileSystems", readMounts(body.mount_config, fileSystems)),
    ...((body.enable_auth_in_header ?? authInHeader) ? { authInHeader: true } : {}),
  };
  const faults = [...shape, ...checkFunction(spec).map(onTheWire)];
  return faults.length > 0 ? faults : spec;
}

/** Names a fault's property as the wire does. */
function onTheWire(fault: Fault): Fault {
  if (fault.property.startsWith("fileSystems")) return mountFaultOnTheWire(fault);
  const whole = WIRE_NAMES[fault.property];
  if (whole !== undefined) return { ...fault, property: whole };
  const [head = "", ...tail] = fault.property.split(".");
  return { ...fault, property: [WIRE_NAMES[head] ?? head, ...tail].join(".") };
}

function checkUnchanged(property: string, given: string, current: string): Fault[] {
  if (given === current) return [];
  return [
    {
      property,
      value: given,
      rule: `can never change (it is "${current}")`,
      fix: "Create another function instead.",
      code: CODES[property] ?? "FSS.0400",
    },
  ];
}

function unsupported(property: string): Fault {
  return {
    property,
    rule: "is a feature that this platform does not have",
    fix: "Leave the field out.",
    code: "FSS.0400",
  };
}

function isSet(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(isSet);
  return value !== undefined && value !== null && value !== "" && value !== 0 && value !== false;
}

type Hook = NonNullable<FunctionSpec["initializer"]>;

/** Left out: as it was. Blank: none. */
function readHook(
  handler: string | null | undefined,
  timeoutSeconds: number | null | undefined,
  current: Hook | undefined,
): Hook | undefined {
  const name = handler ?? current?.handler ?? "";
  // A missing timeout is 0, which the check refuses with the range that is allowed.
  return name === ""
    ? undefined
    : { handler: name, timeoutSeconds: timeoutSeconds ?? current?.timeoutSeconds ?? 0 };
}

/** Left out: as it was. None: the field goes. */
function readDependencies(
  body: ConfigBody,
  current: readonly string[] | undefined,
): Pick<FunctionSpec, "dependencies"> {
  const ids = readDependencyList(body) ?? current ?? [];
  return ids.length === 0 ? {} : { dependencies: ids };
}

function readText(given: string | null | undefined, current: string | undefined): string | undefined {
  return (given ?? current) || undefined;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
