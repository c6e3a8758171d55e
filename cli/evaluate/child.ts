import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type * as Pulumi from "@pulumi/pulumi";
import { unwrapSecrets } from "../../provider/values.ts";
import type { ProgramRequest, Registered, ToChild, ToParent } from "./messages.ts";
import { followModules } from "./modules.ts";
import { programErrorText } from "./program-error.ts";

/*
 * The process in which a program is evaluated: Pulumi's own runtime, with our end in place of its engine. Every resource
 * that the program declares is told to the parent, which answers with the real id and outputs.
 */

/** What Pulumi's monitor is asked to register; the mock hands on only a part of it. */
interface RegisterRequest {
  getDependenciesList(): string[];
  getParent(): string;
  /** Inputs as they are on the wire, with the marks of secrets and of unknown values. */
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface OutputsRequest {
  getUrn(): string;
  getOutputs(): { toJavaScript(): Record<string, unknown> } | undefined;
}

interface Monitor {
  registerResource(request: RegisterRequest, callback: unknown): Promise<void>;
  registerResourceOutputs(request: OutputsRequest, callback: unknown): void;
}

/** How long further failures are collected after the first, so that all are told at once. */
const COLLECT_MS = 50;
const STACK_TYPE = "pulumi:pulumi:Stack";

const modules = followModules();
const answers = new Map<number, (registered: Registered) => void>();
const failures = new Set<string>();
const folder = process.cwd();
let outbox: ToParent[] = [];
let calls = 0;

// Loaded before the program is known, so that a child that waits for work has the slow part behind it.
const pulumi = await import("@pulumi/pulumi");
forgetPromises();

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.on("disconnect", () => process.exit(1));
process.on("message", (message: ToChild) => {
  if (message.kind === "run") run(message.program, message.preview).catch(fail);
  else answer(message.call, message.registered);
});

/**
 * Pulumi writes down a stack for every input of every resource, to name promises that never settle. Here the parent
 * waits for the end anyway, and the stacks would be a third of the time of a large program.
 */
function forgetPromises(): void {
  const require = createRequire(import.meta.url);
  const debuggable = require("@pulumi/pulumi/runtime/debuggable.js") as { debuggablePromise: unknown };
  debuggable.debuggablePromise = <T>(promise: T): T => promise;
}

async function run(program: ProgramRequest, preview: boolean): Promise<void> {
  pulumi.runtime.setAllConfig(program.config);
  await pulumi.runtime.setMocks(
    { call: refuseCall, newResource: register },
    program.project,
    program.stack,
    preview,
  );
  listen();
  await pulumi.runtime.runInPulumiStack(async () => {
    const loaded = (await import(pathToFileURL(program.entry).href)) as Record<string, unknown>;
    return typeof loaded["default"] === "function"
      ? await (loaded["default"] as () => unknown)()
      : { ...loaded };
  });
  await pulumi.runtime.disconnect();
  const { plain, secrets } = unwrapSecrets(stackOutputs);
  if (failures.size === 0)
    send({ kind: "finished", outputs: plain, secretOutputs: secrets, modules: [...modules] });
}

let current: RegisterRequest | undefined;
let stackOutputs: Record<string, unknown> = {};

/**
 * Keeps what the mock does not hand on: a resource's dependencies, and the stack's outputs with their secrets marked.
 * The mock calls newResource before its first await, so the request at hand is the one it was called for.
 */
function listen(): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const registerResource = monitor.registerResource.bind(monitor);
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResource = (request, callback) => {
    current = request;
    return registerResource(request, callback);
  };
  monitor.registerResourceOutputs = (request, callback) => {
    if (request.getUrn().includes(`::${STACK_TYPE}::`))
      stackOutputs = request.getOutputs()?.toJavaScript() ?? {};
    registerOutputs(request, callback);
  };
}

async function register(args: Pulumi.runtime.MockResourceArgs): Promise<Pulumi.runtime.MockResourceResult> {
  const request = current;
  if (args.type === STACK_TYPE || request === undefined) return { id: undefined, state: {} };
  const { plain, secrets } = unwrapSecrets(request.getObject()?.toJavaScript() ?? {});
  const call = ++calls;
  const answered = new Promise<Registered>((resolve) => answers.set(call, resolve));
  send({
    kind: "register",
    call,
    registration: {
      urn: urnOf(request.getParent(), args),
      type: args.type,
      name: args.name,
      custom: args.custom ?? false,
      inputs: plain,
      secrets,
      dependencies: request.getDependenciesList(),
    },
  });
  const registered = await answered;
  return { id: registered.id, state: { ...plain, ...registered.outputs } };
}

/** As Pulumi builds it, and its mock does too: stack, project, types of the parents and the own one, name. */
function urnOf(parent: string, args: Pulumi.runtime.MockResourceArgs): string {
  const parentType = parent.split("::")[2]?.split("$").pop();
  const type = parentType === undefined ? args.type : `${parentType}$${args.type}`;
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${type}::${args.name}`;
}

function refuseCall(args: Pulumi.runtime.MockCallArgs): never {
  const error = new pulumi.RunError(
    `The program calls ${args.token}, which only Pulumi's own engine can answer. Run this program with "pulumi up", or leave the call out.`,
  );
  // Told here, because Pulumi keeps only the gRPC details of an error that comes back from a call.
  fail(error);
  throw error;
}

/**
 * Messages go out at the end of the turn: a program that throws while it is read has then told nothing, and nothing of
 * it is applied.
 */
function send(message: ToParent): void {
  if (failures.size > 0 || outbox.push(message) > 1) return;
  setImmediate(() => {
    const messages = outbox;
    outbox = [];
    for (const each of messages) process.send?.(each);
  });
}

function answer(call: number, registered: Registered): void {
  const resolve = answers.get(call);
  answers.delete(call);
  resolve?.(registered);
}

function fail(error: unknown): void {
  outbox = [];
  if (failures.size === 0) setTimeout(tellFailures, COLLECT_MS);
  failures.add(programErrorText(error, folder));
}

function tellFailures(): void {
  const messages = distinct([...failures].filter((text) => text !== ""));
  const told = messages.length > 0 ? messages : ["The program failed and gave no reason."];
  const message: ToParent = { kind: "failed", messages: told, modules: [...modules] };
  process.send?.(message, () => process.exit(1));
}

/** Pulumi tells one rejection again for every output that hangs on it, each with more words before it. */
function distinct(messages: string[]): string[] {
  return messages.filter(
    (message, at) =>
      !messages.some((other, index) => index < at && firstLine(message).endsWith(firstLine(other))),
  );
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
