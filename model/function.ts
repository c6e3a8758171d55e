import { checkDescription } from "./description.ts";
import { checkEnvironment } from "./environment.ts";
import type { Fault } from "./fault.ts";
import { checkHandler } from "./handler.ts";
import { checkImage, type ImageSpec } from "./image.ts";
import { LIMITS } from "./limits.ts";
import { checkMounts, type MountsSpec } from "./mount.ts";
import { checkName } from "./name-rules.ts";
import { checkWholeNumber } from "./number.ts";
import { findRuntime, RUNTIMES, type HandlerForm, type Runtime } from "./runtimes.ts";

/** A function's configuration as plain data; names and units as in the guide (3.3). */
export interface FunctionSpec {
  readonly name: string;
  /** The application (folder) the function is in. Default `default`. */
  readonly package: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly description: string;
  /** Environment variables; shown in clear. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables that are encrypted at rest and never shown. */
  readonly encryptedEnvironment: Readonly<Record<string, string>>;
  readonly initializer?: { readonly handler: string; readonly timeoutSeconds: number };
  readonly preStop?: { readonly handler: string; readonly timeoutSeconds: number };
  /** Says whether an instance is well; asked every 5 seconds while it serves. Java only (guide 3.3.12). */
  readonly heartbeat?: { readonly handler: string };
  /** Requests that one instance works on at the same time. Default 1. */
  readonly concurrency: number;
  /** −1: no limit, 0: disabled. Default 400. */
  readonly maxInstances: number;
  /** Lets callers choose the memory by X-Cff-Instance-Memory. Default false. */
  readonly dynamicMemory: boolean;
  /** Agency whose temporary credentials the code gets in its Context. */
  readonly executionAgency?: string;
  readonly configurationAgency?: string;
  /** The container image that is the function's code; always with the runtime `Custom Image`, possible with `http` (guide 3.2.4). */
  readonly image?: ImageSpec;
  /** Requests to an HTTP function carry the temporary credentials of its agency in X-CFF-* headers. Default false. */
  readonly authInHeader?: boolean;
  /** Ids of the dependency versions whose files are merged with the code; left out when there are none (guide 3.9). */
  readonly dependencies?: readonly string[];
  /** Its place in a VPC; left out: the network that all functions share (guide 3.3.4). */
  readonly network?: { readonly vpcId: string; readonly subnetId: string };
  /** File systems that its code sees (guide 3.3.5). */
  readonly fileSystems?: MountsSpec;
}

/** What identifies a code archive. */
export interface CodeSpec {
  readonly type: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-512 of the archive, hex. */
  readonly digest: string;
  /** Name shown to users, for example `index.zip`. */
  readonly filename: string;
}

/** Fills what the user left out with the service's defaults. */
export function normalizeFunction(
  given: Partial<FunctionSpec> & Pick<FunctionSpec, "name" | "runtime" | "handler">,
): FunctionSpec {
  return {
    package: "default",
    memoryMb: LIMITS.memorySizesMb[0],
    timeoutSeconds: LIMITS.timeoutSeconds.default,
    description: "",
    environment: {},
    encryptedEnvironment: {},
    concurrency: LIMITS.concurrencyPerInstance.default,
    maxInstances: LIMITS.maxInstances.default,
    dynamicMemory: false,
    ...given,
  };
}

/** The fault of a function or dependency that is declared without its code. */
export const NO_CODE: Fault = {
  property: "code",
  rule: "is missing",
  fix: 'Give the folder that it is in, for example "./functions/hello"; a function may have a container image instead.',
  code: "FSS.1012",
};

/** All faults of a function's configuration. */
export function checkFunction(spec: FunctionSpec): Fault[] {
  const runtime = findRuntime(spec.runtime);
  return [
    ...checkName("function", spec.name),
    ...checkName("package", spec.package, "package"),
    ...(runtime === undefined ? [unknownRuntime(spec.runtime)] : checkEntries(spec, runtime)),
    ...checkImageUse(spec, runtime),
    ...checkMemory(spec.memoryMb),
    ...checkWholeNumber("timeoutSeconds", spec.timeoutSeconds, {
      ...LIMITS.timeoutSeconds,
      unit: "seconds",
      code: "FSS.1008",
    }),
    ...checkEnvironment(spec.environment, spec.encryptedEnvironment),
    ...checkDescription(spec.description),
    ...(spec.fileSystems ? checkMounts(spec.fileSystems) : []).map(inFileSystems),
    ...checkWholeNumber("concurrency", spec.concurrency, {
      ...LIMITS.concurrencyPerInstance,
      unit: "requests",
      code: "FSS.1026",
    }),
    ...checkWholeNumber("maxInstances", spec.maxInstances, {
      ...LIMITS.maxInstances,
      note: "-1: no limit, 0: function disabled",
      code: "FSS.1026",
    }),
  ];
}

function unknownRuntime(name: string): Fault {
  const wanted = name.toLowerCase().replaceAll(/[^a-z]/g, "");
  const near = RUNTIMES.filter((runtime) => {
    const known = runtime.name.toLowerCase().replaceAll(/[^a-z]/g, "");
    return wanted !== "" && (known.startsWith(wanted) || wanted.startsWith(known));
  });
  const shown = (near.length > 0 ? near : RUNTIMES).map((runtime) => runtime.name);
  return {
    property: "runtime",
    value: name,
    rule: "is not a runtime of the service",
    fix: `Use one of ${shown.join(", ")}.`,
    code: "FSS.1005",
  };
}

