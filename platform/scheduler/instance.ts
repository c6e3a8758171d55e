import { setTimeout as delay } from "node:timers/promises";
import { cpuMillicores } from "../../model/limits.ts";
import type { FailureKind } from "../../model/failure.ts";
import type { Driver, DriverInstance, Exit } from "../drivers/driver.ts";
import { Link } from "../link/link.ts";
import { loadMessage } from "./load-message.ts";
import { OutputLines } from "./output-lines.ts";
import type { Lease } from "./scheduler.ts";
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
  readonly link: Link;
  readonly startedAt = Date.now();
  /** Settles when nothing of it is left. */
  readonly gone: Promise<void>;
  state: "starting" | "ready" | "stopping" = "starting";
  target: Target | undefined = undefined;
  reserved = false;
  readonly #driven: DriverInstance;
  readonly #sink: LineSink;
  readonly #lost: ((reason: string) => void)[] = [];
  #lossReason: string | undefined;
  #early = "";

  private constructor(driven: DriverInstance, runtime: string, sink: LineSink) {
    this.id = driven.id;
    this.runtime = runtime;
    this.#driven = driven;
    this.#sink = sink;
    if (driven.stream === undefined) throw new Error("a container image has no link");
    this.link = new Link(driven.stream, driven.token);
    this.gone = this.#watch();
  }

  /** Starts a generic instance and waits for its HELLO. Rejects with what it wrote when it does not greet. */
  static async start(
    driver: Driver,
    request: { readonly id: string; readonly runtime: string },
    options: { readonly helloTimeoutMs: number; readonly sink: LineSink },
  ): Promise<Instance> {
    const instance = new Instance(await driver.create(request), request.runtime, options.sink);
    try {
      await instance.link.hello(options.helloTimeoutMs);
      return instance;
    } catch (error) {
      await instance.kill("system", "it did not greet");
      const wrote = instance.#early.trim();
      throw new Error(`${(error as Error).message}${wrote === "" ? "" : `: ${wrote}`}`, { cause: error });
    }
  }

  /**
   * Puts the target's code and limits in place; from now on it can be nothing else.
   * @returns where the instance sees the code
   */
  claim(target: Target): Promise<string> {
    this.target = target;
    const { codeDir, memoryMb } = target;
    return this.#driven.claim({ codeDir, memoryMb, cpuMillicores: cpuMillicores(memoryMb) });
  }

  /** Loads the code. Rejects with RuntimeFailure, `load` when the code is to blame. */
  async load(target: Target, codeRoot: string, timeoutMs: number): Promise<void> {
    await this.link.load(loadMessage(target, codeRoot), timeoutMs);
  }

  /** Runs the target's initializer. Rejects with RuntimeFailure. */
  async initialize(): Promise<void> {
    const initializer = this.target?.spec.initializer;
    if (initializer !== undefined) await this.link.init(initializer.timeoutSeconds * 1000);
  }

  /** Grants it. A call that runs past its time ends the instance, at once or as soon as no other call is left. */
  lease(target: Target): Lease {
    this.state = "ready";
    this.link.onTimeout = () => void this.#endAfterTimeout(target.spec.concurrency);
    return new InstanceLease(this, target);
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
    while (this.link.inFlight > 0 && this.link.open && performance.now() < until) await delay(DRAIN_POLL_MS);
    const grace = (this.target?.spec.preStop?.timeoutSeconds ?? 0) * 1000 || STOP_MS;
    if (this.target !== undefined && this.link.open)
      await this.link.stop(Math.max(0, Math.min(grace, until - performance.now())));
    await this.kill("crash", "the instance was stopped");
  }

  /** Ends it at once; calls in flight fail with `kind`. */
  async kill(kind: FailureKind, message: string): Promise<void> {
    this.state = "stopping";
    this.link.close(kind, message);
    await this.#driven.destroy();
    await this.gone;
  }

  async #endAfterTimeout(concurrency: number): Promise<void> {
    this.retire("a call ran past its time");
    if (concurrency > 1) while (this.link.inFlight > 0 && this.link.open) await delay(DRAIN_POLL_MS);
    await this.kill("timeout", "the instance was ended because a call ran past its time");
  }

  async #watch(): Promise<void> {
    const { link } = this;
    const out = new OutputLines((text) => this.#printed(text));
    const err = new OutputLines((text) => this.#printed(text));
    this.#driven.onOutput((chunk, stream) => (stream === "stdout" ? out : err).push(chunk));
    link.onInstanceLog = (level, text) => this.#sink(this, level, text.toString());
    // Why it ended is known when it has exited: the memory limit, a full disk, or its own doing.
    link.onEnd = () => void delay(EXIT_MS, undefined, { ref: false }).then(() => this.#driven.destroy());
    link.onClose = (reason) => {
      this.state = "stopping";
      this.#lose(reason);
      void this.#driven.destroy();
    };
    const exit = await this.#driven.exited;
    out.end();
    err.end();
    link.close(...explain(exit));
  }

  #lose(reason: string): void {
    if (this.#lossReason !== undefined) return;
    this.#lossReason = reason;
    for (const listener of this.#lost.splice(0)) listener(reason);
  }

  #printed(text: string): void {
    if (this.target === undefined) this.#early = `${this.#early}${text}\n`.slice(-EARLY_CHARACTERS);
    else this.link.printed(0, Buffer.from(text));
  }
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

  get link(): Link {
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
  if (exit.outOfMemory) return ["memory", "runtime memory limit exceeded"];
  if (exit.temporaryFull) return ["disk", "the instance ended with its /tmp full: disk limit exceeded"];
  if (exit.signal !== null) return ["crash", `the instance was ended by signal ${exit.signal}`];
  return ["crash", `the instance exited with code ${exit.code ?? "unknown"}`];
}
