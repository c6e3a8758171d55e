import * as pulumi from "@pulumi/pulumi";
import { renamed } from "../../model/declaration.ts";
import type { Fault } from "../../model/fault.ts";
import { checkFunction, NO_CODE, normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { checkTagMap } from "../../model/tag.ts";
import { checkCodePath } from "../../packaging/code-path.ts";
import type { FunctionArgs, HookArgs } from "../function-args.ts";
import { IMAGE_CODE, imageInputs, knownImage } from "../image.ts";
import { fileSystemsInputs, knownFileSystems } from "../placement.ts";
import { type CodeAnswer, type PackedInputs, packCode } from "./code.ts";
import { failOn } from "./errors.ts";
import { isKnown, knownEntries, knownOr } from "./known.ts";

const HOOK_SECONDS = 3;

/** Arguments that become properties of the same name. */
const PLAIN = [
  "package",
  "description",
  "memoryMb",
  "timeoutSeconds",
  "concurrency",
  "maxInstances",
  "dynamicMemory",
  "authInHeader",
  "executionAgency",
  "configurationAgency",
] as const;

/** What is registered for a function. @throws ResourceError with every fault of the arguments */
export function functionInputs(name: string, args: FunctionArgs): pulumi.Inputs {
  const spec = knownSpec(name, args);
  const faults = renamed(checkFunction(spec), {
    name: "functionName",
    "heartbeat.handler": "heartbeatHandler",
  });
  const { faults: codeFaults, packed } = packFor(args, faults);
  const tagFaults = checkTagMap(knownEntries(args.tags));
  failOn({ kind: "Function", name }, [...faults, ...tagFaults, ...codeFaults]);
  return defined({
    ...spec,
    ...pick(args, (value) => !isKnown(value)),
    environment: args.environment ?? {},
    dependencies: args.dependencies?.length ? args.dependencies : undefined,
    encryptedEnvironment:
      args.encryptedEnvironment === undefined ? {} : pulumi.secret(args.encryptedEnvironment),
    initializer: args.initializer === undefined ? undefined : hook(args.initializer),
    preStop: args.preStop === undefined ? undefined : hook(args.preStop),
    heartbeat: args.heartbeatHandler === undefined ? undefined : { handler: args.heartbeatHandler },
    image: args.image === undefined ? undefined : imageInputs(args.image),
    network: args.network && { vpcId: args.network.vpcId, subnetId: args.network.subnetId },
    fileSystems: args.fileSystems && fileSystemsInputs(args.fileSystems),
    tags: args.tags,
    ...packed,
  });
}

/** Pulumi makes an output, of some thirty promises, of every property that is there, said or not. */
function defined(inputs: pulumi.Inputs): pulumi.Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

const CODE_AND_IMAGE: Fault = {
  property: "code",
  rule: "a function with a container image has no other code",
  fix: "Leave out code, or image.",
  code: "FSS.1006",
};

/** Code is packed for a runtime and a handler; when those are wrong, little that is wrong with the code can be told yet. */
function packFor(
  { code, image, runtime, handler }: FunctionArgs,
  faults: readonly Fault[],
): CodeAnswer<PackedInputs> {
  if (image !== undefined) return { faults: code === undefined ? [] : [CODE_AND_IMAGE], packed: IMAGE_CODE };
  if (code === undefined) return { faults: findRuntime(runtime)?.family === "image" ? [] : [NO_CODE] };
  const root = process.cwd();
  if (faults.some(({ property }) => property === "runtime" || property === "handler"))
    return { faults: checkCodePath({ root, code }) };
  return packCode({ root, code, runtime, handler });
}

/** The configuration as far as it is known; what is not has its default, which breaks no rule. */
function knownSpec(name: string, args: FunctionArgs): FunctionSpec {
  const { runtime, handler, initializer, preStop, heartbeatHandler } = args;
  return normalizeFunction({
    ...pick(args, isKnown),
    name: args.functionName ?? name,
    runtime,
    handler,
    environment: knownEntries(args.environment),
    encryptedEnvironment: knownEntries(args.encryptedEnvironment),
    ...(args.image && { image: knownImage(args.image) }),
    ...(args.fileSystems && { fileSystems: knownFileSystems(args.fileSystems) }),
    ...(initializer && { initializer: knownHook(initializer, handler) }),
    ...(preStop && { preStop: knownHook(preStop, handler) }),
    ...(heartbeatHandler !== undefined &&
      isKnown(heartbeatHandler) && { heartbeat: { handler: heartbeatHandler } }),
  });
}

function pick(args: FunctionArgs, wanted: (value: unknown) => boolean): Partial<FunctionSpec> {
  const entries = PLAIN.map((key) => [key, args[key]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && wanted(value)));
}

function hook(args: HookArgs): HookArgs {
  return { handler: args.handler, timeoutSeconds: args.timeoutSeconds ?? HOOK_SECONDS };
}

function knownHook(args: HookArgs, handler: string): { handler: string; timeoutSeconds: number } {
  const timeoutSeconds = knownOr(args.timeoutSeconds ?? HOOK_SECONDS, HOOK_SECONDS);
  return { handler: knownOr(args.handler, handler), timeoutSeconds };
}
