import type { FunctionSpec } from "../../model/function.ts";
import type { FailureKind } from "../../model/failure.ts";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import type { FakeKnobs } from "../../platform/drivers/fake/fake-runtime.ts";
import type { Driver } from "../../platform/drivers/driver.ts";
import { EmbeddedScheduler, type EmbeddedSchedulerOptions } from "../../platform/scheduler/embedded.ts";
import { LeaseError, type Lease } from "../../platform/scheduler/scheduler.ts";
import type { Target } from "../../platform/scheduler/target.ts";

export function target(
  change: Partial<FunctionSpec> & { readonly codeDir?: string; revision?: number } = {},
): Target {
  const { codeDir = "/nowhere", revision = 1, ...spec } = change;
  const name = spec.name ?? "hello";
  return {
    key: `p/default/${name}/${revision}`,
    line: `p/default/${name}`,
    functionKey: `p/default/${name}`,
    projectId: "p",
    region: "r",
    version: "latest",
    memoryMb: spec.memoryMb ?? 128,
    digest: "0",
    codeDir,
    spec: {
      name,
      package: "default",
      runtime: "Node.js20.15",
      handler: "index.handler",
      memoryMb: 128,
      timeoutSeconds: 3,
      description: "",
      environment: {},
      encryptedEnvironment: {},
      concurrency: 1,
      maxInstances: 400,
      dynamicMemory: false,
      ...spec,
    },
  };
}

export interface Answer {
  readonly failure: FailureKind | undefined;
  readonly text: string;
  readonly logs: string[];
}

/** One call through a lease, as a gateway would make it. */
export function invoke(lease: Lease, event = "{}", timeoutMs = 10_000): Promise<Answer> {
  return new Promise((resolve) => {
    const logs: string[] = [];
    lease.link.invoke({
      requestId: "00000000-0000-4000-8000-000000000000",
      event: Buffer.from(event),
      meta: undefined,
      deadline: performance.now() + timeoutMs,
      log: (_level, text) => logs.push(text.toString()),
      succeed: (payload) => resolve({ failure: undefined, text: payload.toString(), logs }),
      fail: (kind, payload) => resolve({ failure: kind, text: payload.toString(), logs }),
    });
  });
}

export class Bench<D extends Driver = FakeDriver> implements AsyncDisposable {
  readonly driver: D;
  readonly scheduler: EmbeddedScheduler;
  readonly lines: string[] = [];
  readonly problems: unknown[] = [];

  constructor(driver: D, options: Partial<EmbeddedSchedulerOptions> = {}) {
    this.driver = driver;
    this.scheduler = new EmbeddedScheduler({
      driver,
      warmPerRuntime: 0,
      closeGraceMs: 1_000,
      line: (_target, _id, level, text) => this.lines.push(`${level} ${text}`),
      problem: (error) => this.problems.push(error),
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scheduler.close();
    await this.driver.close();
  }
}

export function fakeBench(knobs: FakeKnobs = {}, options: Partial<EmbeddedSchedulerOptions> = {}): Bench {
  return new Bench(new FakeDriver(knobs), options);
}

/** Waits until it holds; fails after a time, by default ten seconds. */
export async function until(holds: () => boolean, what: string, mostMs = 10_000): Promise<void> {
  for (const end = performance.now() + mostMs; performance.now() < end;) {
    if (holds()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error(`never happened: ${what}`);
}

export function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  return Promise.withResolvers<void>();
}

/** Why no instance was granted. */
export async function failure(promise: Promise<unknown>): Promise<LeaseError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof LeaseError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
