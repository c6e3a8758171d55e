import { Client } from "../client/client.ts";
import { normalizeFunction, type FunctionSpec } from "../model/function.ts";
import { CodeType, findRuntime } from "../model/runtimes.ts";
import type { ApigEventData } from "../model/trigger.ts";
import type { BenchServer } from "./server.ts";

const SOURCES: Readonly<Record<string, { readonly filename: string; readonly text: string }>> = {
  nodejs: {
    filename: "index.js",
    text: `exports.handler = async (event, context) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json" },
  body: Buffer.from(event.body, "base64").toString(),
  isBase64Encoded: false,
});
exports.plain = async (event, context) => event;
`,
  },
  python: {
    filename: "index.py",
    text: `import base64
def handler(event, context):
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": base64.b64decode(event["body"]).decode(),
        "isBase64Encoded": False,
    }
`,
  },
};

const ROUTE: Omit<ApigEventData, "path" | "name"> = {
  protocol: "HTTP",
  req_method: "ANY",
  group_id: "DEFAULT",
  match_mode: "NORMAL",
  env_name: "RELEASE",
  env_id: "release",
  auth: "NONE",
  func_info: { timeout: 60_000 },
};

/** A client of a bench platform. */
export function clientOf(server: BenchServer): Client {
  const { endpoint = "", projectId = "", accessKey = "", secretKey = "" } = server.facts;
  return new Client({ endpoint, projectId, accessKey, secretKey });
}

/** Creates an echo function with a whole processor (1024 MB); its HTTP trigger has the function's name as path. */
export async function deployEcho(
  client: Client,
  change: Partial<FunctionSpec> & { readonly name: string },
): Promise<string> {
  const spec = normalizeFunction({
    runtime: "Node.js20.15",
    handler: "index.handler",
    memoryMb: 1024,
    ...change,
  });
  const source = SOURCES[findRuntime(spec.runtime)?.family ?? ""];
  if (source === undefined) throw new Error(`no bench source for ${spec.runtime}`);
  const code = { type: CodeType.Inline, file: Buffer.from(source.text), filename: source.filename };
  const { urn } = await client.functions.create(spec, code);
  const path = `/${spec.name}`;
  const eventData = { ...ROUTE, name: spec.name, path };
  await client.triggers.create(urn, { type: "APIG", status: "ACTIVE", eventData });
  return urn;
}
