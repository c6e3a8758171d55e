import { OWN_TAGS, type Tag } from "../model/tag.ts";
import type { Context } from "./resource.ts";

/** Tags as a declaration has them; undefined for none. */
type DeclaredTags = Readonly<Record<string, string>> | undefined;

/** The tags that a new function gets besides its owner's mark. */
export function tagList(tags: DeclaredTags): Tag[] {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
}

/** The function's tags as a declaration would have them. */
export async function readTags(
  { client }: Pick<Context, "client">,
  urn: string,
): Promise<{ tags?: Record<string, string> }> {
  const found = await client.tags.list(urn);
  const tags = Object.fromEntries([...found].filter(([key]) => !key.startsWith(OWN_TAGS)));
  return Object.keys(tags).length === 0 ? {} : { tags };
}

/** Brings the function's tags to what is declared; its own marks stay. */
export async function updateTags(
  { client }: Pick<Context, "client">,
  urn: string,
  next: DeclaredTags,
): Promise<void> {
  const { tags: old = {} } = await readTags({ client }, urn);
  for (const key of Object.keys(old)) if (next?.[key] === undefined) await client.tags.remove(urn, key);
  for (const tag of tagList(next)) if (old[tag.key] !== tag.value) await client.tags.put(urn, tag);
}
