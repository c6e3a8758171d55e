import type { IncomingMessage } from "node:http";

import { checkTextBounds } from "../../model/api/bounds.ts";
import { parseBody } from "../workshop/code-body.ts";
import { refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { GatheredBody } from "./gathered-body.ts";

const MB = 1024 * 1024;
/** A large body gets this much more time for each MB that it may have. */
const PER_MB_MS = 1000;
/** What is left of a refused body is read for so long, so that the caller gets to see the answer. */
const DRAIN_MS = 2000;

/** Takes a body, and its SHA-256 in hex where that is known already. */
type Use<T> = (body: Buffer, sha256: string | undefined) => T | Promise<T>;

/** Bounds of reading; each has a default. */
export interface BodyBounds {
  /** A body must have come within this time, however slowly it drips. Default 30 s, and 1 s for each MB it may have. */
  readonly deadlineMs?: number;
  /** Bodies in memory at the same time; beyond it callers are asked to come again. Default 512 MB. */
  readonly heldBytes?: number;
}

/** So much of a body is read and hashed in one turn of the event loop. */
const TURN_BYTES = 256 * 1024;

/** Reads request bodies with hard limits of size, time and memory. */
export class BodyReader {
  readonly #bounds: Required<BodyBounds>;
  #held = 0;

  constructor({ deadlineMs = 30_000, heldBytes = 512 * MB }: BodyBounds = {}) {
    this.#bounds = { deadlineMs, heldBytes };
  }

  /**
   * Reads a body and hands it to `use`, with its SHA-256 where it is large; its bytes count as held until `use` is done.
   * Rejects with ApiError: FSS.0413 too large, FSS.0408 too slow or cut, FSS.0503 too many at once.
   */
  async read<T>(request: IncomingMessage, limit: number, use: Use<T>): Promise<T> {
    const told = Number(request.headers["content-length"] ?? 0);
    if (told > limit) throw tooLarge(limit);
    const { deadlineMs, heldBytes } = this.#bounds;
    const body = new GatheredBody(told);
    try {
      await collect(request, deadlineMs + (limit / MB) * PER_MB_MS, (chunk) => {
        body.add(chunk);
        this.#held += chunk.length;
        if (body.size > limit) return tooLarge(limit);
        return this.#held > heldBytes ? tooMany() : undefined;
      });
      return await use(await body.whole(), body.digest());
    } finally {
      this.#held -= body.size;
    }
  }
}

/** Hands every chunk to `take` until the end; rejects with the first error that `take` returns. */
function collect(
  request: IncomingMessage,
  deadlineMs: number,
  take: (chunk: Buffer) => ApiError | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const slow = setTimeout(() => end(tooSlow()), deadlineMs);
    const cut = (): void => end(tooSlow());
    const whole = (): void => end(undefined);
    let read = 0;
    let next: NodeJS.Immediate | undefined;
    const data = (chunk: Buffer): void => {
      const error = take(chunk);
      if (error !== undefined) return end(error);
      read += chunk.length;
      if (read < TURN_BYTES) return;
      // What the kernel has already would come in one turn, some megabytes of it.
      read = 0;
      request.pause();
      next = setImmediate(() => request.resume());
    };
    function end(error: ApiError | undefined): void {
      clearTimeout(slow);
      clearImmediate(next);
      request.off("data", data).off("end", whole).off("close", cut).off("error", cut).pause();
      if (error === undefined) resolve();
      else reject(error);
    }
    request.on("data", data).on("end", whole).on("close", cut).on("error", cut);
  });
}

function tooMany(): ApiError {
  return new ApiError("FSS.0503", "Too many large bodies arrive at once. Retry in a few seconds.");
}

function tooSlow(): ApiError {
  return new ApiError("FSS.0408", "The body did not arrive whole in time. Send it again.");
}

function tooLarge(limit: number): ApiError {
  return new ApiError(
    "FSS.0413",
    `The request body has more than ${limit} bytes, the most that this call takes. Send less.`,
  );
}

/** What a shorter text may have of everything is read in a few milliseconds. */
const SHORT_BYTES = 64 * 1024;

/** The JSON object or array of a body; throws ApiError FSS.0400. An empty body is `undefined`. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const bounds = body.length > SHORT_BYTES ? checkTextBounds(body) : undefined;
  if (bounds !== undefined) throw refusal([bounds]);
  try {
    return parseBody(body);
  } catch (error) {
    throw new ApiError(
      "FSS.0400",
      `The request body is not JSON in UTF-8: ${(error as Error).message}. Send one JSON object.`,
    );
  }
}

/** Reads away what is left of a body for a bounded time; true when its end was reached. */
export function drain(request: IncomingMessage): Promise<boolean> {
  if (request.complete || request.destroyed) return Promise.resolve(request.complete);
  return new Promise((resolve) => {
    const timer = setTimeout(done, DRAIN_MS);
    function done(): void {
      clearTimeout(timer);
      resolve(request.complete);
    }
    request.once("end", done).once("close", done).once("error", done);
    request.resume();
  });
}
