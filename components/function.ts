import * as pulumi from "@pulumi/pulumi";
import { renamed } from "../model/declaration.ts";
import type { Fault } from "../model/fault.ts";
import { checkFunction, normalizeFunction, type FunctionSpec } from "../model/function.ts";
import { LIMITS } from "../model/limits.ts";
import { findRuntime } from "../model/runtimes.ts";
import { checkTagMap } from "../model/tag.ts";
import { LATEST } from "../model/version.ts";
import { Alias, type AliasTargetArgs } from "./alias.ts";
import { AsyncInvoke, type AsyncSettingsArgs } from "./async-invoke.ts";
import { checkCodePath } from "../packaging/code-path.ts";
import { HttpTrigger, type HttpRouteArgs } from "./http-trigger.ts";
import { type ImageArgs, IMAGE_CODE, imageInputs, knownImage } from "./image.ts";
import { type CodeAnswer, type PackedInputs, packCode } from "./internal/code.ts";
import { contentDigest } from "./internal/digest.ts";
import { failOn } from "./internal/errors.ts";
import { declareFunction, declareTarget, declareVersion } from "./internal/declared.ts";
import { isKnown, known, knownEntries, knownOr } from "./internal/known.ts";
import { type FileSystemsArgs, fileSystemsInputs, knownFileSystems, type NetworkArgs } from "./placement.ts";
import { type SavedEventArgs, TestEvent } from "./test-event.ts";
import { TimerTrigger, type ScheduleArgs } from "./timer-trigger.ts";
import { Version, type PublishArgs } from "./version.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:Function";
const HOOK_SECONDS = 3;

/** Code that runs before an instance's first request or before its end. */
export interface HookArgs {
  /** Entry in the code, written like the function's own handler. */
  handler: pulumi.Input<string>;
  /**
   * Seconds it may take: 1–300 for an initializer, 1–90 for a pre-stop hook. Defaults to 3.
   *
   * @default 3
   */
  timeoutSeconds?: pulumi.Input<number>;
}

