import type * as pulumi from "@pulumi/pulumi";
import { renamed } from "../model/declaration.ts";
import { checkVersion } from "../model/version.ts";
import { declareTarget, declareVersion, targetOf } from "./internal/declared.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import { type ReserveArgs, ReservedInstances } from "./reserved-instances.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:Version";

/** What a published version is called; for `fn.publish`, which knows the function. */
export interface PublishArgs {
  /**
   * Name of the version, kept for good: a named version is published once and stays as it is when the function changes.
   * Defaults to a name made of the time, and then a changed function is published anew under a new name.
   *
   * @default - `vYYYYMMDD-HHMMSS`
   */
  versionName?: string;
  /**
   * What this version is about; at most 512 characters. Defaults to an empty text.
   *
   * @default ""
   */
  description?: pulumi.Input<string>;
}

/** Arguments of a version. */
export interface VersionArgs extends PublishArgs {
  /** Function to publish: `fn.functionUrn`. */
  functionUrn: pulumi.Input<string>;
  /**
   * What is published: `fn.contentDigest`. When it changes, an unnamed version is published anew.
   * Defaults to nothing: the version is published once.
   *
   * @default - published once
   */
  contentDigest?: pulumi.Input<string>;
}

/**
 * An immutable snapshot of a function's code and configuration (guide 3.3.9).
 *
 * ```ts
 * const current = watermark.publish("current");
 * const first = watermark.publish("first", { versionName: "v1" });
 * ```
 *
 * `current` follows the function: whenever its code or configuration changes, a new version is published, and the one
 * before is deleted after everything that named it has moved on. `first` stays what it was when it was published.
 */
export class Version extends Resource {
  /** Name of the version. */
  declare readonly version: pulumi.Output<string>;
  /** URN that ends with the version's name. */
  declare readonly versionUrn: pulumi.Output<string>;

  readonly #name: string;

  constructor(name: string, args: VersionArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { ...versionInputs(name, args), version: undefined, versionUrn: undefined }, opts);
    this.#name = name;
    const declared = targetOf(args.functionUrn)?.declared;
    const version = args.versionName ?? `${name} (of its time)`;
    declareVersion(this.version, version);
    if (declared !== undefined) declareTarget(this.versionUrn, { declared, version });
  }

  /** Keeps instances ready for the version; the resource is called `<version>-<name>`. */
  reserve(name: string, args: ReserveArgs, opts?: pulumi.CustomResourceOptions): ReservedInstances {
    const { versionUrn: functionUrn } = this;
    return new ReservedInstances(
      `${this.#name}-${name}`,
      { functionUrn, ...args },
      { parent: this, ...opts },
    );
  }
}

function versionInputs(name: string, args: VersionArgs): pulumi.Inputs {
  const spec = { name: args.versionName ?? "v", description: knownOr(args.description ?? "", "") };
  failOn({ kind: "Version", name }, renamed(checkVersion(spec), { name: "versionName" }));
  const follows = args.versionName === undefined && args.contentDigest !== undefined;
  return {
    functionUrn: args.functionUrn,
    description: args.description ?? "",
    ...(args.versionName === undefined ? {} : { name: args.versionName }),
    ...(follows ? { contentDigest: args.contentDigest } : {}),
  };
}
