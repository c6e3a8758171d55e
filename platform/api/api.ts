import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { ErrorCode } from "../../model/error-catalogue.ts";
import type { Access } from "../../model/api/access.ts";
import { apiError } from "../../model/errors.ts";
import { LIMITS, type Limits } from "../../model/limits.ts";
import type { SignedRequest } from "../../model/signature.ts";
import type { Authenticator, Claim } from "../auth/authenticator.ts";
import type { Identities } from "../auth/identities.ts";
import { checkProject, checkRole, type Principal } from "../auth/principal.ts";
import type { Store } from "../store/store.ts";
import {
  ConflictError,
  MissingError,
  StaleError,
  StoreFullError,
  StoreUnavailableError,
} from "../store/errors.ts";
import { letIn } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { BodyReader, drain, type BodyBounds } from "./body.ts";
import { AT_REST, type Live } from "./live.ts";
import { ok, type ApiContext, type Reply } from "./operation.ts";
import { readRequest, SETTINGS_BYTES } from "./request-check.ts";
import { RouteTable, type Route } from "./route-match.ts";
import { ROUTES } from "./routes.ts";
import { sendReply } from "./send-reply.ts";
import { Turns } from "./turns.ts";

/** Answers a signed GET of a path that is Fungraph's own with a value that is sent as JSON. Throws ApiError. */
export type Extra = (query: URLSearchParams, projectId: string) => unknown;

/** What the control plane stands on. */
export interface ApiOptions {
  readonly store: Store;
  readonly auth: Authenticator;
  readonly identities: Identities;
  readonly region: string;
  /** Where callers reach the platform, without a slash at its end. Default: the address that each caller used. */
  readonly publicUrl?: string | undefined;
  /** Seconds without a call after which an instance is released, as ListQuotas tells it. Default 60. */
  readonly idleSeconds?: number;
  readonly limits?: Limits;
  /** What runs; default: nothing does. */
  readonly live?: Live;
  /** By whole path, for example `/fungraph/v1/logs`. */
  readonly extras?: ReadonlyMap<string, Extra>;
  readonly bodies?: BodyBounds;
  /** Where errors of the platform itself go; default: stderr. */
  readonly log?: (text: string) => void;
}

/** Answers one request of the control plane; never rejects. */
export type Api = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Who is not known yet gets little room. */
const OPEN_BYTES = 16 * 1024;

/** The control plane: FunctionGraph v2 without its two invocation calls, and what `extras` adds. */
export function createApi(options: ApiOptions): Api {
  const api = new ControlPlane(options);
  return (request, response) => api.serve(request, response);
}

class ControlPlane {
  readonly #authenticator: Authenticator;
  readonly #publicUrl: string | undefined;
  readonly #context: ApiContext;
  readonly #extras: ReadonlyMap<string, Extra>;
  readonly #log: (text: string) => void;
  readonly #bodies: BodyReader;
  readonly #routes = new RouteTable(ROUTES);
  readonly #turns = new Turns();

  constructor(options: ApiOptions) {
    const {
      store,
      identities,
      region,
      limits = LIMITS,
      live = AT_REST,
      idleSeconds = LIMITS.idleSeconds,
      extras = new Map<string, Extra>(),
    } = options;
    this.#authenticator = options.auth;
    this.#publicUrl = options.publicUrl;
    this.#bodies = new BodyReader(options.bodies);
    this.#context = { store, identities, limits, live, idleSeconds, place: { region, domainId: "default" } };
    this.#extras = extras;
    this.#log = options.log ?? ((text) => process.stderr.write(`${text}\n`));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const mark = this.#context.store.mark();
    let reply: Reply;
    try {
      reply = await this.#answer(request);
      // Nothing that a reply tells of may be lost with the machine's power.
      await this.#context.store.settled(mark);
    } catch (error) {
      reply = this.#refusal(error, requestId);
    }
    // A caller that still sends would not see the answer: connections are closed under unread bytes.
    if (!(await drain(request))) response.setHeader("Connection", "close");
    await sendReply(response, reply, requestId);
  }

