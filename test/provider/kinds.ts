import { hash } from "node:crypto";
import { Client } from "../../client/client.ts";
import { type EventSource, exampleFor } from "../../model/event-source.ts";
import { EVENT_SOURCES } from "../../model/event-sources.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { inNameOf } from "../../provider/owner.ts";
import type { Context, Live, Properties, ResourceLogic } from "../../provider/resource.ts";
import { resources } from "../../provider/resources.ts";
import { TestApi } from "../api/fixtures.ts";

/*
 * One of each kind of resource on a platform, with every setting it has: tests that hold for all kinds go through these.
 * The API and its store are real; there are no machines behind them.
 */

/** Kinds that are on a platform; those of Docker are what a platform is made of. */
export const KINDS = Object.keys(resources)
  .map((token) => token.slice("fungraph:index:".length))
  .filter((kind) => !kind.startsWith("Docker"));

/** What stands already, for the samples to name. */
export interface World {
  readonly functionUrn: string;
  readonly versionUrn: string;
  readonly aliasUrn: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly fileSystemId: string;
  readonly agency: string;
  readonly dependency: string;
}

/** A control plane with a world in it. */
export class KindsApi implements AsyncDisposable {
  readonly api: TestApi;
  readonly context: Context;
  readonly #archives = new Map<string, Buffer>();

  private constructor(api: TestApi) {
    this.api = api;
    this.context = {
      client: new Client({ endpoint: api.url, ...api.credential }),
      readArchive: (path) => Promise.resolve(this.#archives.get(path) ?? Buffer.alloc(0)),
    };
  }

  static async start(): Promise<KindsApi> {
    return new KindsApi(await TestApi.start());
  }

  /** An archive as a program packs it, for the provider to find. */
  async #pack(file: string, answer = 1): Promise<{ readonly archive: Buffer; readonly codeArchive: string }> {
    const source = Buffer.from(`exports.handler = async (_event, _context) => ${answer};\n`);
    const archive = await writeZip([memoryFile(file, source)]);
    const codeArchive = `${hash("md5", archive)}.zip`;
    this.#archives.set(codeArchive, archive);
    return { archive, codeArchive };
  }

  /** Code of a function as its program packs it, with one file in it. */
  async functionCode(file = "index.js", answer = 1): Promise<Properties> {
    const { archive, codeArchive } = await this.#pack(file, answer);
    const codeDigest = hash("sha512", archive);
    return { codeType: "zip", codeSize: archive.length, codeDigest, codeFilename: "index.zip", codeArchive };
  }

