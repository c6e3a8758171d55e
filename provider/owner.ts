import { createHash } from "node:crypto";
import type { Owned } from "../client/owners.ts";
import { OWN_TAGS, type Tag } from "../model/tag.ts";
import type { Context } from "./resource.ts";

/*
 * Whose things are, written on them in the very call that makes them: a run that was killed before it could remember
 * what it made knows its own work again by that. Functions carry a tag; the platform keeps a mark of everything else.
 */

/** Key of the tag. */
const OWNER = `${OWN_TAGS}owner`;
/** Hex digits: enough that two never meet. */
const DIGITS = 40;

/** Who declares a resource. */
export interface Declarer {
  /** Stack, type and name: the URN that Pulumi gives a resource. */
  readonly urn: string;
  /** Whose key signs the calls; two people may have stacks of one name. */
  readonly accessKey: string;
}

/** The owner as a tag says it: nobody can tell from it who that is. */
export function ownerOf({ urn, accessKey }: Declarer): string {
  return createHash("sha256")
    .update(JSON.stringify([accessKey, urn]))
    .digest("hex")
    .slice(0, DIGITS);
}

/** The context in which a declared thing is made: everything that it makes is marked as that declaration's. */
export function inNameOf(context: Context, declarer: Omit<Declarer, "accessKey">): Context {
  const { client } = context;
  const owner = ownerOf({ ...declarer, accessKey: client.accessKey });
  return { ...context, owner, client: client.inNameOf(owner) };
}

/**
 * Whether a declaration may go on with a thing that is there already: with its own work, however the declaration was
 * edited since, and with what carries nobody's mark when it is the same.
 */
export async function mayTakeOver(context: Context, thing: Owned, same: boolean): Promise<boolean> {
  const owner = await context.client.owners.find(thing);
  return owner === undefined ? same : owner === context.owner;
}

/** The tags that a new function gets. */
export function ownerTags(owner: string | undefined): Tag[] {
  return owner === undefined ? [] : [{ key: OWNER, value: owner }];
}

/** The owner that a function's tags name; undefined where nobody's hand is on it. */
export function ownerIn(tags: ReadonlyMap<string, string>): string | undefined {
  return tags.get(OWNER);
}
