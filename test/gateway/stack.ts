import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ZipArchive } from "archiver";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import type { ApigEventData } from "../../model/trigger.ts";
import { Authenticator } from "../../platform/auth/authenticator.ts";
import { Identities } from "../../platform/auth/identities.ts";
import type { Driver } from "../../platform/drivers/driver.ts";
import { ProcessDriver } from "../../platform/drivers/process/process-driver.ts";
import {
  createGateway,
  type Gateway,
  type GatewayLimits,
  type GatewayOptions,
} from "../../platform/gateway/server.ts";
import { EmbeddedScheduler } from "../../platform/scheduler/embedded.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import type { Credential } from "../../platform/store/credentials.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import type { FunctionRecord } from "../../platform/store/functions.ts";
import type { Store } from "../../platform/store/store.ts";
import { openTelemetry } from "../../platform/telemetry/recorder.ts";
import type { LogReader, Telemetry } from "../../platform/telemetry/telemetry.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { eventually } from "./caller.ts";

const REGION = "local";

/** Real store, logs, scheduler, processes and gateway, in a folder that is gone at the end. */
export interface Stack extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly scheduler: EmbeddedScheduler;
  readonly store: Store;
  readonly telemetry: Telemetry & LogReader;
  readonly credential: Credential;
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  /** What the platform could not tell any caller. */
  readonly problems: unknown[];
  /** Stores code and configuration; the same name again replaces both. */
  deploy(
    files: Readonly<Record<string, string>>,
    spec?: Partial<FunctionSpec> & { readonly name?: string },
  ): Promise<FunctionRecord>;
  /** An HTTP trigger. */
  route(key: FunctionKey, data: Partial<ApigEventData>, qualifier?: string): void;
  /** Ends the instances of a function, and waits until they are gone. */
  endInstances(functionKey: string): Promise<void>;
}

interface StackOptions extends Pick<GatewayOptions, "warmth" | "expected"> {
  readonly limits?: GatewayLimits;
  readonly port?: number;
  /** Default `bare`: isolation is the driver's matter. HTTP functions need `auto`, for a port 8000 of their own. */
  readonly isolation?: "auto" | "bare";
  /** Another driver than processes. */
  readonly driver?: Driver;
  readonly loadTimeoutMs?: number;
}

/** Starts everything. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-gateway-"));
  const problems: unknown[] = [];
  const problem = (error: unknown): void => void problems.push(error);
  const store = await openStore(join(folder, "data"));
  const telemetry = openTelemetry({ dataDir: folder, metrics: store.metrics });
  const driver =
    options.driver ??
    (await ProcessDriver.open({
      runDir: join(folder, "run"),
      codeRoot: join(folder, "data", "code"),
      isolation: options.isolation ?? "bare",
    }));
  const scheduler = new EmbeddedScheduler({
    driver,
    line: (target, instanceId, level, text) =>
      telemetry.line(target.functionKey, target.version, "", instanceId, level, text),
    problem,
    closeGraceMs: 500,
    ...(options.loadTimeoutMs === undefined ? {} : { loadTimeoutMs: options.loadTimeoutMs }),
  });
  const identities = new Identities(store);
  const { credentials } = identities;
  const queue = new DurableQueue({
    store,
    invoker: { invoke: (invocation) => gateway.invoke(invocation), cancel: (id) => gateway.cancel(id) },
    retryMs: 50,
  });
  const gateway: Gateway = createGateway({
    store,
    scheduler,
    telemetry,
    verifier: new Authenticator(identities),
    controlPlane: (request, response) => {
      response.writeHead(418, { "X-Path": request.url }).end("control plane");
    },
    queue,
    region: REGION,
    problem,
    ...(options.limits && { limits: options.limits }),
    warmth: options.warmth,
    ...(options.expected && { expected: options.expected }),
  });
  const port = await gateway.listen(options.port ?? 0, "127.0.0.1");
  await queue.start();
  return {
    gateway,
    scheduler,
    store,
    telemetry,
    credential: credentials.default,
    origin: `http://127.0.0.1:${port}`,
    port,
    problems,
    deploy: (files, spec) => deploy(store, credentials.default.projectId, files, spec),
    route(key, data, qualifier = "latest") {
      store.triggers.create(key, qualifier, {
        type: "APIG",
        status: "ACTIVE",
        eventData: { ...ROUTE, ...data },
      });
    },
    async endInstances(functionKey) {
      const those = () => scheduler.instances().filter((one) => one.functionKey === functionKey);
      for (const { id } of those()) scheduler.end(id);
      await eventually(() => those().length === 0);
    },
    async [Symbol.asyncDispose]() {
      await gateway.close(2_000);
      await queue.close(500);
      await scheduler.close();
      await driver.close();
      await telemetry.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ROUTE: ApigEventData = {
  path: "/",
  protocol: "HTTP",
  req_method: "ANY",
  group_id: "DEFAULT",
  match_mode: "NORMAL",
  env_name: "RELEASE",
  env_id: "release",
  auth: "NONE",
  func_info: { timeout: 5000 },
};

// oxlint-disable-next-line max-params -- a test's helper: where, whose, what, how.
async function deploy(
  store: Store,
  projectId: string,
  files: Readonly<Record<string, string>>,
  change: Partial<FunctionSpec> = {},
): Promise<FunctionRecord> {
  const spec = normalizeFunction({
    name: "demo",
    runtime: "Node.js20.15",
    handler: "index.handler",
    ...change,
  });
  const { digest, size } = await store.code.put(await zip(files));
  const code = { type: "zip", size, digest, filename: "index.zip" };
  const key = { projectId, package: spec.package, name: spec.name };
  const found = store.functions.find(key);
  return found === undefined
    ? store.functions.create({ key, spec, code })
    : store.functions.update(key, found.revision, { spec, code });
}

async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = new ZipArchive();
  const chunks: Buffer[] = [];
  archive.on("data", (chunk: Buffer) => chunks.push(chunk));
  for (const [name, text] of Object.entries(files))
    archive.append(text, { name, mode: text.startsWith("#!") ? 0o755 : 0o644 });
  await Promise.all([once(archive, "end"), archive.finalize()]);
  return Buffer.concat(chunks);
}