  async #answer(request: IncomingMessage): Promise<Reply> {
    const { method = "", url = "/", headers } = request;
    const mark = url.indexOf("?");
    const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
    const extra = method === "GET" ? this.#extras.get(path) : undefined;
    const found = extra === undefined ? this.#routes.find(method, path) : [];
    const route = "route" in found ? found.route : undefined;
    const access = route?.access ?? "read";
    const claim = access === "open" ? NOBODY : letIn(this.#authenticator.claim(headers));
    return this.#bodies.read(
      request,
      access === "open" ? OPEN_BYTES : this.#bodyLimit(route?.carries),
      async (body, bodySha256) => {
        const caller = this.#admit(claim, { method, path, query, headers, body, bodySha256 }, access);
        const { projectId } = caller;
        const values = new URLSearchParams(query);
        if (extra !== undefined) return ok(await extra(values, projectId));
        if (!("route" in found)) throw noRoute(method, path, found);
        const { parameters } = found;
        const named = parameters["project_id"];
        if (named !== undefined) letIn(checkProject(caller, named));
        const publicUrl = this.#publicUrl ?? urlOf(headers.host);
        const json = await readRequest(found.route, { parameters, query: values, headers }, body);
        const owner = ownerOf(headers);
        const call = { caller, projectId, parameters, query: values, body: json, owner, publicUrl };
        return this.#turns.run(() => found.route.operation(call, this.#context));
      },
    );
  }

  /** Who calls, when the request is theirs, may do this, and did not come before. */
  #admit(claim: Claim, request: SignedRequest, access: Access): Principal {
    const caller = letIn(this.#authenticator.confirm(claim, request));
    if (access === "open") return caller;
    letIn(checkRole(caller, access));
    if (access !== "read") letIn(this.#authenticator.once(claim));
    return caller;
  }

  /** Base64 takes four bytes for three; an archive that is a little too large still gets its own refusal. */
  #bodyLimit(carries: Route["carries"]): number {
    const { zipBytes, requestBytes } = this.#context.limits;
    const carried = carries === undefined ? 0 : { event: requestBytes, code: zipBytes * 1.25 }[carries];
    return SETTINGS_BYTES + Math.ceil(carried / 3) * 4;
  }

  #refusal(error: unknown, requestId: string): Reply {
    if (error instanceof ApiError) return wire(error.code, error.message);
    if (error instanceof StoreFullError) return wire("FSS.1302", error.message);
    if (error instanceof StoreUnavailableError) return wire("FSS.0503", error.message);
    if (error instanceof MissingError) return wire("FSS.0404", error.message);
    if (error instanceof ConflictError || error instanceof StaleError) return wire("FSS.0409", error.message);
    this.#log(
      `request ${requestId}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    return wire(
      "FSS.0500",
      `The platform failed at this request. Its own log has the reason under the id ${requestId}; please report it.`,
    );
  }
}

function noRoute(method: string, path: string, methods: readonly string[]): ApiError {
  const shown = JSON.stringify(path.slice(0, 200));
  return new ApiError(
    "FSS.0404",
    methods.length === 0
      ? `${shown} is no path of this platform. Check it against the FunctionGraph v2 API.`
      : `${method} is no method of ${shown}. Use ${methods.join(" or ")}.`,
  );
}

/** A hash, so that it tells nobody anything. */
const OWNER = /^[0-9a-f]{1,64}$/;

function ownerOf({ "x-fungraph-owner": owner }: IncomingMessage["headers"]): string | undefined {
  if (owner === undefined || OWNER.test(String(owner))) return owner?.toString();
  throw new ApiError(
    "FSS.0400",
    "The header X-Fungraph-Owner has at most 64 hexadecimal digits in small letters. Send a hash, or leave it out.",
  );
}

const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/** The address that a caller used. */
function urlOf(host = ""): string {
  if (HOST.test(host)) return `http://${host}`;
  throw new ApiError(
    "FSS.0400",
    `The Host header is ${JSON.stringify(host.slice(0, 200))}, it must name this platform. Send the host and port that you call.`,
  );
}

/** The caller of an operation that is open to everybody. */
const NOBODY: Claim = {
  principal: {
    name: "",
    projectId: "",
    projectName: "",
    role: "FunctionGraph ReadOnlyAccess",
    administrator: false,
  },
};

function wire(code: ErrorCode, message: string): Reply {
  const { status, ...body } = apiError(code, message);
  return { status, body };
}
