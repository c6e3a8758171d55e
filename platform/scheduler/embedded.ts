import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { FailureKind } from "../../model/failure.ts";
import type { Driver, InstanceRequest } from "../drivers/driver.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { RuntimeFailure } from "../link/runtime-failure.ts";
import { HEARTBEAT, type Rhythm } from "./heartbeat.ts";
import { claimOf, Instance } from "./instance.ts";
import { NO_CREDENTIALS, type Credentials } from "./load-message.ts";
import { ownRequest } from "./own-request.ts";
import { Reservations } from "./reservations.ts";
import { LeaseError } from "./scheduler.ts";
import type { InstanceView, Lease, Scheduler, Wish } from "./scheduler.ts";
import { UNCOUNTED, type InstanceSlots } from "./slots.ts";
import { StartTurns } from "./start-turns.ts";
import type { Target } from "./target.ts";
import { WarmPool } from "./warm-pool.ts";

export interface EmbeddedSchedulerOptions {
  readonly driver: Driver;
  /** Takes lines that instances write outside of any call. */
  line(target: Target, instanceId: string, level: number, text: string): void;
  /** Takes failures in the background that no caller waits for. */
  problem(error: unknown): void;
  /** Credentials of the target's agency, good for a day. Default: none. */
  lend?(target: Target): Credentials | undefined;
  /** Generic instances kept of each runtime in use. Default 2. */
  readonly warmPerRuntime?: number;
  /** Default 10,000. */
  readonly helloTimeoutMs?: number;
  /** Time for the code to load. Default 30,000. */
  readonly loadTimeoutMs?: number;
  /** How often functions with a heartbeat method are asked. Default: guide 3.3.12. */
  readonly heartbeat?: Rhythm;
  /** Where instances of other processes count too. Default: there are none. */
  readonly slots?: InstanceSlots;
  /** Time that `close` gives calls in flight. Default 10,000. */
  readonly closeGraceMs?: number;
}

/** A claim or an initializer that fails is tried on this many fresh instances (facts of the runtimes' interface). */
const ATTEMPTS = 3;
/** Half of the time that lent credentials are good for. */
const CREDENTIALS_MS = 12 * 3_600_000;
/** Versions and memory sizes of a function that may have no more instances take turns no shorter than this. */
const TURN_MS = 1_000;
/** Others make room within this time, or not at all. */
const SLOT_MS = 3_000;
const SLOT_POLL_MS = 100;

/** The scheduler of one machine, in the same process as the gateway. */
export class EmbeddedScheduler implements Scheduler {
  readonly #options: Required<EmbeddedSchedulerOptions>;
  readonly #pool: WarmPool;
  readonly #reservations: Reservations;
  readonly #turns = new StartTurns(2 * availableParallelism() + 2);
  /** Every instance that was given a target and still lives. */
  readonly #instances = new Set<Instance>();
  readonly #leases = new WeakMap<Lease, Instance>();
  /** Instances asked for and not ready yet, by function. */
  readonly #wanted = new Map<string, number>();
  #closed = false;

