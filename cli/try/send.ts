import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ApiError } from "../../client/api-error.ts";
import type { Client } from "../../client/client.ts";
import type { ResourceState } from "../apply/state-file.ts";
import { qualifiedName } from "../connection/function-name.ts";
import type { Observer } from "../connection/observer.ts";
import { UserError } from "../exit.ts";
import { formatBytes } from "../terminal/measure.ts";
import { callHttp } from "./http-call.ts";
import type { TryStep } from "./expectations.ts";
import { waitForLog } from "./request-log.ts";
import type { Answer } from "./verdict.ts";

/** Where expectations are tried. */
export interface TryPlace {
  readonly folder: string;
  readonly client: Client;
  readonly projectId: string;
  readonly observer: Observer;
  readonly resources: readonly ResourceState[];
  readonly signal: AbortSignal;
}

/** A request and its answer. */
export interface Sent {
  /** What was sent, for the reader. */
  readonly asked: string;
  readonly answer: Answer;
}

const ACCEPTED = 202;

/**
 * Sends the request of one step and waits for the answer and its log. A refusal is an answer too.
 * @throws UserError when the step names something that the program does not declare
 */
export async function send(step: TryStep, place: TryPlace): Promise<Sent> {
  if (step.http !== undefined) return await sendHttp(step.http, step, place);
  const call = step.invoke ?? step.invokeAsync;
  if (call === undefined) throw new UserError(`expect.json, "${step.name}": the step sends nothing.`);
  const event = JSON.stringify(call.event);
  const asked = `invoke ${call.function}${step.invokeAsync === undefined ? "" : " --async"} ${shorten(event)}`;
  const name = await qualifiedName(place.client, place.projectId, call.function, call.qualifier);
  const answer =
    step.invoke === undefined ? invokeAsync(name, event, step, place) : invoke(name, event, place);
  return { asked, answer: await answer.catch(refused) };
}

async function sendHttp(http: NonNullable<TryStep["http"]>, step: TryStep, place: TryPlace): Promise<Sent> {
  const trigger = findTrigger(http.trigger, place.resources);
  if (trigger === undefined) {
    throw new UserError(`expect.json, "${step.name}": the program has no HTTP trigger "${http.trigger}".`);
  }
  const { method: declared, url: address, functionUrn } = trigger.state;
  const file = http.bodyFile === undefined ? undefined : await readBody(resolve(place.folder, http.bodyFile));
  const body = file ?? Buffer.from(http.body ?? "");
  const method = http.method ?? (declared === "ANY" ? (body.length > 0 ? "POST" : "GET") : String(declared));
  const url = new URL(String(address) + http.path);
  const reply = await callHttp({ method, url, headers: http.headers, body, signal: place.signal });
  const requestId = reply.headers["x-cff-request-id"];
  const wanted = { function: functionOf(String(functionUrn)), ...step.expect };
  const log = requestId === undefined ? "" : await waitForLog(place.observer, { ...wanted, requestId });
  const sent = http.bodyFile ?? (body.length > 0 ? formatBytes(body.length) : undefined);
  return {
    asked: `${method} ${url.href}${sent === undefined ? "" : ` with ${sent}`}`,
    answer: { ...reply, failed: false, log },
  };
}

async function invoke(name: string, event: string, place: TryPlace): Promise<Answer> {
  const { invocations } = place.client;
  const { result, failed, log } = await invocations.invoke(name, event, { tail: true, signal: place.signal });
  return { status: 200, headers: {}, body: result, failed, log };
}

async function invokeAsync(name: string, event: string, step: TryStep, place: TryPlace): Promise<Answer> {
  const requestId = await place.client.invocations.invokeAsync(name, event);
  const log = await waitForLog(place.observer, { function: name, requestId, ...step.expect });
  return {
    status: ACCEPTED,
    headers: {},
    body: Buffer.alloc(0),
    failed: log.includes("(invoke Failed)"),
    log,
  };
}

function refused(error: unknown): Answer {
  if (!(error instanceof ApiError) || error.status === 0) throw error;
  return { status: error.status, headers: {}, body: Buffer.from(error.message), failed: true, log: "" };
}

async function readBody(path: string): Promise<Buffer> {
  return await readFile(path).catch((error: Error) => {
    throw new UserError(`expect.json names a bodyFile that cannot be read: ${error.message}.`);
  });
}

/** By the trigger's own name, or by that of the resource. */
function findTrigger(name: string, resources: readonly ResourceState[]): ResourceState | undefined {
  const triggers = resources.filter((each) => each.type === "fungraph:index:HttpTrigger");
  return triggers.find((each) => each.state["name"] === name) ?? triggers.find((each) => each.name === name);
}

/** `package:name` of a URN, which every call takes for the function. */
function functionOf(urn: string): string {
  return urn.split(":").slice(5, 7).join(":");
}

/** A text on one line, cut where it gets long. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
