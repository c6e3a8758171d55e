import type * as pulumi from "@pulumi/pulumi";
import { checkHttpTrigger, renamed } from "../model/declaration.ts";
import { findRuntime } from "../model/runtimes.ts";
import { checkOneGateway, checkTakesEvents } from "./internal/cross-checks.ts";
import { type DeclaredFunction, targetOf } from "./internal/declared.ts";
import { failOn } from "./internal/errors.ts";
import { isKnown, knownOr } from "./internal/known.ts";
import { warn } from "./internal/warning.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:HttpTrigger";
const BACKEND_MS = 5000;
/** No gateway waits longer for an answer (guide 3.6.1). */
const GATEWAY_SECONDS = 90;

/** Who may call an HTTP trigger (guide 3.5.3). */
export const HttpAuth = {
  /** Callers that hold an application's key and secret. */
  App: "APP",
  /** Callers that sign with an access key of the project. */
  Iam: "IAM",
  /** Everybody who can reach the address. */
  None: "NONE",
} as const;
export type HttpAuth = (typeof HttpAuth)[keyof typeof HttpAuth];

/** HTTP methods that a trigger can answer. */
export const HttpMethod = {
  Get: "GET",
  Post: "POST",
  Put: "PUT",
  Delete: "DELETE",
  Head: "HEAD",
  Patch: "PATCH",
  Options: "OPTIONS",
  /** All of them. */
  Any: "ANY",
} as const;
export type HttpMethod = (typeof HttpMethod)[keyof typeof HttpMethod];

/** How the path of a request is compared with the path of the trigger. */
export const HttpMatch = {
  /** The path alone. */
  Exact: "NORMAL",
  /** The path and every path below it. */
  Prefix: "SWA",
} as const;
export type HttpMatch = (typeof HttpMatch)[keyof typeof HttpMatch];

/** Protocols a trigger can be called with. */
export const HttpProtocol = { Http: "HTTP", Https: "HTTPS" } as const;
export type HttpProtocol = (typeof HttpProtocol)[keyof typeof HttpProtocol];

/** Gateways that a trigger can be in (guide 3.5.3). */
export const HttpGateway = {
  /** The one that all projects share. */
  Shared: "APIG",
  /** An instance of one's own, which `instanceId` names. */
  Dedicated: "DEDICATEDGATEWAY",
  /** The gateway of an integration platform (APIC). */
  Apic: "APIC",
} as const;
export type HttpGateway = (typeof HttpGateway)[keyof typeof HttpGateway];

/** A stage of a gateway in which routes are published. */
export interface StageArgs {
  /** Name of the stage, for example `TEST`. */
  name: string;
  /** Id of the stage. */
  id: string;
}

/** What an HTTP trigger answers to; for `fn.onHttp`, which knows the function. */
export interface HttpRouteArgs {
  /** Path that callers use, starting with `/`; `{name}` stands for one segment, for example `/photos/{id}`. */
  path: pulumi.Input<string>;
  /**
   * HTTP method. Defaults to `ANY`.
   *
   * @default "ANY"
   */
  method?: pulumi.Input<HttpMethod>;
  /**
   * Who may call. Defaults to `IAM`: requests signed with an access key of the project.
   *
   * @default "IAM"
   */
  auth?: pulumi.Input<HttpAuth>;
  /**
   * Whether paths below `path` are answered too. Defaults to `NORMAL`: the path alone.
   *
   * @default "NORMAL"
   */
  match?: pulumi.Input<HttpMatch>;
  /**
   * Protocol that callers use. Defaults to `HTTP`; choose `HTTPS` where the platform's gateway ends TLS.
   *
   * @default "HTTP"
   */
  protocol?: pulumi.Input<HttpProtocol>;
  /**
   * API group that the route belongs to; routes of one group never clash with those of another. Defaults to `DEFAULT`.
   *
   * @default "DEFAULT"
   */
  groupId?: pulumi.Input<string>;
  /**
   * Milliseconds a caller waits for the function. Defaults to 5000.
   *
   * @default 5000
   */
  timeoutMs?: pulumi.Input<number>;
  /**
   * Gateway that the route is in. Defaults to `APIG`, the shared one. This platform answers all of them at one address.
   *
   * @default "APIG"
   */
  gateway?: HttpGateway;
  /**
   * Id of the instance of a dedicated gateway. Defaults to none, for the other gateways.
   *
   * @default - no instance
   */
  instanceId?: pulumi.Input<string>;
  /**
   * Stage that the route is published in. Defaults to `RELEASE`, which callers reach without naming it.
   *
   * @default - RELEASE
   */
  stage?: StageArgs;
  /**
   * Whether callers are answered before the function has run. Defaults to false. Not for HTTP functions.
   *
   * @default false
   */
  asynchronous?: boolean;
  /**
   * Name of the API in the gateway. Defaults to the trigger's own name.
   *
   * @default - the trigger's name
   */
  triggerName?: string;
}

