import type { FailureKind } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { renderTail } from "../telemetry/log-entry.ts";
import { GatewayCall } from "./gateway-call.ts";
import type { BodyTaker, Exchange } from "./exchange.ts";
import { hopsOf } from "./hops.ts";
import type { InvokePath } from "./invoke-path.ts";
import type { Patient } from "./patience.ts";
import { createRequestId } from "./request-id.ts";
import { BUSY, refuse, type Refusal } from "./refusal.ts";
import { Resolution } from "./resolution.ts";
import type { CallLimits, GatewayRoom } from "./room.ts";

const NOT_JSON: Refusal = {
  status: 400,
  code: "FSS.0400",
  message: "The event is not JSON. Send a JSON text as the body, for example {}.",
};

const HTTP_FUNCTION: Refusal = {
  status: 400,
  code: "FSS.0400",
  message:
    "HTTP functions cannot be called asynchronously (guide 3.2.2.2). Call it through its HTTP trigger, or use an event function.",
};

/**
 * Answers the two invocation calls of the API: `…/invocations` waits for the result, `…/invocations-async` answers once
 * the request is durable.
 *
 * A failure of the function itself is HTTP 200 with `X-Is-Func-Err: true`, the inner code in `X-Func-Err-Code` and the
 * error body as the result, so that clients get to read it; in a v1 body `status` is 500. Whatever kept the function
 * from running is a 4xx or 5xx with an FSS code.
 */
export function serveInvocation(room: GatewayRoom, exchange: Exchange, path: InvokePath): void {
  const call = new InvokeCall(room, exchange, path);
  const limit = eventLimit(room.limits, path);
  exchange.readBody(call, limit, room.bytes);
}

/** One invocation through the API. */
class InvokeCall extends GatewayCall implements BodyTaker, Patient {
  until = 0;
  readonly #room: GatewayRoom;
  readonly #exchange: Exchange;
  readonly #path: InvokePath;

  constructor(room: GatewayRoom, exchange: Exchange, path: InvokePath) {
    super(createRequestId());
    this.#room = room;
    this.#exchange = exchange;
    this.#path = path;
  }

