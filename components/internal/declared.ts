import * as pulumi from "@pulumi/pulumi";

/** What a program has said of a function so far: what its triggers, aliases and other resources are checked against. */
export interface DeclaredFunction {
  /** Name on the platform. */
  readonly name: string;
  readonly runtime: string;
  /** Undefined while it is not known. */
  readonly timeoutSeconds: number | undefined;
  readonly maxInstances: number | undefined;
  /** Undefined outside every VPC. */
  readonly network: { readonly subnetId: pulumi.Input<string> } | undefined;
  /** Functions that are told of its results. */
  readonly tells: Set<DeclaredFunction>;
  /** URNs of topics that are told of its results. */
  readonly publishes: Set<string>;
  /** Places in buckets that its results go to. */
  readonly writes: Place[];
  /** Places in buckets whose objects call it. */
  readonly watches: Place[];
  /** Who has reserved instances of each version, by the version's key. */
  readonly reservedVersions: Map<string, string>;
  readonly reservedAliases: { readonly by: string; readonly alias: DeclaredAlias }[];
  /** The gateway of its first HTTP trigger. */
  gateway: { readonly by: string; readonly text: string } | undefined;
}

/** A bucket and the begin of objects' names. */
export interface Place {
  readonly bucket: string;
  readonly prefix: string;
}

/** An alias and the keys of the versions that it points to. */
export interface DeclaredAlias {
  readonly name: string;
  readonly versions: readonly string[];
}

/** What a URN that a program hands on means. */
export interface DeclaredTarget {
  readonly declared: DeclaredFunction;
  /** Key of the version; undefined where the URN names an alias. */
  readonly version?: string;
  readonly alias?: DeclaredAlias;
}

/** A function of which nothing else has been said yet. */
export function declareFunction(
  facts: Pick<DeclaredFunction, "name" | "runtime" | "timeoutSeconds" | "maxInstances" | "network">,
): DeclaredFunction {
  return {
    ...facts,
    tells: new Set(),
    publishes: new Set(),
    writes: [],
    watches: [],
    reservedVersions: new Map(),
    reservedAliases: [],
    gateway: undefined,
  };
}

/*
 * Outputs are known by what they are and not by their values, which a preview does not have yet.
 */
const targets = new WeakMap<object, DeclaredTarget>();
const versions = new WeakMap<object, string>();
/** Functions with a trigger of a topic, by its URN: a topic is no resource, so its name is all there is. */
const listeners = new Map<string, Set<DeclaredFunction>>();

/** Says that a function is called for the messages of a topic. */
export function declareListener(topicUrn: string, declared: DeclaredFunction): void {
  listeners.set(topicUrn, (listeners.get(topicUrn) ?? new Set()).add(declared));
}

/** Functions that hear of the results of another one, themselves or by a topic. */
export function hearersOf({ tells, publishes }: DeclaredFunction): DeclaredFunction[] {
  return [...tells, ...[...publishes].flatMap((topic) => [...(listeners.get(topic) ?? [])])];
}

/** Says what a URN means, for those that it is given to. */
export function declareTarget(urn: pulumi.Output<string>, target: DeclaredTarget): void {
  targets.set(urn, target);
}

/** Says under which key a version's name is known: its name, or the resource that makes one of the time. */
export function declareVersion(name: pulumi.Output<string>, key: string): void {
  versions.set(name, key);
}

/** What the URN means; undefined for one that comes from elsewhere. */
export function targetOf(urn: pulumi.Input<string> | undefined): DeclaredTarget | undefined {
  return pulumi.Output.isInstance(urn) ? targets.get(urn) : undefined;
}

/** Key of the version that is named; undefined when that cannot be told. */
export function versionKey(name: pulumi.Input<string>): string | undefined {
  return typeof name === "string" ? name : versions.get(name);
}