  async #dependencyCode(name: string): Promise<Properties> {
    const { archive, codeArchive } = await this.#pack(`${name}.js`);
    return { codeEtag: hash("md5", archive), codeSize: archive.length, codeArchive };
  }

  /** As the declaration with that name would, or nobody's where none is given. */
  async create(kind: string, given: Properties, declaration?: string): Promise<Live<Properties>> {
    const { inputs, faults } = logicOf(kind).check(given);
    if (faults.length > 0) throw new Error(`${kind}: ${JSON.stringify(faults)}`);
    const context =
      declaration === undefined ? this.context : inNameOf(this.context, { urn: `${kind}::${declaration}` });
    return await logicOf(kind).create(context, inputs);
  }

  read(kind: string, { id, state }: Live<Properties>): Promise<Live<Properties> | undefined> {
    return logicOf(kind).read(this.context, id, state);
  }

  /** Makes what the samples name. */
  async world(): Promise<World> {
    const name = "world";
    const { functionUrn, versionUrn } = await this.published(name);
    const { id: aliasUrn } = await this.create("Alias", { functionUrn, name: "prod", version: "v1" });
    const subnets = [{ name: "all", range: "10.9.1.0/24" }];
    const vpc = await this.create("Vpc", { name, range: "10.9.0.0/16", subnets });
    const files = await this.create("FileSystem", { name });
    const { id: agency } = await this.create("Agency", { name, role: "FunctionGraph ReadOnlyAccess" });
    const ofDependency = { name, runtime: "Node.js20.15", ...(await this.#dependencyCode(name)) };
    const dependency = await this.create("Dependency", ofDependency);
    return {
      functionUrn,
      versionUrn,
      aliasUrn,
      vpcId: vpc.id,
      subnetId: (vpc.state["subnetIds"] as Record<string, string>)["all"] ?? "",
      fileSystemId: files.id,
      agency,
      dependency: String(dependency.state["versionId"]),
    };
  }

  /** A function with a version that is not what it is any more, so that another can be published. */
  async published(name: string): Promise<Pick<World, "functionUrn" | "versionUrn">> {
    const code = await this.functionCode();
    const ofFunction = { name, runtime: "Node.js20.15", handler: "index.handler", ...code };
    const { id: functionUrn } = await this.create("Function", ofFunction);
    const { id: versionUrn } = await this.create("Version", { functionUrn, name: "v1" });
    const { functions } = this.context.client;
    const { spec } = await functions.get(functionUrn);
    await functions.updateConfig(functionUrn, { ...spec, description: "changed" });
    return { functionUrn, versionUrn };
  }

  /** One of the kind with every setting, in that world. */
  async sample(kind: string, world: World): Promise<Properties> {
    const source = Object.values(EVENT_SOURCES).find(({ component }) => component === kind);
    if (source !== undefined) return sourceSample(source, world);
    return {
      ...(kind === "Function" && (await this.functionCode())),
      ...(kind === "Dependency" && (await this.#dependencyCode("numbers"))),
      ...SAMPLES[kind]?.(world),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.context.client.close();
    await this.api[Symbol.asyncDispose]();
  }
}

const MARK = "4dabf18193072939515e22adb298388d";

/** Takes the marks of secrets off. */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (MARK in value) return plain((value as Properties)["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** The logic of a kind. */
export function logicOf(kind: string): ResourceLogic {
  const logic = resources[`fungraph:index:${kind}`];
  if (logic === undefined) throw new Error(`no ${kind}`);
  return logic;
}

function sourceSample(source: EventSource, { functionUrn }: World): Properties {
  const settings = source.fields.map((field) => [field.name, field.default ?? exampleFor(field)]);
  return { functionUrn, ...Object.fromEntries(settings), ...(source.canBeDisabled && { enabled: true }) };
}

const POLICY = {
  name: "day",
  cron: "0 0 8 * * *",
  count: 2,
  startTime: 1_800_000_000,
  expiredTime: 1_900_000_000,
};

const SAMPLES: Readonly<Record<string, (world: World) => Properties>> = {
  Vpc: () => ({
    name: "shop",
    range: "10.1.0.0/16",
    subnets: [{ name: "front", range: "10.1.1.0/24" }],
    zones: [{ name: "shop.internal", records: [{ name: "db", type: "A", values: ["10.1.1.5"] }] }],
  }),
  NatGateway: ({ vpcId }) => ({ name: "out", vpcId, address: "203.0.113.7" }),
  FileSystem: () => ({ name: "files", nfs: { server: "files.shop.internal", path: "/exports" } }),
  Function: (world) => ({
    name: "whole",
    package: "shop",
    runtime: "Node.js20.15",
    handler: "index.handler",
    memoryMb: 256,
    timeoutSeconds: 30,
    description: "Has everything.",
    environment: { TEXT: "hello" },
    encryptedEnvironment: { TOKEN: "s3cret" },
    initializer: { handler: "index.initialize", timeoutSeconds: 5 },
    preStop: { handler: "index.stop", timeoutSeconds: 5 },
    concurrency: 4,
    maxInstances: 10,
    dynamicMemory: true,
    executionAgency: world.agency,
    configurationAgency: world.agency,
    dependencies: [world.dependency],
    network: { vpcId: world.vpcId, subnetId: world.subnetId },
    fileSystems: {
      userId: -1,
      groupId: -1,
      mounts: [{ fileSystemId: world.fileSystemId, path: "/mnt/files" }],
    },
    tags: { team: "orders" },
  }),
  Version: ({ functionUrn }) => ({ functionUrn, name: "v2", description: "the second" }),
  Alias: ({ functionUrn }) => ({
    functionUrn,
    name: "test",
    version: "latest",
    description: "what testers use",
    additional: { version: "v1", weight: 10 },
  }),
  HttpTrigger: ({ functionUrn }) => ({
    functionUrn,
    name: "greet",
    path: "/greet/{name}",
    method: "GET",
    auth: "NONE",
    matchMode: "SWA",
    protocol: "HTTPS",
    groupId: "shop",
    timeoutMs: 4000,
    gateway: "DEDICATEDGATEWAY",
    instanceId: "gateway-1",
    stage: { name: "BETA", id: "beta-1" },
    asynchronous: true,
  }),
  TimerTrigger: ({ functionUrn }) => ({
    functionUrn,
    name: "hourly",
    scheduleType: "Rate",
    schedule: "1h",
    userEvent: "tick",
    enabled: true,
  }),
  ReservedInstances: ({ aliasUrn }) => ({
    functionUrn: aliasUrn,
    count: 1,
    idleMode: true,
    policies: [POLICY],
  }),
  AsyncInvoke: ({ functionUrn, versionUrn }) => ({
    functionUrn,
    maxRetries: 2,
    maxAgeSeconds: 600,
    statusLog: true,
    onSuccess: versionUrn,
    onFailure: versionUrn,
  }),
  Dependency: () => ({ name: "library", runtime: "Node.js20.15", description: "Numbers." }),
  Agency: () => ({ name: "helper", role: "FunctionGraph ReadOnlyAccess" }),
  TestEvent: ({ functionUrn }) => ({ functionUrn, name: "order", event: '{"order": 1}' }),
};
