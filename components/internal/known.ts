import * as pulumi from "@pulumi/pulumi";

/** True when the value is there now and not only once another resource exists. */
export function isKnown<T>(value: pulumi.Input<T>): value is T & pulumi.Input<T> {
  return !pulumi.Output.isInstance(value) && !(value instanceof Promise);
}

/** The value when it is known now; otherwise a stand-in that breaks no rule, because the provider checks it later. */
export function knownOr<T>(value: pulumi.Input<T>, standIn: T): T {
  return isKnown(value) ? value : standIn;
}

/** The value when it is known now. */
export function known<T>(value: pulumi.Input<T>): T | undefined {
  return isKnown(value) ? value : undefined;
}

/** The known entries of a map; those that come from other resources are left out. */
export function knownEntries(
  map: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined,
): Record<string, string> {
  if (map === undefined || !isKnown(map)) return {};
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, knownOr(value, "")]));
}
