import { FAILURES, type FailureKind } from "../../model/failure.ts";
import { renderApigEvent } from "./apig-event.ts";
import { readHttpResult, type HttpResult } from "./apig-result.ts";
import { GatewayCall } from "./gateway-call.ts";
import type { Patient } from "./patience.ts";
import type { BodyTaker, Exchange } from "./exchange.ts";
import { createRequestId } from "./request-id.ts";
import { BUSY, refuse, type Refusal } from "./refusal.ts";
import { Resolution } from "./resolution.ts";
import type { Route } from "./route.ts";
import type { GatewayRoom } from "./room.ts";

/** HTTP status and code for each way a function fails behind an HTTP trigger. */
const STATUS: Record<FailureKind, readonly [status: number, code: string]> = {
  load: [500, "FSS.0500"],
  init: [500, "FSS.0500"],
  "init-timeout": [504, "FSS.0504"],
  code: [500, "FSS.0500"],
  timeout: [504, "FSS.0504"],
  memory: [502, "FSS.0502"],
  disk: [502, "FSS.0502"],
  crash: [502, "FSS.0502"],
  "too-large": [500, "FSS.0500"],
  "not-serialisable": [500, "FSS.0500"],
  system: [503, "FSS.0503"],
  cancelled: [502, "FSS.0502"],
};

const NO_ROUTE: Refusal = {
  status: 404,
  code: "FSS.1138",
  message:
    'No HTTP trigger has this path. Check the path and, for triggers of a group, the Host header (<group id>.<anything>); "fungraph ls" lists the URLs.',
};

/** Answers a request that is for an HTTP trigger. */
export function serveHttpTrigger(room: GatewayRoom, exchange: Exchange): void {
  const { method, url, headers } = exchange;
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const found = room.routes.find(headers.host, method, path);
  if (found === undefined) return refuse(exchange, NO_ROUTE, createRequestId());
  if (!("trigger" in found))
    return refuse(exchange, badMethod(method, found), createRequestId(), allow(found));
  const call = new HttpTriggerCall(room, exchange, found);
  call.path = path;
  call.query = mark === -1 ? "" : url.slice(mark + 1);
  exchange.readBody(call, room.limits.requestBytes, room.bytes);
}

function badMethod(method: string, methods: readonly string[]): Refusal {
  return {
    status: 405,
    code: "FSS.0400",
    message: `The HTTP trigger of this path does not take ${method}. Use ${methods.join(" or ")}.`,
  };
}

function allow(methods: readonly string[]): string[] {
  return ["Allow", methods.join(", ")];
}

/** One request through an HTTP trigger. */
class HttpTriggerCall extends GatewayCall implements BodyTaker, Patient {
  path = "";
  query = "";
  until = 0;
  readonly #room: GatewayRoom;
  readonly #exchange: Exchange;
  readonly #route: Route;

  constructor(room: GatewayRoom, exchange: Exchange, route: Route) {
    super(createRequestId());
    this.#room = room;
    this.#exchange = exchange;
    this.#route = route;
  }

  body(body: Buffer): void {
    if (this.#route.data.auth !== "NONE" && !this.#signed(body)) return;
    const { requestId, path, query } = this;
    this.event = renderApigEvent(this.#exchange, body, { requestId, route: this.#route, path, query });
    if (this.event.length > this.#room.limits.requestBytes) return this.refused("size");
    // A change in the store brings new routes, so what one has found stays right as long as it is used.
    const { resolution } = this.#route;
    if (resolution === undefined) this.#resolve();
    else this.#run(resolution);
  }

  refused(reason: "size" | "busy"): void {
    this.reject(
      reason === "busy"
        ? BUSY
        : {
            status: 413,
            code: "FSS.1201",
            message: `The request is larger than ${this.#room.limits.requestBytes} bytes as an event. Its body travels in base64, which adds a third: send at most about ${Math.floor((this.#room.limits.requestBytes * 3) / 4 / 1024 / 1024)} MB, or put large files into an object store.`,
          },
    );
  }

  aborted(): void {
    // Nobody is left to answer.
  }

  abandoned(): boolean {
    return this.#exchange.gone;
  }

  answer(payload: Buffer): void {
    if (!this.#settle()) return;
    const result = readHttpResult(payload);
    if (typeof result !== "string") return this.#send(result);
    refuse(this.#exchange, { status: 500, code: "FSS.1202", message: result }, this.requestId);
  }

  answerFailure(kind: FailureKind): void {
    if (!this.#settle()) return;
    const [status, code] = STATUS[kind];
    const row = FAILURES[kind];
    const message = `The function failed: ${row.reason}. Its log has the details of request ${this.requestId}.`;
    refuse(this.#exchange, { status, code, message }, this.requestId, ["X-Func-Err-Code", String(row.code)]);
  }

  reject(refusal: Refusal): void {
    if (this.#settle()) refuse(this.#exchange, refusal, this.requestId);
  }

  giveUp(): void {
    const message = `The function did not answer within the trigger's ${this.#route.data.func_info.timeout} ms. Make it faster, or raise the trigger's timeout.`;
    this.reject({ status: 504, code: "FSS.0504", message });
  }

  /** False when the caller was answered before. */
  #settle(): boolean {
    this.#exchange.release();
    if (this.until > 0) this.#room.patience.forget(this);
    return !this.#exchange.answered;
  }

  #send(result: HttpResult): void {
    result.headers.push("X-Cff-Request-Id", this.requestId);
    this.#exchange.send(result);
  }

  #signed(body: Buffer): boolean {
    const { method, url, headers } = this.#exchange;
    const refusal = this.#room.verifier.verify(
      { method, url, headers, body },
      this.#route.trigger.key.projectId,
    );
    if (refusal !== undefined) this.reject(refusal);
    return refusal === undefined;
  }

  #resolve(): void {
    const { key, qualifier } = this.#route.trigger;
    this.#room.catalog.findTarget(key, qualifier).then(
      (found) => {
        if (!(found instanceof Resolution)) return this.reject(found);
        this.#route.resolution = found;
        return this.#run(found);
      },
      (error: unknown) => this.reject(this.#room.failed(error)),
    );
  }

  #run(resolution: Resolution): void {
    const { invocation_type: type, timeout } = this.#route.data.func_info;
    if (type === "async") return this.#accept(resolution);
    const lane = resolution.pick().laneFor(undefined);
    if ("status" in lane) return this.reject(lane);
    this.meta = resolution.meta;
    if (timeout < lane.timeoutMs) {
      this.until = performance.now() + timeout;
      this.#room.patience.watch(this);
    }
    lane.push(this);
  }

  #accept(resolution: Resolution): void {
    const { key, qualifier } = resolution;
    const { requestId: id, event } = this;
    this.#room.acceptance.accept({ id, key, qualifier, event }, (refusal) => {
      if (refusal !== undefined) return this.reject(refusal);
      if (!this.#settle()) return;
      const headers = ["Content-Type", "application/json"];
      this.#send({ status: 202, headers, body: JSON.stringify({ request_id: id }) });
    });
  }
}