/** Arguments of a function. */
export interface FunctionArgs {
  /** Runtime, for example `Runtime.NodeJs20` or its API name `"Node.js20.15"`. Cannot change once the function exists. */
  runtime: string;
  /** Entry in the code: `file.function` for Node.js, Python and PHP, `package.Class.method` for Java (guide 3.3.2). */
  handler: string;
  /**
   * The code, relative to the program's folder: a folder, a `.zip` or `.jar` file, or a `.ts` file that is bundled with
   * what it imports. Left out where the code is in an `image`, and only there.
   *
   * @default - none, with an image
   */
  code?: string;
  /**
   * Container image that is the code, with `Runtime.CustomImage` for events or `Runtime.Http` for whole requests and the
   * handler `-`. Needs a platform that runs containers. Defaults to none.
   *
   * @default - no image
   */
  image?: ImageArgs;
  /**
   * Name on the platform: a letter, then letters, digits, `-` and `_`, at most 60 characters. Defaults to the resource's
   * own name. Cannot change once the function exists.
   *
   * @default - the resource's name
   */
  functionName?: string;
  /**
   * Application (folder) the function is listed in. Defaults to `default`.
   *
   * @default "default"
   */
  package?: string;
  /**
   * What the function is for; at most 512 characters. Defaults to an empty text.
   *
   * @default ""
   */
  description?: pulumi.Input<string>;
  /**
   * Memory of one instance in MB: 128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192 or
   * 10240. The processor share grows with it. Defaults to 128.
   *
   * @default 128
   */
  memoryMb?: pulumi.Input<number>;
  /**
   * Seconds one request may take, 3–259200; it is stopped by force after that. Defaults to 3.
   *
   * @default 3
   */
  timeoutSeconds?: pulumi.Input<number>;
  /**
   * Environment variables, shown in clear. Names start with a letter and never with `RUNTIME_`. Together with
   * `encryptedEnvironment` at most 4096 characters. Defaults to none.
   *
   * @default {}
   */
  environment?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Environment variables that are kept encrypted and never shown. Defaults to none.
   *
   * @default {}
   */
  encryptedEnvironment?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Code that runs once in each instance before its first request (guide 3.3.1). Defaults to none.
   *
   * @default - no initializer
   */
  initializer?: HookArgs;
  /**
   * Code that runs in an instance before it ends. Defaults to none.
   *
   * @default - no hook
   */
  preStop?: HookArgs;
  /**
   * Method of the handler's class, `public boolean heartbeat()`, that says every 5 seconds whether an instance is well: Java
   * only (guide 3.3.12). An instance that says no, or nothing six times in a row, is ended. Defaults to none.
   *
   * @default - instances are not asked
   */
  heartbeatHandler?: pulumi.Input<string>;
  /**
   * Requests that one instance works on at the same time, 1–1000 (guide 3.3.8). Defaults to 1.
   *
   * @default 1
   */
  concurrency?: pulumi.Input<number>;
  /**
   * Most instances of this function: 1–1000, −1 for no limit, 0 to disable it. Defaults to 400.
   *
   * @default 400
   */
  maxInstances?: pulumi.Input<number>;
  /**
   * Whether callers may choose the memory of a request with `X-Cff-Instance-Memory` (guide 3.3.11). Defaults to false.
   *
   * @default false
   */
  dynamicMemory?: pulumi.Input<boolean>;
  /**
   * Whether requests to an HTTP function carry the temporary credentials of its agency in `X-CFF-*` headers. Defaults to
   * false.
   *
   * @default false
   */
  authInHeader?: pulumi.Input<boolean>;
  /**
   * Agency whose temporary credentials the code gets. Defaults to none.
   *
   * @default - no credentials
   */
  executionAgency?: pulumi.Input<string>;
  /**
   * Agency that the platform itself uses for this function (guide 3.3.3). Defaults to none.
   *
   * @default - no agency
   */
  configurationAgency?: pulumi.Input<string>;
  /**
   * Libraries whose files lie beside the code: `dependency.versionId` of each, at most 20 (guide 3.9). Of files at one
   * path the code's own wins. Defaults to none.
   *
   * @default - no dependencies
   */
  dependencies?: pulumi.Input<string>[];
  /**
   * Marks to find and group functions by, at most 19: keys of up to 128 and values of up to 255 characters. Defaults to none.
   *
   * @default - no tags
   */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Place in a VPC: `vpc.subnet("front")`. A function in one reaches what is in it, and nothing outside without a NAT
   * gateway (guide 3.3.4). Defaults to the network that all functions share.
   *
   * @default - the network that all functions share
   */
  network?: NetworkArgs;
  /**
   * File systems that the code sees: `{ mounts: [files.at("/mnt/files")] }` (guide 3.3.5). Defaults to none.
   *
   * @default - no file systems
   */
  fileSystems?: FileSystemsArgs;
}

/**
 * A function: code, its runtime and its configuration.
 *
 * ```ts
 * const hello = new fg.Function("hello", {
 *   runtime: fg.Runtime.NodeJs20,
 *   handler: "index.handler",
 *   code: "./functions/hello",
 * });
 * ```
 */
export class FunctionResource extends Resource {
  /** URN that ends with `:latest`. */
  declare readonly functionUrn: pulumi.Output<string>;
  /** Name on the platform. */
  declare readonly functionName: pulumi.Output<string>;
  /** Always `latest`: the function as it is declared now. */
  declare readonly version: pulumi.Output<string>;

  readonly #inputs: pulumi.Inputs;
  #contentDigest: pulumi.Output<string> | undefined;
  readonly #name: string;
  readonly #versions: Version[] = [];
  /** The version without a name of its own. */
  #follower: string | undefined;

  constructor(name: string, args: FunctionArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { functionUrn: undefined, functionName: undefined, version: undefined };
    const inputs = functionInputs(name, args);
    super(TYPE, name, { ...inputs, ...outputs }, opts);
    this.#inputs = inputs;
    this.#name = name;
    const declared = declareFunction(factsOf(args, inputs));
    declareTarget(this.functionUrn, { declared, version: LATEST });
    declareVersion(this.version, LATEST);
  }

  /** Digest of code and configuration; a version that follows it is published anew whenever it changes. */
  get contentDigest(): pulumi.Output<string> {
    this.#contentDigest ??= contentDigest(this.#inputs);
    return this.#contentDigest;
  }