  body(body: Buffer): void {
    const { method, url, headers } = this.#exchange;
    const refusal = this.#room.verifier.verify({ method, url, headers, body }, this.#path.projectId);
    if (refusal !== undefined) return this.reject(refusal);
    this.event = body;
    const { urn, projectId } = this.#path;
    const known = this.#room.catalog.known(urn, projectId);
    if (known !== undefined) return this.#start(known);
    this.#room.catalog.find(urn, projectId).then(
      (found) => (found instanceof Resolution ? this.#start(found) : this.reject(found)),
      (error: unknown) => this.reject(this.#room.failed(error)),
    );
  }

  refused(reason: "size" | "busy"): void {
    this.reject(reason === "busy" ? BUSY : tooLarge(this.#room.limits, this.#path));
  }

  aborted(): void {
    // Nobody is left to answer.
  }

  abandoned(): boolean {
    return this.#exchange.gone;
  }

  answer(payload: Buffer): void {
    if (this.#settle()) this.#reply(payload);
  }

  answerFailure(kind: FailureKind, payload: Buffer): void {
    if (kind === "system") {
      const message = `The platform could not run the function: ${payload.toString()}`;
      return this.reject({ status: 500, code: "FSS.0500", message });
    }
    // Looked at only now, so that good events are not parsed twice.
    if (kind === "code" && !isJson(this.event)) return this.reject(NOT_JSON);
    if (this.#settle()) this.#reply(payload);
  }

  reject(refusal: Refusal): void {
    if (this.#settle()) refuse(this.#exchange, refusal, this.requestId);
  }

  giveUp(): void {
    const message = `A synchronous caller waits ${this.#room.limits.synchronousSeconds} s at most; the function goes on. Invoke long functions asynchronously.`;
    this.reject({ status: 504, code: "FSS.0504", message });
  }

  /** False when the caller was answered before. */
  #settle(): boolean {
    this.#exchange.release();
    if (this.until > 0) this.#room.patience.forget(this);
    return !this.#exchange.answered;
  }

  #start(resolution: Resolution): void {
    if (this.#path.asynchronous) return this.#accept(resolution);
    const { headers } = this.#exchange;
    const lane = resolution.pick().laneFor(headers["x-cff-instance-memory"] as string | undefined);
    if ("status" in lane) return this.reject(lane);
    this.meta = resolution.meta;
    if (headers["x-cff-log-type"] === "tail") this.lines = [];
    const patienceMs = this.#room.limits.synchronousSeconds * 1000;
    if (lane.timeoutMs > patienceMs) {
      this.until = performance.now() + patienceMs;
      this.#room.patience.watch(this);
    }
    lane.push(this);
  }

  #accept(resolution: Resolution): void {
    const memory = this.#exchange.headers["x-cff-instance-memory"] as string | undefined;
    const lane = resolution.pick().laneFor(memory);
    if ("status" in lane) return this.reject(lane);
    if (findRuntime(lane.target.spec.runtime)?.family === "http") return this.reject(HTTP_FUNCTION);
    if (!isJson(this.event)) return this.reject(NOT_JSON);
    const { key, qualifier } = resolution;
    const id = this.requestId;
    const hops = hopsOf(this.#exchange.headers);
    const { spec, memoryMb: chosen } = lane.target;
    const memoryMb = memory && spec.dynamicMemory ? chosen : undefined;
    this.#room.acceptance.accept({ id, key, qualifier, event: this.event, memoryMb, hops }, (refusal) => {
      if (refusal !== undefined) return this.reject(refusal);
      if (!this.#settle()) return;
      const headers = ["Content-Type", "application/json", "X-Cff-Request-Id", id, "X-Request-Id", id];
      this.#exchange.send({ status: 202, headers, body: JSON.stringify({ request_id: id }) });
    });
  }

  /** The answer in the form that X-CFF-Request-Version asks for: v0 is the bare result, v1 an object around it. */
  #reply(payload: Buffer): void {
    const { headers } = this.#exchange;
    const v1 = headers["x-cff-request-version"] === "v1";
    const log = this.lines === undefined ? "" : renderTail(this, this.lines, LIMITS.logTailBytes);
    const billing = String(Math.ceil(this.durationMs));
    const fields = [
      "Content-Type",
      v1 || looksLikeJson(payload) ? "application/json" : "text/plain; charset=utf-8",
      "X-Cff-Request-Id",
      this.requestId,
      "X-Request-Id",
      this.requestId,
      "X-Cff-Invoke-Summary",
      `{"duration":${this.durationMs},"billingDuration":${billing},"memorySize":${this.memoryMb},"memoryUsed":${Math.round(this.memoryUsedMb * 1000) / 1000}}`,
      "X-CFF-Billing-Duration",
      billing,
      "X-Cff-Response-Version",
      v1 ? "v1" : "v0",
      "X-Func-Err-Code",
      String(this.errorCode),
      "X-Is-Func-Err",
      this.failure === undefined ? "false" : "true",
    ];
    if (this.lines !== undefined) fields.push("X-Cff-Function-Log", Buffer.from(log).toString("base64"));
    const body = v1 ? this.#envelope(payload, log) : Buffer.from(payload);
    this.#exchange.send({ status: 200, headers: fields, body });
  }

  #envelope(payload: Buffer, log: string): string {
    return JSON.stringify({
      request_id: this.requestId,
      result: payload.toString(),
      log,
      status: this.failure === undefined ? 200 : 500,
    });
  }
}

function eventLimit(limits: CallLimits, { asynchronous }: InvokePath): number {
  return asynchronous ? limits.asyncRequestBytes : limits.requestBytes;
}

function tooLarge(limits: CallLimits, path: InvokePath): Refusal {
  return {
    status: 413,
    code: "FSS.1201",
    message: `The event is larger than ${eventLimit(limits, path)} bytes, the most ${path.asynchronous ? "an asynchronous" : "a synchronous"} request may have. Put the data into an object store and send its name.`,
  };
}

function isJson(event: Buffer): boolean {
  try {
    JSON.parse(event.toString());
    return true;
  } catch {
    return false;
  }
}

/** Objects, lists and quoted text; other results are told as plain text. */
function looksLikeJson(payload: Buffer): boolean {
  const first = payload[0];
  return first === 0x7b || first === 0x5b || first === 0x22;
}