  constructor(options: EmbeddedSchedulerOptions) {
    this.#options = {
      warmPerRuntime: 2,
      helloTimeoutMs: 10_000,
      loadTimeoutMs: 30_000,
      closeGraceMs: 10_000,
      heartbeat: HEARTBEAT,
      lend: () => undefined,
      slots: UNCOUNTED,
      ...options,
    };
    const { problem, warmPerRuntime, slots } = this.#options;
    slots.onWanted((functionKey) => this.#yield(functionKey));
    this.#pool = new WarmPool(warmPerRuntime, (runtime) => this.#start({ runtime }), problem);
    this.#reservations = new Reservations({
      start: (target) => this.#ready(target),
      room: (target) => this.#room(target),
      spareOf: ({ key }) => this.#find((one) => one.target?.key === key && !one.reserved),
      problem,
    });
  }

  prepare(runtimes: readonly string[]): void {
    // An image is of one function, so no generic instance can be kept.
    for (const runtime of runtimes.filter((name) => findRuntime(name)?.family !== "image")) {
      this.#options.driver.expect?.(runtime);
      this.#pool.use(runtime);
    }
  }

  async acquire(target: Target, ahead = false): Promise<Lease> {
    const instance = this.#reservations.take(target) ?? (await this.#admitted(target, ahead));
    const lease = instance.lease(target);
    this.#leases.set(lease, instance);
    return lease;
  }

  ready(target: Target): boolean {
    return this.#reservations.ready(target);
  }

  async release(lease: Lease): Promise<void> {
    await this.#leases.get(lease)?.stop();
  }

  async kill(lease: Lease, kind: FailureKind): Promise<void> {
    await this.#leases.get(lease)?.kill(kind, "the instance was ended by the platform");
  }

  reserve(target: Target, { count, idleMode }: Wish): void {
    const canPause = this.#options.driver.capabilities.canPause;
    if (!this.#closed) this.#reservations.set(target, { count, idleMode: idleMode && canPause });
  }

  standIn(line: string, newest: string): Target | undefined {
    return this.#reservations.standIn(line, newest);
  }

  onTurn(listener: (functionKey: string) => void): void {
    this.#reservations.onTurn(listener);
  }

  instances(): readonly InstanceView[] {
    return [...this.#instances].map((instance) => ({
      id: instance.id,
      target: instance.target?.key ?? "",
      functionKey: instance.target?.functionKey ?? "",
      version: instance.target?.version ?? "",
      runtime: instance.runtime,
      memoryMb: instance.target?.memoryMb ?? 0,
      inFlight: instance.inFlight,
      reserved: instance.reserved,
      paused: instance.paused,
      state: instance.state,
      startedAt: instance.startedAt,
    }));
  }

  end(instanceId: string): boolean {
    const instance = [...this.#instances].find(({ id }) => id === instanceId);
    if (instance === undefined || instance.state === "starting") return false;
    // One that is being stopped already still has calls to finish, perhaps.
    if (instance.state === "ready") {
      instance.retire("the instance was given up");
      instance.stop().catch(this.#options.problem);
    }
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#reservations.close();
    await this.#pool.close();
    const until = performance.now() + this.#options.closeGraceMs;
    await Promise.all([...this.#instances].map((instance) => instance.stop(until)));
  }

  /** A ready instance, within the function's limit of instances. */
  async #admitted(target: Target, ahead: boolean): Promise<Instance> {
    const { functionKey, spec } = target;
    if (spec.maxInstances === 0)
      throw new LeaseError(
        "capacity",
        `Function Disabled: ${functionKey} may have 0 instances. Raise maxInstances.`,
      );
    if (this.#room(target) > 0) return this.#ready(target, ahead);
    const given = ahead ? undefined : this.#dispensable(target);
    if (given === undefined) throw atMost(functionKey, spec.maxInstances);
    // Asked for first: whoever hears that an instance goes might want another.
    const ready = this.#ready(target);
    this.end(given.id);
    return ready;
  }

  /** Instances that the function may have besides those that live and those that are asked for. */
  #room({ functionKey, spec }: Target): number {
    if (spec.maxInstances < 0) return Infinity;
    let held = this.#wanted.get(functionKey) ?? 0;
    for (const one of this.#instances)
      if (one.target?.functionKey === functionKey && one.state === "ready") held += 1;
    return spec.maxInstances - held;
  }

  /**
   * An instance of another version or memory size of the function that makes room for the target: one without calls, or, for a target without
   * any instance, one that had its turn; its calls finish.
   */
  #dispensable({ functionKey, key }: Target): Instance | undefined {
    const now = performance.now();
    const served = this.#find((one) => one.target?.key === key) !== undefined;
    return this.#find(
      (one) =>
        one.target?.functionKey === functionKey &&
        one.target.key !== key &&
        !one.reserved &&
        (one.inFlight === 0 || (!served && now - one.readyAt > TURN_MS)),
    );
  }

  #find(test: (instance: Instance) => boolean): Instance | undefined {
    for (const one of this.#instances) if (one.state === "ready" && test(one)) return one;
    return undefined;
  }

  /** A loaded and initialized instance. */
  async #ready(target: Target, ahead = false): Promise<Instance> {
    const { functionKey } = target;
    this.#wanted.set(functionKey, (this.#wanted.get(functionKey) ?? 0) + 1);
    try {
      const slot = await this.#slot(target, ahead);
      const free = (): void => this.#options.slots.free(slot);
      const instance = await this.#tried(target).catch((error: unknown) => {
        if (slot !== "") free();
        throw error;
      });
      if (slot !== "") void instance.gone.then(free);
      return instance;
    } finally {
      const left = (this.#wanted.get(functionKey) ?? 1) - 1;
      if (left > 0) this.#wanted.set(functionKey, left);
      else this.#wanted.delete(functionKey);
    }
  }

  /** A slot among those of all processes; empty where none is needed. Rejects with LeaseError `capacity`. */
  async #slot({ functionKey, spec }: Target, ahead: boolean): Promise<string> {
    const { slots } = this.#options;
    if (spec.maxInstances < 0) return "";
    for (const until = performance.now() + SLOT_MS; ; await delay(SLOT_POLL_MS)) {
      const slot = await slots.claim(functionKey, spec.maxInstances, !ahead);
      if (slot !== undefined) return slot;
      if (ahead || performance.now() > until) throw atMost(functionKey, spec.maxInstances);
    }
  }

  /** Another process has no instance of the function and may start none: one without calls, or that had its turn, makes room. */
  #yield(functionKey: string): void {
    const now = performance.now();
    const given = this.#find(
      (one) =>
        one.target?.functionKey === functionKey &&
        !one.reserved &&
        (one.inFlight === 0 || now - one.readyAt > TURN_MS),
    );
    if (given !== undefined) this.end(given.id);
  }

  async #tried(target: Target): Promise<Instance> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.#closed) throw new LeaseError("system", "the platform is shutting down");
      try {
        return await this.#turns.run(target.functionKey, () => this.#attempt(target));
      } catch (error) {
        if (!(error instanceof PassingError) || attempt === ATTEMPTS) throw toLeaseError(error);
      }
    }
  }

  async #attempt(target: Target): Promise<Instance> {
    const own = ownRequest(target);
    if (own !== undefined) return this.#made(target, await this.#start(own));
    const instance = await this.#take(target);
    return this.#made(target, instance).finally(() => this.#pool.claimed());
  }

  /** Makes an instance the target's, or ends it. */
  async #made(target: Target, instance: Instance): Promise<Instance> {
    this.#track(instance);
    try {
      const codeRoot = await instance.claim(target).catch(passing);
      const credentials = this.#lend(target, instance);
      const terms = { timeoutMs: this.#options.loadTimeoutMs, credentials };
      await instance.load(target, codeRoot, terms).catch(passingOfPlatform);
      await instance.initialize().catch(passing);
      instance.becomeReady(this.#options.heartbeat);
      return instance;
    } catch (error) {
      void instance.kill("system", "it could not be made ready").catch(this.#options.problem);
      throw error;
    }
  }

  /** Credentials end some day, and an instance has those it was loaded with. So it makes room for another in time. */
  #lend(target: Target, instance: Instance): Credentials {
    const credentials = this.#options.lend(target);
    if (credentials === undefined) return NO_CREDENTIALS;
    const timer = setTimeout(() => this.end(instance.id), CREDENTIALS_MS).unref();
    void instance.gone.then(() => clearTimeout(timer));
    return credentials;
  }

  async #take(target: Target): Promise<Instance> {
    const { spec, functionKey } = target;
    try {
      // A function that is served already leaves the last warm one to another that waits for its first.
      const served = this.#find((one) => one.target?.functionKey === functionKey) !== undefined;
      const fresh = (): Promise<Instance> => this.#start({ runtime: spec.runtime, claim: claimOf(target) });
      return await this.#pool.take(spec.runtime, { leave: served ? 1 : 0, fresh });
    } catch (error) {
      this.#pool.claimed();
      throw error;
    }
  }

  #track(instance: Instance): void {
    this.#instances.add(instance);
    void instance.gone.then(() => this.#instances.delete(instance));
  }

  #start(request: Omit<InstanceRequest, "id">): Promise<Instance> {
    const { driver, helloTimeoutMs, line } = this.#options;
    return Instance.start(
      driver,
      { id: randomUUID(), ...request },
      {
        helloTimeoutMs,
        sink: ({ target, id }, level, text) => {
          if (target !== undefined) line(target, id, level, text);
        },
      },
    );
  }
}

function atMost(functionKey: string, most: number): LeaseError {
  return new LeaseError(
    "capacity",
    `${functionKey} has as many instances as it may have, ${most}. Raise maxInstances or call it less often.`,
  );
}

/** A failure that another instance may not have. */
class PassingError extends Error {
  override readonly name = "PassingError";
}

function passing(cause: unknown): never {
  throw new PassingError("another instance may do better", { cause });
}

/** Code that does not load will not load elsewhere; an instance that was lost may do better. */
function passingOfPlatform(cause: unknown): never {
  if (cause instanceof RuntimeFailure && cause.kind === "system") passing(cause);
  throw cause;
}

function toLeaseError(error: unknown): LeaseError {
  const real = error instanceof PassingError ? error.cause : error;
  if (real instanceof LeaseError) return real;
  if (real instanceof RuntimeFailure) return new LeaseError(real.kind, real.message, real.body);
  const message = real instanceof Error ? real.message : String(real);
  return new LeaseError("system", `no instance could be started: ${message}`);
}
