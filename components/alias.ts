import type * as pulumi from "@pulumi/pulumi";
import { checkAlias } from "../model/alias.ts";
import { renamed } from "../model/declaration.ts";
import { AsyncInvoke, type AsyncSettingsArgs } from "./async-invoke.ts";
import { HttpTrigger, type HttpRouteArgs } from "./http-trigger.ts";
import { aliasOf, checkGrey } from "./internal/cross-checks.ts";
import { declareTarget, targetOf } from "./internal/declared.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import { type ReserveArgs, ReservedInstances } from "./reserved-instances.ts";
import { TimerTrigger, type ScheduleArgs } from "./timer-trigger.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:Alias";

/** A second version that takes a share of the requests. */
export interface GreyVersionArgs {
  /** Name of the version; never `latest`. */
  version: pulumi.Input<string>;
  /** Percent of the requests that go to it, a whole number from 0 to 100. */
  weight: pulumi.Input<number>;
}

/** Where an alias points; for `fn.alias`, which knows the function. */
export interface AliasTargetArgs {
  /** Name of the version that answers: `version.version`, or `"latest"`. */
  version: pulumi.Input<string>;
  /**
   * Grey release: a second version and its share. Defaults to none: `version` answers everything.
   *
   * @default - one version
   */
  additional?: GreyVersionArgs;
  /**
   * What the alias is for; at most 512 characters. Defaults to an empty text.
   *
   * @default ""
   */
  description?: pulumi.Input<string>;
  /**
   * Name of the alias on the platform. Defaults to the resource's own name.
   *
   * @default - the resource's name
   */
  aliasName?: string;
}

/** Arguments of an alias. */
export interface AliasArgs extends AliasTargetArgs {
  /** Function the alias belongs to: `fn.functionUrn`. */
  functionUrn: pulumi.Input<string>;
}

/**
 * A stable name for one version, or for two with a weight (guide 3.3.10). Callers and triggers use the alias and never
 * notice when it moves to another version.
 *
 * ```ts
 * const prod = watermark.alias("prod", {
 *   version: v1.version,
 *   additional: { version: v2.version, weight: 10 },
 * });
 * ```
 */
export class Alias extends Resource {
  /** URN that ends with `!` and the alias's name. */
  declare readonly aliasUrn: pulumi.Output<string>;

  readonly #name: string;

  constructor(name: string, args: AliasArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { ...aliasInputs(name, args), aliasUrn: undefined }, opts);
    this.#name = name;
    const declared = targetOf(args.functionUrn)?.declared;
    const pointsTo = [args.version, ...(args.additional ? [args.additional.version] : [])];
    if (declared !== undefined)
      declareTarget(this.aliasUrn, { declared, alias: aliasOf(args.aliasName ?? name, pointsTo) });
  }

  /** Makes whatever the alias points to answer HTTP requests; the resource is called `<alias>-<name>`. */
  onHttp(name: string, args: HttpRouteArgs, opts?: pulumi.CustomResourceOptions): HttpTrigger {
    return new HttpTrigger(
      `${this.#name}-${name}`,
      { functionUrn: this.aliasUrn, triggerName: name, ...args },
      { parent: this, ...opts },
    );
  }

  /** Calls whatever the alias points to on a schedule; the resource is called `<alias>-<name>`. */
  onTimer(name: string, args: ScheduleArgs, opts?: pulumi.CustomResourceOptions): TimerTrigger {
    return new TimerTrigger(
      `${this.#name}-${name}`,
      { functionUrn: this.aliasUrn, triggerName: name, ...args },
      { parent: this, ...opts },
    );
  }

  /** Keeps instances ready for whatever the alias points to; the resource is called `<alias>-<name>`. */
  reserve(name: string, args: ReserveArgs, opts?: pulumi.CustomResourceOptions): ReservedInstances {
    const { aliasUrn: functionUrn } = this;
    return new ReservedInstances(
      `${this.#name}-${name}`,
      { functionUrn, ...args },
      { parent: this, ...opts },
    );
  }

  /** Says how asynchronous requests of the alias are treated; the resource is called `<alias>-<name>`. */
  onAsync(name: string, args: AsyncSettingsArgs, opts?: pulumi.CustomResourceOptions): AsyncInvoke {
    const { aliasUrn: functionUrn } = this;
    return new AsyncInvoke(`${this.#name}-${name}`, { functionUrn, ...args }, { parent: this, ...opts });
  }
}

function aliasInputs(name: string, args: AliasArgs): pulumi.Inputs {
  const { functionUrn, version, additional } = args;
  const aliasName = args.aliasName ?? name;
  const faults = checkAlias({
    name: aliasName,
    version: knownOr(version, "main"),
    description: knownOr(args.description ?? "", ""),
    ...(additional && {
      additional: { version: knownOr(additional.version, "grey"), weight: knownOr(additional.weight, 0) },
    }),
  });
  const between = additional ? checkGrey(version, additional.version) : [];
  failOn({ kind: "Alias", name }, [...renamed(faults, { name: "aliasName" }), ...between]);
  const grey = additional && { additional: { version: additional.version, weight: additional.weight } };
  return { functionUrn, name: aliasName, version, description: args.description ?? "", ...grey };
}
