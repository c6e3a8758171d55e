import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { DriverInstance } from "../drivers/driver.ts";
import { apigPassage } from "../link/apig-passage.ts";
import { HttpLink, type HttpLinkOptions } from "../link/http-link.ts";
import { invokePassage } from "../link/invoke-passage.ts";
import { RuntimeFailure } from "../link/runtime-failure.ts";
import type { Credentials } from "./load-message.ts";
import type { Target } from "./target.ts";

/** Asked often while a caller's first request is likely to wait, seldom later. */
const POLL_MS = { often: 10, seldom: 100, oftenFor: 3_000 };
/** A way in that leads to nobody closes within this time. */
const SETTLE_MS = 10;
const KIB = 1024;
const MEMORY_EVERY_MS = 500;
/** Bytes of a failed /init that are told. */
const TOLD_BYTES = 4096;

/** True when instances of the target are reached by HTTP on port 8000. */
export function isServer({ spec }: Target): boolean {
  return spec.runtime === "http" || spec.image !== undefined;
}

/** The link to the server in an instance. An image of the event form gets events at /invoke, everything else whole requests. */
export function openServer(
  driven: DriverInstance,
  target: Target,
  { credentials, log }: Pick<HttpLinkOptions, "log"> & { readonly credentials: Credentials },
): HttpLink {
  return new HttpLink({
    connect: () => driven.connect(),
    concurrency: target.spec.concurrency,
    headers: platformHeaders(target, credentials),
    form: target.spec.runtime === "http" ? apigPassage : invokePassage,
    memoryKib: memoryOf(driven),
    log,
  });
}

/** Waits until something listens. Rejects with RuntimeFailure `load` when nothing does in time. */
export async function listening(driven: DriverInstance, timeoutMs: number): Promise<void> {
  const began = performance.now();
  for (let waited = 0; waited < timeoutMs; waited = performance.now() - began) {
    if (await answers(driven)) return;
    await delay(waited < POLL_MS.oftenFor ? POLL_MS.often : POLL_MS.seldom);
  }
  const message = `nothing listens on port 8000 of the container after ${timeoutMs} ms. Let the image start an HTTP server there (guide 3.2.4).`;
  throw new RuntimeFailure("load", message);
}

/** POST /init, the initializer of a container image (guide 2.4.2). Rejects with RuntimeFailure. */
export async function initializeServer(link: HttpLink, timeoutMs: number): Promise<void> {
  const { status, body } = await link.request("/init", {
    requestId: randomUUID(),
    timeoutMs,
    bodyBytes: TOLD_BYTES,
    kind: "init",
    late: "init-timeout",
  });
  if (status < 200 || status > 299)
    throw new RuntimeFailure("init", `POST /init was answered with status ${status}: ${body}`);
}

async function answers(driven: DriverInstance): Promise<boolean> {
  let socket: Socket | undefined;
  try {
    socket = await driven.connect();
    const closed = new Promise<boolean>((resolve) => {
      socket
        ?.once("close", () => resolve(false))
        .once("error", () => resolve(false))
        .once("end", () => resolve(false));
    });
    socket.resume();
    return await Promise.race([closed, delay(SETTLE_MS, true)]);
  } catch {
    return false;
  } finally {
    socket?.destroy();
  }
}

/** What every request is told of its function (guide table 3-9); with `authInHeader` the credentials too. */
function platformHeaders(target: Target, credentials: Credentials): string[] {
  const { spec, memoryMb, version, projectId, region } = target;
  return [
    "x-cff-memory",
    String(memoryMb),
    "x-cff-timeout",
    String(spec.timeoutSeconds),
    "x-cff-func-version",
    version,
    "x-cff-func-name",
    spec.name,
    "x-cff-project-id",
    projectId,
    "x-cff-package",
    spec.package,
    "x-cff-region",
    region,
    ...(spec.authInHeader === true ? credentialHeaders(credentials) : []),
  ];
}

function credentialHeaders(credentials: Credentials): string[] {
  const { token, securityAccessKey, securitySecretKey, securityToken } = credentials;
  return [
    "x-cff-auth-token",
    token,
    "x-cff-security-access-key",
    securityAccessKey,
    "x-cff-security-secret-key",
    securitySecretKey,
    "x-cff-security-token",
    securityToken,
  ];
}

/** The instance's memory, asked for now and then while somebody wants to know. */
function memoryOf(driven: DriverInstance): () => number {
  let kib = 0;
  let askedAt = -Infinity;
  return () => {
    const now = performance.now();
    if (now - askedAt < MEMORY_EVERY_MS) return kib;
    askedAt = now;
    driven.usage().then(
      ({ memoryBytes }) => (kib = Math.round(memoryBytes / KIB)),
      () => undefined,
    );
    return kib;
  };
}
