import type { Client } from "../client/client.ts";
import { normalizeFunction, type FunctionSpec } from "../model/function.ts";
import { CodeType } from "../model/runtimes.ts";

/** What a full project has (guide 1.6). */
const FUNCTIONS = 400;
const VERSIONS = 10;
const ALIASES = 10;
/** Functions that are made at the same time. */
const WORKERS = 4;

/** Fills a project through its API; code, environment and names differ as they do in a real one. */
export async function buildStock(client: Client): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < FUNCTIONS) await buildFunction(client, stockName(next++));
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
}

/** The name of a function of the stock. */
export function stockName(at: number): string {
  return `stock-${String(at).padStart(3, "0")}`;
}

/** A small function as it is created; `round` makes two of its versions differ. */
export function smallSpec(name: string, round = 0): FunctionSpec {
  return normalizeFunction({
    name,
    runtime: "Node.js20.15",
    handler: "index.handler",
    memoryMb: 256,
    description: `Answers for ${name}.`,
    environment: { STAGE: "bench", TABLE: `table-of-${name}`, ROUND: String(round) },
    encryptedEnvironment: { TOKEN: `token-of-${name}` },
  });
}

/** Creates a small function with code of its own; answers its URN. */
export async function createSmall(client: Client, name: string): Promise<string> {
  const source = `exports.handler = async (event, context) => ({ name: ${JSON.stringify(name)}, event });\n`;
  const code = { type: CodeType.Inline, file: Buffer.from(source), filename: "index.js" };
  const { urn } = await client.functions.create(smallSpec(name), code);
  return urn;
}

async function buildFunction(client: Client, name: string): Promise<void> {
  const urn = (await createSmall(client, name)).replace(/:latest$/, "");
  for (let at = 1; at <= VERSIONS; at++) {
    // Only what changed can be published.
    await client.functions.updateConfig(urn, smallSpec(name, at));
    await client.versions.publish(urn, { name: `v${at}` });
  }
  for (let at = 1; at <= ALIASES; at++)
    await client.aliases.create(urn, { name: `a${at}`, version: `v${at}`, description: "" });
}
