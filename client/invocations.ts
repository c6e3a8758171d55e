import { z } from "zod";
import { LIMITS } from "../model/limits.ts";
import { readBody } from "../model/wire/body.ts";
import type { Reply } from "./exchange.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** How one call is to be made. */
export interface InvokeOptions {
  /** Ask for the last 2 KB of the log. */
  readonly tail?: boolean;
  /** Memory of the instance in MB, where the function has dynamic memory. */
  readonly memoryMb?: number;
  readonly signal?: AbortSignal;
}

/** What came of a synchronous call. A function that failed is a result too, not an exception. */
export interface Invocation {
  readonly requestId: string;
  /** The result as the function gave it; the error body when it failed. */
  readonly result: Buffer;
  /** True when the function failed. */
  readonly failed: boolean;
  /** Inner code of the failure; 0 on success. */
  readonly errorCode: number;
  /** End of the log; empty unless it was asked for. */
  readonly log: string;
  /** Undefined when the platform told nothing. */
  readonly summary: InvocationSummary | undefined;
}

interface InvocationSummary {
  /** Milliseconds. */
  readonly duration: number;
  /** Milliseconds. */
  readonly billingDuration: number;
  /** MB that the instance has. */
  readonly memorySize: number;
  /** MB that were used. */
  readonly memoryUsed: number;
}

const summarySchema = z.looseObject({
  duration: z.number(),
  billingDuration: z.number(),
  memorySize: z.number(),
  memoryUsed: z.number(),
});
const wrappedSchema = z.looseObject({
  request_id: z.string(),
  result: z.string(),
  log: z.string().nullish(),
  status: z.number(),
});
const acceptedSchema = z.looseObject({ request_id: z.string() });

/** A synchronous caller is answered within this time, whatever happens. */
const ANSWER_MS = (LIMITS.synchronousSeconds + 30) * 1000;

/** Calls of functions. An `event` is JSON text. */
export class Invocations {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  /** Runs a function and waits for its result, which comes as it is (version v0 of the answer). */
  async invoke(urn: string, event: Buffer | string, options: InvokeOptions = {}): Promise<Invocation> {
    const reply = await this.#send(urn, event, { ...options, version: "v0" });
    return { ...outcome(reply), result: reply.body, log: decodeLog(header(reply, "x-cff-function-log")) };
  }

  /** The same with result and log wrapped in JSON (version v1), as some clients want it. */
  async invokeWrapped(
    urn: string,
    event: Buffer | string,
    options: InvokeOptions = {},
  ): Promise<Invocation & { readonly status: number }> {
    const reply = await this.#send(urn, event, { ...options, version: "v1" });
    const read = readBody(wrappedSchema, parse(reply.body.toString("utf8")));
    if (Array.isArray(read)) return { ...outcome(reply), result: reply.body, log: "", status: reply.status };
    const { result, log, status } = read;
    return { ...outcome(reply), result: Buffer.from(result), log: log ?? "", status };
  }

  /** Leaves an event for a function; the platform has it safe when the id of the request is there. */
  async invokeAsync(urn: string, event: Buffer | string): Promise<string> {
    const path = this.#paths.function(urn, "invocations-async");
    const call = { method: "POST", path, body: Buffer.from(event) } as const;
    const accepted = await this.#transport.json(call, (body) => readBody(acceptedSchema, body));
    return accepted.request_id;
  }

  #send(urn: string, event: Buffer | string, options: InvokeOptions & { version: string }): Promise<Reply> {
    const { tail = false, memoryMb, signal, version } = options;
    return this.#transport.send({
      method: "POST",
      path: this.#paths.function(urn, "invocations"),
      body: Buffer.from(event),
      headers: {
        "x-cff-request-version": version,
        ...(tail && { "x-cff-log-type": "tail" }),
        ...(memoryMb !== undefined && { "x-cff-instance-memory": String(memoryMb) }),
      },
      timeoutMs: ANSWER_MS,
      signal,
    });
  }
}

function outcome(reply: Reply): Pick<Invocation, "requestId" | "failed" | "errorCode" | "summary"> {
  const errorCode = Number(header(reply, "x-func-err-code") || 0);
  return {
    requestId: header(reply, "x-cff-request-id"),
    failed: errorCode !== 0 || header(reply, "x-is-func-err") === "true",
    errorCode,
    summary: readSummary(header(reply, "x-cff-invoke-summary")),
  };
}

function header(reply: Reply, name: string): string {
  const value = reply.headers[name];
  return typeof value === "string" ? value : "";
}

function decodeLog(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function readSummary(text: string): InvocationSummary | undefined {
  if (text === "") return undefined;
  const read = readBody(summarySchema, parse(text));
  return Array.isArray(read) ? undefined : read;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
