import type { Client } from "../../client/client.ts";

/**
 * What the API calls a function's version or alias: the bare name when no qualifier is given.
 * @param qualifier name of an alias or of a version; an alias goes first
 */
export async function qualifiedName(
  client: Client,
  projectId: string,
  name: string,
  qualifier: string | undefined,
): Promise<string> {
  if (qualifier === undefined || name.startsWith("urn:")) return name;
  const aliases = await client.aliases.list(name);
  const alias = qualifier.startsWith("!") ? qualifier.slice(1) : qualifier;
  const last = aliases.some((each) => each.spec.name === alias) ? `!${alias}` : qualifier;
  const [first = "", second] = name.split(":");
  const owner = second === undefined ? `default:${first}` : `${first}:${second}`;
  return `${projectId}:${owner}:${last}`;
}
