import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../model/fault.ts";
import { LIMITS } from "../model/limits.ts";
import { LATEST } from "../model/version.ts";
import { Alias, type AliasTargetArgs } from "./alias.ts";
import { AsyncInvoke, type AsyncSettingsArgs } from "./async-invoke.ts";
import type { FunctionArgs } from "./function-args.ts";
import { HttpTrigger, type HttpRouteArgs } from "./http-trigger.ts";
import { declareFunction, declareTarget, declareVersion } from "./internal/declared.ts";
import { contentDigest } from "./internal/digest.ts";
import { failOn } from "./internal/errors.ts";
import { functionInputs } from "./internal/function-inputs.ts";
import { known } from "./internal/known.ts";
import { Resource } from "./internal/resource.ts";
import { type SavedEventArgs, TestEvent } from "./test-event.ts";
import { TimerTrigger, type ScheduleArgs } from "./timer-trigger.ts";
import { Version, type PublishArgs } from "./version.ts";

const TYPE = "fungraph:index:Function";

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
