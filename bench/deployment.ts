import { Client } from "../client/client.ts";
import type { ClientOptions } from "../client/transport.ts";
import { normalizeFunction, type FunctionSpec } from "../model/function.ts";
import { findRuntime, type RuntimeFamily } from "../model/runtimes.ts";
import type { ApigEventData } from "../model/trigger.ts";
import { benchLanguage } from "./languages/index.ts";
import type { BenchServer } from "./server.ts";

/** An open HTTP trigger of the default group; its name and path are the deployment's own. */
export const ROUTE: Omit<ApigEventData, "path" | "name"> = {
  protocol: "HTTP",
  req_method: "ANY",
  group_id: "DEFAULT",
  match_mode: "NORMAL",
  env_name: "RELEASE",
  env_id: "release",
  auth: "NONE",
  func_info: { timeout: 60_000 },
};

/** The newest runtime of a family that a bench platform runs. */
export function runtimeOf(server: BenchServer, family: RuntimeFamily): string | undefined {
  return server.facts[`runtime.${family}`];
}

/** Where a bench platform is and how to sign for it. */
export function optionsOf(server: BenchServer): ClientOptions {
  const { endpoint = "", projectId = "", accessKey = "", secretKey = "" } = server.facts;
  return { endpoint, projectId, accessKey, secretKey };
}

/** A client of a bench platform. */
export function clientOf(server: BenchServer): Client {
  return new Client(optionsOf(server));
}

/** Creates an echo function with a whole processor (1024 MB); its HTTP trigger has the function's name as path. */
export async function deployEcho(
  client: Client,
  change: Partial<FunctionSpec> & { readonly name: string },
): Promise<string> {
  const runtime = change.runtime ?? "Node.js20.15";
  const language = benchLanguage(findRuntime(runtime)?.family ?? "");
  const spec = normalizeFunction({ runtime, handler: language.handler, memoryMb: 1024, ...change });
  const { urn } = await client.functions.create(spec, await language.code());
  const path = `/${spec.name}`;
  const eventData = { ...ROUTE, name: spec.name, path };
  await client.triggers.create(urn, { type: "APIG", status: "ACTIVE", eventData });
  return urn;
}
