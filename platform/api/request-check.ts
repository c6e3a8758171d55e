import type { Fault } from "../../model/fault.ts";
import { operationRow } from "../../model/api/operations.ts";
import { checkParameters, type RequestTexts } from "../../model/api/parameters.ts";
import { checkBody } from "../../model/api/validate.ts";
import { readCodeBody } from "../workshop/workshop.ts";
import { refusal } from "./accept.ts";
import { parseJson } from "./body.ts";
import type { Route } from "./route-match.ts";

/** What a body may have beside an event or code. */
export const SETTINGS_BYTES = 1024 * 1024;

/**
 * The body of a request, once the whole request is what its row of the operation table says; undefined where the
 * operation has none. Code in a large body is there as bytes; what `bytes` held is void then. Throws one ApiError that tells every fault.
 */
export async function readRequest(route: Route, texts: RequestTexts, bytes: Buffer): Promise<unknown> {
  const { id, method } = route;
  if (id === undefined) return method === "GET" ? undefined : parseJson(bytes);
  const body = operationRow(id).body === undefined ? undefined : ((await parse(route, bytes)) ?? {});
  const faults = [...checkParameters(id, texts), ...checkBody(id, body)];
  if (!faults.every(isRuled)) throw refusal(faults);
  return body;
}

/** Code makes a body large; reading that would hold the event loop. */
async function parse({ carries }: Route, bytes: Buffer): Promise<unknown> {
  if (carries !== "code" || bytes.length <= SETTINGS_BYTES) return parseJson(bytes);
  const read = await readCodeBody(bytes, SETTINGS_BYTES);
  if ("value" in read) return read.value;
  throw refusal(read);
}

/** Whether the rules of functions and dependencies tell of this fault too, at once with all else that they find. */
function isRuled({ property, value }: Fault): boolean {
  return (property === "runtime" || property === "code_type") && typeof value === "string";
}
