import type { Scheduler } from "../scheduler/scheduler.ts";
import type { Target } from "../scheduler/target.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { Admission } from "./admission.ts";
import { Lane, type LaneContext } from "./lane.ts";
import type { Warmer } from "./warmer.ts";

/** How often waiting calls are looked at. */
const TICK_MS = 20;
const SWEEP_MS = 1000;
const DRAIN_POLL_MS = 10;

export interface LanesOptions {
  readonly scheduler: Scheduler;
  readonly telemetry: Telemetry;
  /** Calls of one account at instances at the same time. */
  readonly concurrentExecutions: number;
  /** Calls that may wait for one function version. */
  readonly queueLength: number;
  /** A call waits no longer than this for a running instance. */
  readonly queueSeconds: number;
  /** An instance without calls is given back after this time. */
  readonly idleSeconds: number;
  /** Told what went wrong that no caller waits for. */
  readonly problem: (error: unknown) => void;
}

/** All lanes, and the two timers that serve them. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #admissions = new Map<string, Admission>();
  readonly #options: LanesOptions;
  readonly #context: LaneContext;
  readonly #sweeper: NodeJS.Timeout;
  /** Learns when calls come; without it each instance is kept for the same time. */
  warmer: Warmer | undefined = undefined;
  #ticker: NodeJS.Timeout | undefined;
  #executions: number;

  constructor(options: LanesOptions) {
    this.#options = options;
    this.#executions = options.concurrentExecutions;
    this.#context = {
      scheduler: options.scheduler,
      telemetry: options.telemetry,
      queueLength: options.queueLength,
      queueMs: options.queueSeconds * 1000,
      wake: (lane) => this.#wake(lane),
      problem: options.problem,
    };
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  /** Changes the calls that one account may have at instances at the same time. */
  limit(executions: number): void {
    this.#executions = executions;
    for (const admission of this.#admissions.values()) admission.limit = executions;
  }

  /** The lane of a target; made when it is not there. */
  open(target: Target): Lane {
    const found = this.#lanes.get(target.key);
    if (found !== undefined) return found;
    const lane = new Lane(target, this.#admission(target.projectId).share(target.functionKey), this.#context);
    this.#lanes.set(target.key, lane);
    return lane;
  }

  /** Retires the lanes of a function that `current` says are not of its newest revisions. */
  refresh(functionKey: string, current: (target: Target) => boolean): void {
    for (const lane of this.#lanes.values())
      if (lane.target.functionKey === functionKey && !lane.stale && !current(lane.target)) lane.retire();
  }

  /** Calls that run or wait. */
  get busy(): number {
    let calls = 0;
    for (const lane of this.#lanes.values()) calls += lane.running + lane.waiting;
    return calls;
  }

  /** Lets running and waiting calls end, for at most `graceMs`, then gives every instance back. */
  async close(graceMs: number): Promise<void> {
    const until = performance.now() + graceMs;
    while (this.busy > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    clearInterval(this.#sweeper);
    clearInterval(this.#ticker);
    for (const lane of this.#lanes.values()) lane.retire();
  }

  #admission(projectId: string): Admission {
    let admission = this.#admissions.get(projectId);
    if (admission === undefined)
      this.#admissions.set(projectId, (admission = new Admission(this.#executions)));
    return admission;
  }

  #wake(lane: Lane): void {
    // A caller who found the target before it was replaced may come after its lane was let go.
    if (lane.stale) this.#lanes.set(lane.target.key, lane);
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
  }

  #tick(): void {
    const now = performance.now();
    let waiting = 0;
    for (const lane of this.#lanes.values()) {
      if (lane.waiting > 0) lane.tick(now);
      waiting += lane.waiting;
    }
    if (waiting > 0) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  #sweep(): void {
    const now = performance.now();
    const before = now - this.#options.idleSeconds * 1000;
    for (const admission of this.#admissions.values()) admission.sweep(now);
    for (const [key, lane] of this.#lanes) {
      lane.sweep(before);
      if (lane.stale && lane.empty) this.#lanes.delete(key);
    }
    this.warmer?.look(this.#lanes.values());
  }
}
