import type { AsyncSettings } from "../../model/async-settings.ts";
import { type EventSource, exampleFor, type SourceField, sourceToWire } from "../../model/event-source.ts";
import { EVENT_SOURCES } from "../../model/event-sources.ts";
import type { FunctionSpec } from "../../model/function.ts";
import type { Live, Properties } from "../../provider/resource.ts";
import { type KindsApi, logicOf, type World } from "./kinds.ts";

/*
 * What can be done to the samples of `kinds.ts` through the API, behind Pulumi's back.
 */

/** Something that is done to a living thing behind Pulumi's back. */
export type Doing = (live: Live<Properties>, on: KindsApi) => Promise<unknown>;

/** What the API changes of each kind: the property that a refresh has to name, and how it is done. */
export const DOINGS: Readonly<Record<string, (world: World) => Readonly<Record<string, Doing>>>> = {
  Vpc: () =>
    facility("vpcs", {
      name: { name: "other" },
      subnets: { subnets: [{ name: "front", range: "10.1.2.0/24" }] },
      zones: { zones: [] },
    }),
  NatGateway: () =>
    facility("nat-gateways", { name: { name: "other" }, address: { address: "203.0.113.9" } }),
  FileSystem: () => facility("file-systems", { name: { name: "other" } }),
  Function: () => ({
    ...Object.fromEntries(
      Object.entries(CONFIGURATIONS).map(([property, change]) => [property, configure(change)]),
    ),
    "fileSystems.userId": (live, on) => {
      const fileSystems = { ...(live.state["fileSystems"] as object), userId: 2000 };
      return configure({ fileSystems } as Changed)(live, on);
    },
    codeDigest: replaceCode,
    codeSize: replaceCode,
    "tags.team": ({ id }, on) => on.context.client.tags.put(id, { key: "team", value: "stock" }),
    "tags.size": ({ id }, on) => on.context.client.tags.put(id, { key: "size", value: "large" }),
    tags: ({ id }, on) => on.context.client.tags.remove(id, "team"),
  }),
  Version: () => ({}),
  Alias: () => ({
    version: point({ version: "v1", additional: undefined }),
    description: point({ description: "changed" }),
    "additional.weight": point({ additional: { version: "v1", weight: 20 } }),
    additional: point({ additional: undefined }),
  }),
  HttpTrigger: () => ({}),
  TimerTrigger: () => ({
    enabled: setTrigger("TIMER", { trigger_status: "DISABLED" }),
    name: setTrigger("TIMER", { event_data: { name: "daily" } }),
    schedule: setTrigger("TIMER", { event_data: { schedule: "2h" } }),
    userEvent: setTrigger("TIMER", { event_data: { user_event: "tock" } }),
  }),
  ReservedInstances: () => ({
    count: reserve({ count: 2 }),
    idleMode: reserve({ idleMode: false }),
    policies: reserve({ policies: [] }),
  }),
  AsyncInvoke: (world) => ({
    maxRetries: settle({ maxRetries: 3 }),
    maxAgeSeconds: settle({ maxAgeSeconds: 60 }),
    statusLog: settle({ statusLog: false }),
    onSuccess: settle({ onSuccess: world.functionUrn.replace("latest", "!prod") }),
    onFailure: settle({ onFailure: undefined }),
  }),
  Dependency: () => ({ name: renameDependency }),
  Agency: () => ({
    role: ({ id }, on) => on.context.client.agencies.put({ name: id, role: "FunctionGraph FullAccess" }),
  }),
  TestEvent: () => ({
    event: ({ id }, on) => {
      const split = id.lastIndexOf("/");
      const content = Buffer.from("{}").toString("base64");
      return on.context.client.testEvents.update(id.slice(0, split), id.slice(split + 1), content);
    },
  }),
  ...Object.fromEntries(
    Object.entries(EVENT_SOURCES).map(([type, source]) => [source.component, () => ofSource(type, source)]),
  ),
};

/** What no call changes of a living thing, or no call shows; or what a function of another runtime has. */
export const FIXED: Readonly<Record<string, readonly string[]>> = {
  Vpc: ["range"],
  NatGateway: ["vpcId"],
  FileSystem: ["nfs"],
  Function: [
    "name",
    "package",
    "runtime",
    "image",
    "heartbeat",
    "authInHeader",
    "codeType",
    "codeFilename",
    "codeArchive",
  ],
  Version: ["functionUrn", "name", "description", "contentDigest"],
  Alias: ["functionUrn", "name"],
  HttpTrigger: logicOf("HttpTrigger").fixed,
  TimerTrigger: ["functionUrn", "scheduleType"],
  ReservedInstances: ["functionUrn"],
  AsyncInvoke: ["functionUrn", "onSuccessTo", "onFailureTo"],
  Dependency: ["runtime", "description", "codeEtag", "codeSize", "codeArchive"],
  Agency: ["name"],
  TestEvent: ["functionUrn", "name"],
};

/** Settings of a function that are other than they were; undefined for those that are gone. */
export type Changed = { readonly [name in keyof FunctionSpec]?: FunctionSpec[name] | undefined };

