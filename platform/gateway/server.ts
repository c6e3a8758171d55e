import { LIMITS } from "../../model/limits.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import { StoreFullError, StoreUnavailableError } from "../store/errors.ts";
import { parseKeyText } from "../store/function-key.ts";
import type { Store } from "../store/store.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { QueueFullError } from "../triggers/queue-full.ts";
import { Acceptance } from "./acceptance.ts";
import { ByteBudget } from "./byte-budget.ts";
import { Catalog } from "./catalog.ts";
import type { Exchange } from "./exchange.ts";
import { Front } from "./front.ts";
import { serveHttpTrigger } from "./http-trigger.ts";
import { serveInvocation } from "./invoke.ts";
import { parseInvokePath } from "./invoke-path.ts";
import type { Lane } from "./lane.ts";
import type { Invocation, Invoker, Outcome } from "./invoker.ts";
import { Lanes } from "./lanes.ts";
import { Patience } from "./patience.ts";
import type { AsyncQueue, ControlPlane, Verifier } from "./ports.ts";
import { QueuedCall, refusalOutcome } from "./queued-call.ts";
import { CLOSING, refuse, type Refusal } from "./refusal.ts";
import { createRequestId } from "./request-id.ts";
import { Resolution } from "./resolution.ts";
import type { CallLimits, GatewayRoom } from "./room.ts";
import { Routes } from "./routes.ts";
import { Warmer, type Expected } from "./warmer.ts";
import type { Warmth } from "./warmth.ts";

/** Bounds of one gateway; each has a default. */
export interface GatewayLimits extends Partial<CallLimits> {
  /** Calls of one account at instances at the same time. Default 100 (guide 1.6). */
  readonly concurrentExecutions?: number;
  /** Calls that may wait for one function version. Default 1,000. */
  readonly queueLength?: number;
  /** Seconds a call may wait while instances run but are all busy. Default 30. */
  readonly queueSeconds?: number;
  /** Seconds without a call after which an instance is given back. Default 60. */
  readonly idleSeconds?: number;
  /** Bytes of request bodies in memory at the same time. Default 512 MB. */
  readonly bodyBytes?: number;
  /** Open connections. Default 10,000. */
  readonly connections?: number;
  /** Seconds a caller may take to send the headers. Default 20. */
  readonly headerSeconds?: number;
  /** Seconds a caller may take to send the whole request. Default 120. */
  readonly requestSeconds?: number;
}

export interface GatewayOptions {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly telemetry: Telemetry;
  readonly verifier: Verifier;
  readonly controlPlane: ControlPlane;
  readonly queue: AsyncQueue;
  readonly region: string;
  readonly limits?: GatewayLimits;
  /** Learns when functions are called. Default: none, every instance is kept for `idleSeconds`. */
  readonly warmth?: Warmth | undefined;
  /** Functions that are known to be called within so many ms; they get an instance when there is `warmth`. Default: none. */
  readonly expected?: (withinMs: number) => Iterable<Expected>;
  /** Told what went wrong that no caller can be told; default: a process warning. */
  readonly problem?: (error: unknown) => void;
}

/** The data plane: one HTTP server in front of the functions and the control plane. */
export interface Gateway extends Invoker {
  /** @returns the port that was bound. Rejects when it cannot be. */
  listen(port: number, host: string): Promise<number>;
  /** Changes how many calls of one account may be at instances at the same time. */
  limit(concurrentExecutions: number): void;
  /** Takes nothing new, lets running calls end for at most `graceMs`, gives instances back and closes every connection. */
  close(graceMs: number): Promise<void>;
}

/** Paths of the control plane; a Host that names a group takes them for its triggers all the same. */
const CONTROL = /^\/(v1|v1\.0|v2|v3|fungraph)(\/|$|\?)/;

/** Builds the gateway; it serves after `listen`. */
export function createGateway(options: GatewayOptions): Gateway {
  return new HttpGateway(options);
}

class HttpGateway implements Gateway {
  readonly #front: Front;
  readonly #lanes: Lanes;
  readonly #room: GatewayRoom;
  /** What `invoke` has not answered yet, by request id. */
  readonly #queued = new Map<string, QueuedCall>();
  #closing = false;

