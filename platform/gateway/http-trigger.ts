import { renderApigEvent } from "./apig-event.ts";
import { readHttpResult, type HttpResult } from "./apig-result.ts";
import type { BodyTaker, Exchange } from "./exchange.ts";
import { hopsOf } from "./hops.ts";
import { createRequestId } from "./request-id.ts";
import { BUSY, refuse, type Refusal } from "./refusal.ts";
import type { Resolution } from "./resolution.ts";
import type { GatewayRoom } from "./room.ts";
import { TriggerCall } from "./trigger-call.ts";
import { WebCall } from "./web-call.ts";

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
  if (room.catalog.isServer(found)) return new WebCall(room, exchange, found).start();
  const call = new EventCall(room, exchange, found);
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

/** One request through an HTTP trigger to an event function: it becomes an APIG event, and the result the response. */
class EventCall extends TriggerCall implements BodyTaker {
  path = "";
  query = "";

  body(body: Buffer): void {
    if (!this.admitted(body)) return;
    const { requestId, path, query, route, exchange, room } = this;
    this.event = renderApigEvent(exchange, body, { requestId, route, path, query });
    if (this.event.length > room.limits.requestBytes) return this.refused("size");
    return this.resolve();
  }

  refused(reason: "size" | "busy"): void {
    this.reject(reason === "busy" ? BUSY : tooLarge(this.room.limits.requestBytes));
  }

  aborted(): void {
    // Nobody is left to answer.
  }

  answer(payload: Buffer): void {
    if (!this.settle()) return;
    const result = readHttpResult(payload);
    if (typeof result !== "string") return this.#send(result);
    refuse(this.exchange, { status: 500, code: "FSS.1202", message: result }, this.requestId);
  }

  protected run(resolution: Resolution): void {
    if (this.route.data.func_info.invocation_type === "async") return this.#accept(resolution);
    const lane = resolution.pick().laneFor(undefined);
    return "status" in lane ? this.reject(lane) : this.enter(lane, resolution);
  }

  #send(result: HttpResult): void {
    result.headers.push("X-Cff-Request-Id", this.requestId);
    this.exchange.send(result);
  }

  #accept(resolution: Resolution): void {
    const { key, qualifier } = resolution;
    const { requestId: id, event } = this;
    if (event.length > this.room.limits.asyncRequestBytes)
      return this.reject(tooLarge(this.room.limits.asyncRequestBytes));
    const hops = hopsOf(this.exchange.headers);
    this.room.acceptance.accept({ id, key, qualifier, event, hops }, (refusal) => {
      if (refusal !== undefined) return this.reject(refusal);
      if (!this.settle()) return;
      const headers = ["Content-Type", "application/json"];
      this.#send({ status: 202, headers, body: JSON.stringify({ request_id: id }) });
    });
  }
}

function tooLarge(requestBytes: number): Refusal {
  return {
    status: 413,
    code: "FSS.1201",
    message: `The request is larger than ${requestBytes} bytes as an event. Its body travels in base64, which adds a third: send at most about ${Math.floor((requestBytes * 3) / 4 / 1024 / 1024)} MB, or put large files into an object store.`,
  };
}