/** Arguments of an HTTP trigger. */
export interface HttpTriggerArgs extends HttpRouteArgs {
  /** What to call: `fn.functionUrn`, `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
}

/**
 * An address that callers reach a function at by HTTP (an APIG trigger, guide 3.5.3).
 *
 * ```ts
 * const photo = new fg.HttpTrigger("photo", { functionUrn: watermark.functionUrn, path: "/photo" });
 * export const url = photo.url;
 * ```
 *
 * Shorter: `watermark.onHttp("photo", { path: "/photo" })`.
 *
 * Security-relevant default: `auth` is `IAM`, so nobody calls without a signature until `HttpAuth.None` is written down.
 * HTTP triggers cannot be disabled, only deleted (guide 3.5.1).
 */
export class HttpTrigger extends Resource {
  /** Id that the platform gave the trigger. */
  declare readonly triggerId: pulumi.Output<string>;
  /** Address to call. */
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, args: HttpTriggerArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, { ...httpTriggerInputs(name, args), triggerId: undefined, url: undefined }, opts);
    const declared = targetOf(args.functionUrn)?.declared;
    if (declared === undefined) return;
    declared.gateway ??= { by: name, text: gatewayOf(args) };
    if (args.asynchronous !== true && isTooSlow(declared)) warn(tooSlow(declared.name), this);
  }
}

function httpTriggerInputs(name: string, args: HttpTriggerArgs): pulumi.Inputs {
  const inputs = {
    functionUrn: args.functionUrn,
    name: args.triggerName ?? name,
    path: args.path,
    method: args.method ?? HttpMethod.Any,
    auth: args.auth ?? HttpAuth.Iam,
    matchMode: args.match ?? HttpMatch.Exact,
    protocol: args.protocol ?? HttpProtocol.Http,
    groupId: args.groupId ?? "DEFAULT",
    timeoutMs: args.timeoutMs ?? BACKEND_MS,
    ...settingsOf(args),
  };
  const faults = checkHttpTrigger({
    functionUrn: "",
    name: inputs.name,
    path: knownOr(inputs.path, "/"),
    method: knownOr(inputs.method, HttpMethod.Any),
    auth: knownOr(inputs.auth, HttpAuth.Iam),
    matchMode: knownOr(inputs.matchMode, HttpMatch.Exact),
    protocol: knownOr(inputs.protocol, HttpProtocol.Http),
    groupId: knownOr(inputs.groupId, "DEFAULT"),
    timeoutMs: knownOr(inputs.timeoutMs, BACKEND_MS),
    ...(args.gateway !== undefined && { gateway: args.gateway }),
    ...(args.instanceId !== undefined && { instanceId: knownOr(args.instanceId, "instance") }),
  });
  failOn({ kind: "HttpTrigger", name }, [
    ...(args.asynchronous === true ? checkTakesEvents(args.functionUrn, "asynchronous") : []),
    ...checkOneGateway(targetOf(args.functionUrn), gatewayOf(args)),
    ...renamed(faults, { name: "triggerName", matchMode: "match" }),
  ]);
  return inputs;
}

/** Settings that go unsaid where they are what they are without being said. */
function settingsOf({ gateway, instanceId, stage, asynchronous }: HttpTriggerArgs): pulumi.Inputs {
  return {
    gateway: gateway === HttpGateway.Shared ? undefined : gateway,
    instanceId,
    stage: stage && { name: stage.name, id: stage.id },
    asynchronous: asynchronous === true ? true : undefined,
  };
}

function gatewayOf({ gateway = HttpGateway.Shared, instanceId }: HttpTriggerArgs): string {
  return instanceId !== undefined && isKnown(instanceId) ? `${gateway} ${instanceId}` : gateway;
}

/** An HTTP function streams its answer, which ends when the function wants it to. */
function isTooSlow({ runtime, timeoutSeconds = 0 }: DeclaredFunction): boolean {
  return timeoutSeconds > GATEWAY_SECONDS && findRuntime(runtime)?.family !== "http";
}

function tooSlow(name: string): string {
  return (
    `Callers get no answer after ${GATEWAY_SECONDS} seconds, and ${name} may run for longer (guide 3.6.1). ` +
    "Give it a shorter timeoutSeconds, or set asynchronous on the trigger."
  );
}
