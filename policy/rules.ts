/*
 * What is wrong with a declared resource, as a sentence for its author; undefined when nothing is. Plain functions over
 * inputs, so that they can be tried without Pulumi.
 */

/** Inputs of a resource, by name. */
type Inputs = Readonly<Record<string, unknown>>;

/** A declared resource. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
}

/** Seconds that the gateway waits for a function (guide 3.6.1). */
const GATEWAY_SECONDS = 90;

/**
 * An HTTP trigger that everybody may call.
 * @param allowed names of triggers that are meant to be public
 */
export function publicTrigger({ name, inputs }: Declared, allowed: readonly string[]): string | undefined {
  if (inputs["auth"] !== "NONE" || allowed.includes(name)) return undefined;
  return `Everybody may call the HTTP trigger "${name}". Set auth to HttpAuth.Iam or HttpAuth.App, or add its name to "allowed".`;
}

/**
 * An alias for production that moves with every change of the function.
 * @param pattern what names of such aliases look like
 */
export function movingAlias({ inputs }: Declared, pattern: string): string | undefined {
  const { name, version } = inputs;
  if (version !== "latest" || typeof name !== "string" || !new RegExp(pattern).test(name)) return undefined;
  return `The alias "${name}" points to latest, which changes with every update. Point it to a published version: fn.publish("current").version.`;
}

const SECRET_NAME = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE)_?KEY)(_|$)/i;

/** Variables that look like secrets among those that are shown in clear. */
export function plainSecrets({ name, inputs }: Declared): string | undefined {
  const suspects = Object.keys((inputs["environment"] ?? {}) as Inputs).filter((key) =>
    SECRET_NAME.test(key),
  );
  if (suspects.length === 0) return undefined;
  return `The function "${name}" shows ${suspects.join(", ")} in clear. Move such variables to encryptedEnvironment.`;
}

/** A function behind an HTTP trigger that may run longer than the gateway waits. */
export function longerThanGateway(
  { name, inputs }: Declared,
  triggers: readonly Declared[],
): string | undefined {
  const seconds = Number(inputs["timeoutSeconds"]);
  const urn = functionOf(inputs["functionUrn"]);
  if (
    !(seconds > GATEWAY_SECONDS) ||
    !triggers.some((each) => functionOf(each.inputs["functionUrn"]) === urn)
  )
    return undefined;
  return `The function "${name}" may run ${seconds} s, but behind its HTTP trigger the gateway waits ${GATEWAY_SECONDS} s. Set timeoutSeconds to ${GATEWAY_SECONDS} or less, or call it asynchronously.`;
}

/** The function's part of a URN: all but version and alias. */
function functionOf(urn: unknown): string {
  return typeof urn === "string" ? urn.split(":").slice(0, 7).join(":") : "";
}

/**
 * More reserved instances than are paid for.
 * @param budget most instances that all reservations together may have
 */
export function overBudget(reserved: readonly Declared[], budget: number): string | undefined {
  const most = reserved.reduce((sum, { inputs }) => sum + mostOf(inputs), 0);
  if (most <= budget) return undefined;
  return `The stack reserves up to ${most} instances, its budget is ${budget}. Reserve fewer, or raise "budget" with whoever pays.`;
}

function mostOf({ count, policies }: Inputs): number {
  const counts = ((policies ?? []) as Inputs[]).map((policy) => Number(policy["count"]));
  return Math.max(Number(count), ...counts);
}
