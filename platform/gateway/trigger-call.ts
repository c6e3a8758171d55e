import { FAILURES, type FailureKind } from "../../model/failure.ts";
import type { Exchange } from "./exchange.ts";
import { GatewayCall } from "./gateway-call.ts";
import type { Lane } from "./lane.ts";
import type { Patient } from "./patience.ts";
import { createRequestId } from "./request-id.ts";
import { refuse, type Refusal } from "./refusal.ts";
import { Resolution } from "./resolution.ts";
import type { GatewayRoom } from "./room.ts";
import type { Route } from "./route.ts";

/** HTTP status and code for each way a function fails behind an HTTP trigger. */
const STATUS: Record<FailureKind, readonly [status: number, code: string]> = {
  load: [500, "FSS.0500"],
  init: [500, "FSS.0500"],
  "init-timeout": [504, "FSS.0504"],
  code: [500, "FSS.0500"],
  timeout: [504, "FSS.0504"],
  memory: [502, "FSS.0502"],
  disk: [502, "FSS.0502"],
  heartbeat: [502, "FSS.0502"],
  crash: [502, "FSS.0502"],
  "too-large": [500, "FSS.0500"],
  "not-serialisable": [500, "FSS.0500"],
  "stream-broken": [502, "FSS.0502"],
  system: [503, "FSS.0503"],
  cancelled: [502, "FSS.0502"],
};

/** What requests of all HTTP triggers have in common: who may call, which version serves, how failures look. */
export abstract class TriggerCall extends GatewayCall implements Patient {
  until = 0;
  protected readonly room: GatewayRoom;
  protected readonly exchange: Exchange;
  protected readonly route: Route;

  constructor(room: GatewayRoom, exchange: Exchange, route: Route) {
    super(createRequestId());
    this.room = room;
    this.exchange = exchange;
    this.route = route;
  }

  abandoned(): boolean {
    return this.exchange.gone;
  }

  answerFailure(kind: FailureKind): void {
    if (!this.settle()) return;
    const [status, code] = STATUS[kind];
    const row = FAILURES[kind];
    const message = `The function failed: ${row.reason}. Its log has the details of request ${this.requestId}.`;
    refuse(this.exchange, { status, code, message }, this.requestId, ["X-Func-Err-Code", String(row.code)]);
  }

  reject(refusal: Refusal): void {
    if (this.settle()) refuse(this.exchange, refusal, this.requestId);
  }

  giveUp(): void {
    const message = `The function did not answer within the trigger's ${this.route.data.func_info.timeout} ms. Make it faster, or raise the trigger's timeout.`;
    this.reject({ status: 504, code: "FSS.0504", message });
  }

  /** Serves the request with what the trigger's function and qualifier mean. */
  protected abstract run(resolution: Resolution): void;

  /** False when the caller was answered before. */
  protected settle(): boolean {
    this.exchange.release();
    this.beContent();
    return !this.exchange.answered;
  }

  /** From now on the caller waits for as long as it takes. */
  protected beContent(): void {
    if (this.until > 0) this.room.patience.forget(this);
    this.until = 0;
  }

  /** Answers and returns false when the trigger wants a signature and the request has no good one. */
  protected admitted(body: Buffer): boolean {
    if (this.route.data.auth === "NONE") return true;
    const { method, url, headers } = this.exchange;
    const request = { method, url, headers, body };
    const refusal = this.room.verifier.verify(request, this.route.trigger.key.projectId);
    if (refusal !== undefined) this.reject(refusal);
    return refusal === undefined;
  }

  /** Finds the function and runs. */
  protected resolve(): void {
    // A change in the store brings new routes, so what one has found stays right as long as it is used.
    const { resolution } = this.route;
    if (resolution !== undefined) return this.run(resolution);
    const { key, qualifier } = this.route.trigger;
    this.room.catalog.findTarget(key, qualifier).then(
      (found) => {
        if (!(found instanceof Resolution)) return this.reject(found);
        this.route.resolution = found;
        return this.run(found);
      },
      (error: unknown) => this.reject(this.room.failed(error)),
    );
  }

  /** Hands the call to a lane, with the trigger's patience. */
  protected enter(lane: Lane, resolution: Resolution): void {
    const { timeout } = this.route.data.func_info;
    this.meta = resolution.meta;
    if (timeout < lane.timeoutMs) {
      this.until = performance.now() + timeout;
      this.room.patience.watch(this);
    }
    lane.push(this);
  }
}