const CONFIGURATIONS: Readonly<Record<string, Changed>> = {
  handler: { handler: "index.other" },
  memoryMb: { memoryMb: 512 },
  timeoutSeconds: { timeoutSeconds: 31 },
  description: { description: "changed" },
  "environment.TEXT": { environment: { TEXT: "changed" } },
  "environment.MORE": { environment: { TEXT: "hello", MORE: "1" } },
  "encryptedEnvironment.MORE": { encryptedEnvironment: { TOKEN: "s3cret", MORE: "1" } },
  "encryptedEnvironment.TOKEN": { encryptedEnvironment: {} },
  "initializer.handler": { initializer: { handler: "index.other", timeoutSeconds: 5 } },
  initializer: { initializer: undefined },
  "preStop.timeoutSeconds": { preStop: { handler: "index.stop", timeoutSeconds: 6 } },
  preStop: { preStop: undefined },
  concurrency: { concurrency: 5 },
  maxInstances: { maxInstances: 0 },
  dynamicMemory: { dynamicMemory: false },
  executionAgency: { executionAgency: undefined },
  configurationAgency: { configurationAgency: undefined },
  dependencies: { dependencies: undefined },
  network: { network: undefined },
  fileSystems: { fileSystems: undefined },
};

export function configure(change: Changed): Doing {
  return async ({ id, state }, on) => {
    const { functions } = on.context.client;
    const { spec } = await functions.get(id);
    const secrets = state["encryptedEnvironment"] as Record<string, string>;
    await functions.updateConfig(id, { ...spec, encryptedEnvironment: secrets, ...change } as FunctionSpec);
  };
}

async function replaceCode({ id }: Live<Properties>, on: KindsApi): Promise<void> {
  const { codeArchive } = await on.functionCode("index.js", 2222);
  const file = await on.context.readArchive(String(codeArchive));
  await on.context.client.functions.updateCode(id, { type: "zip", file, filename: "index.zip" });
}

function point(change: Partial<Record<string, unknown>>): Doing {
  return async ({ state }, on) => {
    const { name, version, description, additional } = state;
    const spec = { name, version, description, additional, ...change };
    await on.context.client.aliases.update(String(state["functionUrn"]), spec as never);
  };
}

function reserve(change: Properties): Doing {
  return ({ id, state }, on) => {
    const { count, idleMode, policies } = state;
    return on.context.client.reservedInstances.put(id, { count, idleMode, policies, ...change } as never);
  };
}

function settle(change: Partial<AsyncSettings> | { onFailure: undefined }): Doing {
  return ({ id, state: { functionUrn: _urn, ...settings } }, on) =>
    on.context.client.asyncSettings.put(id, { ...settings, ...change } as AsyncSettings);
}

/** A call that the client has no name for. */
async function put(on: KindsApi, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await on.api.send("PUT", path, body);
  if (status >= 300) throw new Error(JSON.stringify(answer));
}

function facility(path: string, changes: Readonly<Record<string, Properties>>): Record<string, Doing> {
  return Object.fromEntries(
    Object.entries(changes).map(([property, change]): [string, Doing] => [
      property,
      async ({ id }, on) => {
        const { projectId } = on.api.credential;
        const one = `/fungraph/v1/projects/${projectId}/${path}/${id}`;
        const { body } = await on.api.send("GET", one);
        await put(on, one, { ...(body as object), ...change });
      },
    ]),
  );
}

async function renameDependency({ id, state }: Live<Properties>, on: KindsApi): Promise<void> {
  const file = await on.context.readArchive(String(state["codeArchive"]));
  await put(on, `${on.api.root}/dependencies/${id.split("/")[0]}`, {
    name: "renamed",
    runtime: state["runtime"],
    description: state["description"],
    depend_type: "zip",
    depend_file: file.toString("base64"),
  });
}

function setTrigger(type: string, body: Properties): Doing {
  return ({ id, state }, on) =>
    put(on, `${on.api.root}/triggers/${String(state["functionUrn"])}/${type}/${id}`, body);
}

function ofSource(type: string, source: EventSource): Record<string, Doing> {
  const shown = source.fields.filter(({ secret }) => secret !== true);
  const doings = shown.map((field): [string, Doing] => [
    field.name,
    setTrigger(type, { event_data: sourceToWire(source, { [field.name]: otherOf(field) }) }),
  ]);
  if (source.canBeDisabled) doings.push(["enabled", setTrigger(type, { trigger_status: "DISABLED" })]);
  return Object.fromEntries(doings);
}

/** Another value of a setting that breaks no rule. */
function otherOf(field: SourceField): unknown {
  const now = field.default ?? exampleFor(field);
  if (typeof now === "number") return now + 1;
  if (typeof now === "boolean") return !now;
  const choice = field.choices?.find((one) => one !== now && JSON.stringify(now) !== JSON.stringify([one]));
  const text = choice ?? `${String(now)}2`;
  return Array.isArray(now) ? [text] : text;
}