function inFileSystems(fault: Fault): Fault {
  return { ...fault, property: `fileSystems.${fault.property}` };
}

function checkEntries(spec: FunctionSpec, own: Runtime): Fault[] {
  // What starts an image stands in the image, also for an HTTP function.
  const runtime = (spec.image && findRuntime("Custom Image")) ?? own;
  const faults = checkHandler(runtime, spec.handler, { property: "handler", code: "FSS.1003" });
  const { initializer, preStop } = spec;
  if (initializer !== undefined)
    faults.push(
      ...checkHandler(runtime, initializer.handler, { property: "initializer.handler", code: "FSS.1404" }),
      ...checkSameFile(spec.handler, initializer.handler, runtime),
      ...checkWholeNumber("initializer.timeoutSeconds", initializer.timeoutSeconds, {
        ...LIMITS.initializerTimeoutSeconds,
        unit: "seconds",
        code: "FSS.1405",
      }),
    );
  if (preStop !== undefined)
    faults.push(
      ...checkHandler(runtime, preStop.handler, { property: "preStop.handler", code: "FSS.1003" }),
      ...checkWholeNumber("preStop.timeoutSeconds", preStop.timeoutSeconds, {
        ...LIMITS.preStopTimeoutSeconds,
        unit: "seconds",
        code: "FSS.0400",
      }),
    );
  if (spec.heartbeat !== undefined) faults.push(...checkHeartbeat(spec.heartbeat.handler, spec, runtime));
  return faults;
}

/** A method of the handler's own class (guide table 3-21). */
function checkHeartbeat(heartbeat: string, { handler }: FunctionSpec, runtime: Runtime): Fault[] {
  const property = "heartbeat.handler";
  const code = "FSS.1003";
  if (runtime.family !== "java") {
    const rule = `heartbeat methods exist for Java only, not for ${runtime.name}`;
    return [{ property, value: heartbeat, rule, fix: "Leave it out.", code }];
  }
  const faults = checkHandler(runtime, heartbeat, { property, code });
  const own = classOf(handler);
  if (faults.length > 0 || classOf(heartbeat) === own) return faults;
  const rule = `must be in the same class as the handler ("${handler}")`;
  return [
    { property, value: heartbeat, rule, fix: `Use a method of ${own}, for example ${own}.heartbeat.`, code },
  ];
}

function classOf(handler: string): string {
  return handler.slice(0, handler.lastIndexOf("."));
}

/** An image function has an image, other functions but HTTP functions have none. */
function checkImageUse({ image, dependencies }: FunctionSpec, runtime: Runtime | undefined): Fault[] {
  if (runtime === undefined) return [];
  const code = "FSS.1034";
  if (image !== undefined && dependencies !== undefined)
    return [
      { property: "dependencies", rule: NO_LAYERS, fix: "Put their files into the image.", code: "FSS.1024" },
    ];
  if (image === undefined)
    return runtime.family === "image"
      ? [{ property: "image", rule: `the runtime ${runtime.name} needs an image`, fix: NEED_IMAGE, code }]
      : [];
  if (runtime.family === "image" || runtime.family === "http")
    return checkImage(image).map((fault) => ({ ...fault, property: `image.${fault.property}` }));
  const fix = 'Leave the image out, or choose the runtime "Custom Image" (events) or "http".';
  return [{ property: "image", rule: `the runtime ${runtime.name} runs no images`, fix, code }];
}

const NO_LAYERS = "dependencies are merged with code in an archive, and this code is a container image";
const NEED_IMAGE = 'Give the address of a container image, for example "registry.example.com/team/shop:1.4".';

/** The initializer stands in the file or class of the handler, where one load finds both. */
function checkSameFile(handler: string, initializer: string, runtime: Runtime): Fault[] {
  const unit = INITIALIZED_WITH[runtime.handlerForm];
  if (unit === undefined) return [];
  const [entry, own] = [handler, initializer].map((text) => splitAt(text, unit.separator));
  if (entry === undefined || own === undefined || entry.place === own.place) return [];
  return [
    {
      property: "initializer.handler",
      value: initializer,
      rule: `must be in the same ${unit.name} as the handler ("${handler}")`,
      fix: `Move the initializer there and write "${entry.place}${unit.separator}${own.name}".`,
      code: "FSS.1404",
    },
  ];
}

/** By the form of handlers: what initializer and handler share, and what stands between that and the name. */
const INITIALIZED_WITH: Partial<Record<HandlerForm, { readonly name: string; readonly separator: string }>> =
  {
    "file.function": { name: "file", separator: "." },
    "package.Class.method": { name: "class", separator: "." },
    assembly: { name: "class", separator: "::" },
  };

function splitAt(text: string, separator: string): { place: string; name: string } | undefined {
  const at = text.lastIndexOf(separator);
  return at <= 0 ? undefined : { place: text.slice(0, at), name: text.slice(at + separator.length) };
}

function checkMemory(memoryMb: number): Fault[] {
  const sizes: readonly number[] = LIMITS.memorySizesMb;
  if (sizes.includes(memoryMb)) return [];
  const next = sizes.find((size) => size >= memoryMb) ?? sizes.at(-1) ?? memoryMb;
  return [
    {
      property: "memoryMb",
      value: memoryMb,
      rule: `must be one of ${sizes.join(", ")}`,
      fix: `Use ${next}, for example.`,
      code: "FSS.1007",
    },
  ];
}
