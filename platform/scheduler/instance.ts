import { setTimeout as delay } from "node:timers/promises";
import { cpuMillicores } from "../../model/limits.ts";
import type { FailureKind } from "../../model/failure.ts";
import type { Claim, Driver, DriverInstance, Exit, InstanceRequest } from "../drivers/driver.ts";
import type { CallLink } from "../link/call-link.ts";
import type { HttpLink } from "../link/http-link.ts";
import { InstanceLog } from "../link/instance-log.ts";
import { Link } from "../link/link.ts";
import { RuntimeFailure } from "../link/runtime-failure.ts";
import { DozingLink } from "./dozing-link.ts";
import { watchHeartbeat, type Rhythm } from "./heartbeat.ts";
import { loadMessage, type LoadTerms } from "./load-message.ts";
import { OutputLines } from "./output-lines.ts";
import type { Lease } from "./scheduler.ts";
import { initializeServer, isServer, listening, openServer } from "./server-port.ts";
import type { Target } from "./target.ts";

/** An instance whose link ended should exit by itself; after this time it is made to. */
const EXIT_MS = 200;
/** For STOP without a pre-stop hook. */
const STOP_MS = 1_000;
const DRAIN_POLL_MS = 10;
/** Output before the claim is kept to explain a failed start. */
const EARLY_CHARACTERS = 2_000;

/** Takes lines that the instance wrote outside of any call. */
export type LineSink = (instance: Instance, level: number, text: string) => void;

/** One instance from its start to its end: first generic, then of one target. */
export class Instance {
  readonly id: string;
  readonly runtime: string;
  readonly startedAt = Date.now();
  /** Settles when nothing of it is left. */
  readonly gone: Promise<void>;
  state: "starting" | "ready" | "stopping" = "starting";
  target: Target | undefined = undefined;
  reserved = false;
  /** performance.now() when it could take calls. */
  readyAt = Infinity;
  readonly #driven: DriverInstance;
  /** The runtime protocol; a container image does not speak it. */
  readonly #life: Link | undefined;
  /** The way to the code's own server, once it has one. */
  #server: HttpLink | undefined;
  /** Set in idle mode. */
  #dozing: DozingLink | undefined;
  readonly #log: InstanceLog;
  readonly #sink: LineSink;
  readonly #lost: ((reason: string) => void)[] = [];
  #lossReason: string | undefined;
  #early = "";

  private constructor(driven: DriverInstance, runtime: string, sink: LineSink) {
    this.id = driven.id;
    this.runtime = runtime;
    this.#driven = driven;
    this.#sink = sink;
    this.#life = driven.stream && new Link(driven.stream, driven.token);
    this.#log = this.#life?.log ?? new InstanceLog();
    this.gone = this.#watch();
  }

  /** Starts an instance and waits for its HELLO. Rejects with what it wrote when it does not greet. */
  static async start(
    driver: Driver,
    request: InstanceRequest,
    options: { readonly helloTimeoutMs: number; readonly sink: LineSink },
  ): Promise<Instance> {
    const instance = new Instance(await driver.create(request), request.runtime, options.sink);
    try {
      await instance.#life?.hello(options.helloTimeoutMs);
      return instance;
    } catch (error) {
      await instance.kill("system", "it did not greet");
      const wrote = instance.#early.trim();
      throw new Error(`${(error as Error).message}${wrote === "" ? "" : `: ${wrote}`}`, { cause: error });
    }
  }

  /** What carries its calls. */
  get link(): CallLink {
    const link = this.#dozing ?? this.#server ?? this.#life;
    if (link === undefined) throw new Error("a container image takes calls once it is loaded");
    return link;
  }

  /** Its CPU is paused because nothing calls it. */
  get paused(): boolean {
    return this.#dozing?.paused === true;
  }