  /**
   * Publishes the function as it is declared now; the resource is called `<function>-<name>`.
   *
   * Versions of one function are published in the order in which they are declared. One of them at most follows the
   * function; the others have a `versionName`.
   */
  publish(name: string, args: PublishArgs = {}, opts?: pulumi.CustomResourceOptions): Version {
    const { functionUrn, contentDigest: content } = this;
    if (args.versionName === undefined) this.#follow(name);
    const version = new Version(
      `${this.#name}-${name}`,
      { functionUrn, contentDigest: content, ...args },
      { parent: this, ...pulumi.mergeOptions({ dependsOn: [...this.#versions] }, opts) },
    );
    this.#versions.push(version);
    return version;
  }

  #follow(name: string): void {
    if (this.#follower !== undefined)
      failOn({ kind: "Version", name: `${this.#name}-${name}` }, [followsAlready(this.#follower)]);
    this.#follower = name;
  }

  /** Gives a version, or two with a weight, a stable name; the resource is called `<function>-<name>`. */
  alias(name: string, args: AliasTargetArgs, opts?: pulumi.CustomResourceOptions): Alias {
    const { functionUrn } = this;
    return new Alias(
      `${this.#name}-${name}`,
      { functionUrn, aliasName: name, ...args },
      { parent: this, ...opts },
    );
  }

  /** Makes `latest` answer HTTP requests; the resource is called `<function>-<name>`. */
  onHttp(name: string, args: HttpRouteArgs, opts?: pulumi.CustomResourceOptions): HttpTrigger {
    const { functionUrn } = this;
    return new HttpTrigger(
      `${this.#name}-${name}`,
      { functionUrn, triggerName: name, ...args },
      { parent: this, ...opts },
    );
  }

  /** Calls `latest` on a schedule; the resource is called `<function>-<name>`. */
  onTimer(name: string, args: ScheduleArgs, opts?: pulumi.CustomResourceOptions): TimerTrigger {
    const { functionUrn } = this;
    return new TimerTrigger(
      `${this.#name}-${name}`,
      { functionUrn, triggerName: name, ...args },
      { parent: this, ...opts },
    );
  }

  /** Says how asynchronous requests of `latest` are treated; the resource is called `<function>-<name>`. */
  onAsync(name: string, args: AsyncSettingsArgs, opts?: pulumi.CustomResourceOptions): AsyncInvoke {
    const { functionUrn } = this;
    return new AsyncInvoke(`${this.#name}-${name}`, { functionUrn, ...args }, { parent: this, ...opts });
  }

  /** Saves an event to try the function with; the resource is called `<function>-<name>`. */
  testEvent(name: string, args: SavedEventArgs, opts?: pulumi.CustomResourceOptions): TestEvent {
    const { functionUrn } = this;
    return new TestEvent(
      `${this.#name}-${name}`,
      { functionUrn, eventName: name, ...args },
      { parent: this, ...opts },
    );
  }
}

function followsAlready(name: string): Fault {
  return {
    property: "versionName",
    rule: `the function is published as ${JSON.stringify(name)} already, and the platform keeps one version of one content`,
    fix: "Use that version in both places, or give this one a versionName.",
    code: "FSS.1016",
  };
}

/** What the function's other resources are checked against. */
function factsOf(
  { runtime, timeoutSeconds, maxInstances }: FunctionArgs,
  inputs: pulumi.Inputs,
): Parameters<typeof declareFunction>[0] {
  return {
    name: String(inputs["name"]),
    runtime,
    timeoutSeconds: timeoutSeconds === undefined ? LIMITS.timeoutSeconds.default : known(timeoutSeconds),
    maxInstances: maxInstances === undefined ? LIMITS.maxInstances.default : known(maxInstances),
    network: inputs["network"] as Parameters<typeof declareFunction>[0]["network"],
  };
}

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

function functionInputs(name: string, args: FunctionArgs): pulumi.Inputs {
  const spec = knownSpec(name, args);
  const faults = renamed(checkFunction(spec), {
    name: "functionName",
    "heartbeat.handler": "heartbeatHandler",
  });
  const { faults: codeFaults, packed } = packFor(args, faults);
  const tagFaults = checkTagMap(knownEntries(args.tags));
  failOn({ kind: "Function", name }, [...faults, ...tagFaults, ...codeFaults]);
  return {
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
  };
}

const NO_CODE: Fault = {
  property: "code",
  rule: "a function needs code",
  fix: 'Give the folder that it is in, for example "./functions/hello", or a container image.',
  code: "FSS.1012",
};
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
