import type { Fault } from "../../model/fault.ts";
import { operationRow } from "../../model/api/operations.ts";
import { checkParameters, type RequestTexts } from "../../model/api/parameters.ts";
import { checkBody } from "../../model/api/validate.ts";
import { refusal } from "./accept.ts";
import { parseJson } from "./body.ts";
import type { Route } from "./route-match.ts";

/**
 * The body of a request, once the whole request is what its row of the operation table says; undefined where the
 * operation has none. Throws one ApiError that tells every fault.
 */
export function readRequest({ id, method }: Route, texts: RequestTexts, bytes: Buffer): unknown {
  if (id === undefined) return method === "GET" ? undefined : parseJson(bytes);
  const body = operationRow(id).body === undefined ? undefined : (parseJson(bytes) ?? {});
  const faults = [...checkParameters(id, texts), ...checkBody(id, body)];
  if (!faults.every(isRuled)) throw refusal(faults);
  return body;
}

/** Whether the rules of functions and dependencies tell of this fault too, at once with all else that they find. */
function isRuled({ property, value }: Fault): boolean {
  return (property === "runtime" || property === "code_type") && typeof value === "string";
}
