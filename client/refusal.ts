import { ApiError } from "./api-error.ts";
import type { Reply } from "./exchange.ts";

/** The error behind an answer that is not 2xx. `asked` is method and path, for answers that explain nothing. */
export function refusal(asked: string, reply: Reply): ApiError {
  const { code, rule } = readFault(reply.body);
  const message = code === undefined ? `${asked}: ${rule} (HTTP ${reply.status})` : `${rule} (${code})`;
  return new ApiError(message, { ...facts(reply), ...(code !== undefined && { code }) });
}

/** The error for an answer that came, but is not what the API answers. */
export function misread(asked: string, reply: Reply, rule: string): ApiError {
  return new ApiError(`${asked}: ${rule}. Check that the address is that of a platform.`, facts(reply));
}

function facts(reply: Reply): { status: number; requestId: string } {
  const requestId = reply.headers["x-request-id"] ?? reply.headers["x-cff-request-id"];
  return { status: reply.status, requestId: typeof requestId === "string" ? requestId : "" };
}

/** Both shapes that services of this family answer: `{error_code, error_msg}` and `{error: {code, message}}`. */
function readFault(body: Buffer): { code?: string; rule: string } {
  const text = body.toString("utf8");
  const whole = readObject(text);
  const { error_code: code, error_msg: rule } = whole;
  if (typeof code === "string" && typeof rule === "string") return { code, rule };
  const { code: inner, message } = (whole["error"] ?? {}) as Record<string, unknown>;
  if (typeof inner === "string" && typeof message === "string") return { code: inner, rule: message };
  return { rule: text.trim().slice(0, 500) || "no reason was given" };
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
