import { createHash } from "node:crypto";
import { OWN_TAGS, type Tag } from "../model/tag.ts";

/*
 * Whose a function is, written on it as a tag in the very call that makes it: a run that was killed before it could
 * remember what it made knows its own work again by that.
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

/** The tags that a new function gets. */
export function ownerTags(owner: string | undefined): Tag[] {
  return owner === undefined ? [] : [{ key: OWNER, value: owner }];
}

/** The owner that a function's tags name; undefined where nobody's hand is on it. */
export function ownerIn(tags: ReadonlyMap<string, string>): string | undefined {
  return tags.get(OWNER);
}
