import type { FunctionInputs } from "../model/declaration.ts";
import { CodeType } from "../model/runtimes.ts";
import { LATEST } from "../model/version.ts";
import type { FunctionReply } from "../model/wire/function.ts";
import { unlessMissing } from "./missing.ts";
import { ownerIn } from "./owner.ts";
import { type Context, RefusedError } from "./resource.ts";

/** What is to be done with a function that has a declared one's name: it is what is declared, or it is to be made anew. */
export type Claim =
  | { readonly kind: "same"; readonly found: FunctionReply }
  | { readonly kind: "unfinished"; readonly found: FunctionReply };

/**
 * Whose the function is that stands in the way of a declared one.
 *
 * - One with the same code, of this declaration or of nobody, is what an interrupted run has left.
 * - One with other code, made for this very declaration, was left by a run before the code was edited; as long as nothing
 *   was built on it, it is unfinished work of the same hand.
 * @returns undefined when it is gone meanwhile
 * @throws RefusedError when it is somebody else's
 */
export async function claimFunction(context: Context, inputs: FunctionInputs): Promise<Claim | undefined> {
  const found = await unlessMissing(context.client.functions.get(`${inputs.package}:${inputs.name}`));
  if (found === undefined) return undefined;
  const owner = ownerIn(await context.client.tags.list(found.urn));
  const own = owner !== undefined && owner === context.owner;
  if (isSame(found, inputs) && (own || owner === undefined)) return { kind: "same", found };
  if (own && (await isBare(context, found.urn))) return { kind: "unfinished", found };
  throw new RefusedError(
    `Function ${JSON.stringify(inputs.name)}: the platform has another function of that name already, ` +
      `${differenceOf(found, inputs)}. Choose another functionName, delete that function first, ` +
      `or take it over: \`pulumi import fungraph:index:Function NAME ${found.urn}\`. (FSS.1061)`,
  );
}

/** Digest of a function's code; an image has no archive, and so no digest either. */
export function digestOf({ code }: FunctionReply): string {
  return code.type === CodeType.Image ? "" : code.digest;
}

function isSame(found: FunctionReply, inputs: FunctionInputs): boolean {
  return digestOf(found) === inputs.codeDigest && found.spec.runtime === inputs.runtime;
}

/** True while a function has nothing that is made after it: a run that was killed while it made it got no further. */
async function isBare({ client }: Context, urn: string): Promise<boolean> {
  const [versions, aliases, triggers] = await Promise.all([
    client.versions.list(urn),
    client.aliases.list(urn),
    client.triggers.list(urn),
  ]);
  return versions.every(({ version }) => version === LATEST) && aliases.length + triggers.length === 0;
}

function differenceOf(found: FunctionReply, inputs: FunctionInputs): string {
  if (found.spec.runtime !== inputs.runtime) return `with the runtime ${found.spec.runtime}`;
  return digestOf(found) === inputs.codeDigest ? "made for another declaration" : "with other code";
}