  constructor(options: GatewayOptions) {
    const { store, scheduler, telemetry, region, limits = {} } = options;
    const problem = options.problem ?? ((error: unknown) => process.emitWarning(String(error)));
    const failed = (error: unknown): Refusal => {
      if (error instanceof StoreFullError) return { status: 507, code: "FSS.1302", message: error.message };
      if (error instanceof QueueFullError) return { status: 429, code: "FSS.0429", message: error.message };
      if (error instanceof StoreUnavailableError)
        return { status: 503, code: "FSS.0503", message: error.message };
      problem(error);
      const message = "The platform failed; its own log has the reason. Retry later.";
      return { status: 500, code: "FSS.0500", message };
    };
    const {
      concurrentExecutions = LIMITS.concurrentExecutions,
      queueLength = LIMITS.queueLength,
      queueSeconds = LIMITS.queueSeconds,
      idleSeconds = LIMITS.idleSeconds,
      bodyBytes = 512 * 1024 * 1024,
      requestBytes = LIMITS.requestBytes,
      asyncRequestBytes = LIMITS.asyncRequestBytes,
      synchronousSeconds = LIMITS.synchronousSeconds,
    } = limits;
    const bounds = { concurrentExecutions, queueLength, queueSeconds, idleSeconds };
    this.#lanes = new Lanes({ scheduler, telemetry, ...bounds, problem });
    this.#room = {
      catalog: new Catalog({ store, scheduler, lanes: this.#lanes, region }),
      routes: new Routes(store),
      verifier: options.verifier,
      bytes: new ByteBudget(bodyBytes),
      patience: new Patience(),
      acceptance: new Acceptance(options.queue, failed),
      limits: { requestBytes, asyncRequestBytes, synchronousSeconds },
      failed,
    };
    const { warmth, expected = () => [] } = options;
    if (warmth !== undefined)
      this.#lanes.warmer = new Warmer({
        warmth,
        expected,
        find: (functionKey, qualifier) => this.#find(functionKey, qualifier),
        problem,
      });
    const changed = (functionKey: string): void => {
      this.#room.routes.changed(functionKey);
      this.#room.catalog.changed(functionKey);
    };
    store.onChange(changed);
    scheduler.onTurn(changed);
    const { connections = 10_000, headerSeconds = 20, requestSeconds = 120 } = limits;
    const { controlPlane } = options;
    const serve = (exchange: Exchange): boolean => this.#serve(exchange);
    this.#front = new Front({ serve, controlPlane, connections, headerSeconds, requestSeconds });
  }

  listen(port: number, host: string): Promise<number> {
    return this.#front.listen(port, host);
  }

  limit(concurrentExecutions: number): void {
    this.#lanes.limit(concurrentExecutions);
  }

  async invoke(invocation: Invocation): Promise<Outcome> {
    const { key, qualifier, requestId, event, memoryMb } = invocation;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const call = new QueuedCall(requestId, event, resolve);
    this.#queued.set(requestId, call);
    try {
      const { catalog } = this.#room;
      const found = catalog.knownTarget(key, qualifier) ?? (await catalog.findTarget(key, qualifier));
      if (!(found instanceof Resolution)) return refusalOutcome(found);
      const lane = found.pick().laneFor(memoryMb?.toString());
      if ("status" in lane) return refusalOutcome(lane);
      call.meta = { ...found.meta, invokeType: "async" };
      if (!call.abandoned()) lane.push(call);
      return await promise;
    } catch (error) {
      return refusalOutcome(this.#room.failed(error));
    } finally {
      this.#queued.delete(requestId);
    }
  }

  cancel(requestId: string): void {
    this.#queued.get(requestId)?.cancel();
  }

  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    await this.#front.close(this.#lanes.close(graceMs));
    this.#room.patience.close();
  }

  /** The lane that most calls of a function and qualifier go to. */
  async #find(functionKey: string, qualifier: string): Promise<Lane | undefined> {
    const found = await this.#room.catalog.findTarget(parseKeyText(functionKey), qualifier);
    return found instanceof Resolution ? found.main?.lane : undefined;
  }

  /** Serves what is for functions; false for a request of the control plane. */
  #serve(exchange: Exchange): boolean {
    const { method, url, headers } = exchange;
    const control = CONTROL.test(url) && !this.#room.routes.isGroup(headers.host);
    const path = control && method === "POST" ? parseInvokePath(url) : undefined;
    if (this.#closing) refuse(exchange, CLOSING, createRequestId());
    else if (path !== undefined) serveInvocation(this.#room, exchange, path);
    else if (control) return false;
    else serveHttpTrigger(this.#room, exchange);
    return true;
  }
}
