import { OWN_TAGS } from "../model/tag.ts";
import { unlessMissing } from "./missing.ts";
import type { Context } from "./resource.ts";
import { latestUrn } from "./urn.ts";

/*
 * Two resources may stand for one version: the platform keeps one version of one content, so a version that follows its
 * function shares a named one of the same content. Whichever goes last deletes it. Neither sees the other's state, so a tag
 * of the function remembers who is left.
 */

/** A version of a function. */
interface VersionPlace {
  readonly functionUrn: string;
  readonly version: string;
}

/** Values of the tag: both resources are there, or the one that came second alone. */
const BOTH = "both";
const SECOND = "second";

/** Remembers that a second resource stands for the version. */
export async function share(context: Context, place: VersionPlace): Promise<void> {
  await context.client.tags.put(latestUrn(place.functionUrn), { key: keyOf(place), value: BOTH });
}

/** Remembers that the first resource is there again. */
export async function shareAgain(context: Context, place: VersionPlace): Promise<void> {
  if ((await valueOf(context, place)) === SECOND) await share(context, place);
}

/**
 * Lets go of a version for one of its resources; `shared` is true for the second one.
 * @returns whether nobody is left, so that the version can be deleted; the same when it is called again
 */
export async function release(
  context: Context,
  place: VersionPlace & { readonly shared: boolean },
): Promise<boolean> {
  const value = await valueOf(context, place);
  if (place.shared) return value === SECOND;
  if (value === BOTH)
    await context.client.tags.put(latestUrn(place.functionUrn), { key: keyOf(place), value: SECOND });
  return value === undefined;
}

/** Forgets that the version was shared, once the second resource is gone. */
export async function forget(context: Context, place: VersionPlace): Promise<void> {
  await unlessMissing(context.client.tags.remove(latestUrn(place.functionUrn), keyOf(place)));
}

async function valueOf({ client }: Context, place: VersionPlace): Promise<string | undefined> {
  return (await unlessMissing(client.tags.list(latestUrn(place.functionUrn))))?.get(keyOf(place));
}

function keyOf({ version }: VersionPlace): string {
  return `${OWN_TAGS}shared.${version}`;
}