  /** Nothing is known to be wrong with it. */
  get alive(): boolean {
    return this.state !== "stopping" && (this.#life?.open ?? true) && (this.#server?.open ?? true);
  }

  get inFlight(): number {
    return (this.#server ?? this.#life)?.inFlight ?? 0;
  }

  /** Asks a generic instance for a sign of life. Rejects when none comes in time. */
  async heartbeat(timeoutMs: number): Promise<void> {
    await this.#life?.heartbeat(timeoutMs);
  }

  /**
   * Puts the target's code and limits in place; from now on it can be nothing else. A container image has both from its start.
   * @returns where the instance sees the code
   */
  claim(target: Target): Promise<string> {
    this.target = target;
    return this.#life === undefined ? Promise.resolve("") : this.#driven.claim(claimOf(target));
  }

  /** Loads the code. Rejects with RuntimeFailure, `load` when the code is to blame. */
  async load(target: Target, codeRoot: string, terms: LoadTerms): Promise<void> {
    const { timeoutMs, credentials } = terms;
    const place = { instanceId: this.id, codeRoot };
    if (this.#life !== undefined) await this.#life.load(loadMessage(target, place, terms), timeoutMs);
    else await Promise.race([listening(this.#driven, timeoutMs), this.#endEarly()]);
    if (!isServer(target)) return;
    this.#server = openServer(this.#driven, target, { credentials, log: this.#log });
    this.#server.onClose = (reason) => this.#lose(reason);
  }

  /** Runs the target's initializer. Rejects with RuntimeFailure. */
  async initialize(): Promise<void> {
    const initializer = this.target?.spec.initializer;
    if (initializer === undefined) return;
    const timeoutMs = initializer.timeoutSeconds * 1000;
    if (this.#life !== undefined) await this.#life.init(timeoutMs);
    else if (this.#server !== undefined) await initializeServer(this.#server, timeoutMs);
  }

  /** It is loaded and initialized; from now on its heartbeat is asked for, also while it is kept and nobody calls it. */
  becomeReady(rhythm: Rhythm): void {
    if (this.state === "stopping") return;
    this.#driven.settle?.();
    this.state = "ready";
    this.readyAt = performance.now();
    if (this.target?.spec.heartbeat === undefined || this.#life === undefined) return;
    watchHeartbeat(this.#life, {
      rhythm,
      serves: () => this.state === "ready",
      paused: () => this.#dozing?.dozing === true,
      sick: (message) => {
        this.retire(message);
        void this.kill("heartbeat", message);
      },
    });
  }

  /** Grants it. A call that runs past its time ends the instance, at once or as soon as no other call is left. */
  lease(target: Target): Lease {
    this.link.onTimeout = () => void this.#endAfterTimeout(target.spec.concurrency);
    return new InstanceLease(this, target);
  }

  /**
   * Idle mode (guide 3.10): on pauses the instance whenever it had nothing to do for a while, and is to be called now and then; off wakes it
   * for good.
   */
  doze(on: boolean): void {
    if (this.state !== "ready") return;
    if (on) {
      this.#dozing ??= new DozingLink(this.link, this.#driven, (error) => {
        void this.kill("system", `it could not be paused or resumed: ${String(error)}`);
      });
      this.#dozing.doze();
    } else void this.#wake();
  }

  onLost(listener: (reason: string) => void): void {
    if (this.#lossReason === undefined) this.#lost.push(listener);
    else listener(this.#lossReason);
  }

  /** No more calls; those in flight go on. */
  retire(reason: string): void {
    this.state = "stopping";
    this.#lose(reason);
  }

  /** Lets calls in flight finish, at most until `until` (performance.now()), then stops and destroys it. */
  async stop(until = Infinity): Promise<void> {
    this.state = "stopping";
    // Whoever stops it knows.
    this.#lost.length = 0;
    await this.#wake();
    while (this.inFlight > 0 && this.link.open && performance.now() < until) await delay(DRAIN_POLL_MS);
    const grace = (this.target?.spec.preStop?.timeoutSeconds ?? 0) * 1000 || STOP_MS;
    if (this.target !== undefined && this.#life?.open === true)
      await this.#life.stop(Math.max(0, Math.min(grace, until - performance.now())));
    await this.kill("crash", "the instance was stopped");
  }

  /** Ends it at once; calls in flight fail with `kind`. */
  async kill(kind: FailureKind, message: string): Promise<void> {
    this.state = "stopping";
    this.#close(kind, message);
    await this.#driven.destroy();
    await this.gone;
  }

  async #wake(): Promise<void> {
    await this.#dozing?.end();
    this.#dozing = undefined;
  }

  async #endAfterTimeout(concurrency: number): Promise<void> {
    this.retire("a call ran past its time");
    if (concurrency > 1) while (this.inFlight > 0 && this.link.open) await delay(DRAIN_POLL_MS);
    await this.kill("timeout", "the instance was ended because a call ran past its time");
  }

  async #watch(): Promise<void> {
    const out = new OutputLines((text) => this.#printed(text));
    const err = new OutputLines((text) => this.#printed(text));
    this.#driven.onOutput((chunk, stream) => (stream === "stdout" ? out : err).push(chunk));
    this.#log.sink = (level, text) => this.#sink(this, level, text.toString());
    if (this.#life !== undefined) {
      // Why it ended is known when it has exited: the memory limit, a full disk, or its own doing.
      this.#life.onEnd = () => {
        this.#server?.ending();
        void delay(EXIT_MS, undefined, { ref: false }).then(() => this.#driven.destroy());
      };
      this.#life.onClose = (reason) => {
        this.state = "stopping";
        this.#lose(reason);
        void this.#driven.destroy();
      };
    }
    const exit = await this.#driven.exited;
    out.end();
    err.end();
    this.#close(...explain(exit));
  }

  /** Ends both ways to it; the first reason that is told counts. */
  #close(kind: FailureKind, message: string): void {
    this.state = "stopping";
    this.#server?.close(kind, message);
    this.#life?.close(kind, message);
    this.#lose(message);
  }

  /** Rejects when the instance ends, with how. */
  async #endEarly(): Promise<never> {
    const [kind, message] = explain(await this.#driven.exited);
    throw new RuntimeFailure(kind === "crash" ? "load" : kind, message);
  }

  #lose(reason: string): void {
    if (this.#lossReason !== undefined) return;
    this.#lossReason = reason;
    for (const listener of this.#lost.splice(0)) listener(reason);
  }

  #printed(text: string): void {
    if (this.target === undefined) this.#early = `${this.#early}${text}\n`.slice(-EARLY_CHARACTERS);
    else {
      const link = this.#server ?? this.#life;
      if (link === undefined) this.#log.take(0, Buffer.from(text));
      else link.printed(0, Buffer.from(text));
    }
  }
}

/** What makes an instance the target's. */
export function claimOf({ codeDir, memoryMb, spec }: Target): Claim {
  const place = spec.network && { network: spec.network };
  return { codeDir, memoryMb, cpuMillicores: cpuMillicores(memoryMb), ...place };
}

/** How a gateway sees an instance. */
class InstanceLease implements Lease {
  readonly instance: Instance;
  readonly target: Target;

  constructor(instance: Instance, target: Target) {
    this.instance = instance;
    this.target = target;
  }

  get instanceId(): string {
    return this.instance.id;
  }

  get link(): CallLink {
    return this.instance.link;
  }

  get reserved(): boolean {
    return this.instance.reserved;
  }

  onLost(listener: (reason: string) => void): void {
    this.instance.onLost(listener);
  }
}

/** The guide's words where it has some (3.7.2). */
function explain(exit: Exit): [kind: FailureKind, message: string] {
  if (exit.lost !== undefined) return ["system", exit.lost];
  if (exit.outOfMemory) return ["memory", "runtime memory limit exceeded"];
  if (exit.temporaryFull) return ["disk", "the instance ended with its /tmp full: disk limit exceeded"];
  if (exit.signal !== null) return ["crash", `the instance was ended by signal ${exit.signal}`];
  return ["crash", `the instance exited with code ${exit.code ?? "unknown"}`];
}
