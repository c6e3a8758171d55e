import type { Fault } from "../fault.ts";
import { checkBounds } from "./bounds.ts";
import { check, checkerOf } from "./checker.ts";
import type { ModelName } from "./models.ts";
import type { Notation } from "./notation.ts";
import { type OperationId, operationRow } from "./operations.ts";
import { Walk } from "./walk.ts";

/**
 * All that is wrong with a request's JSON value by its model; none: it is a `ModelValue` of that model. At most 20 faults.
 * Unknown fields are passed over; null and, in optional fields, blank stand for left out.
 */
export function checkModel(model: ModelName, value: unknown): Fault[] {
  return checkRequest(model, value);
}

/**
 * All that is wrong with the parsed request body of an operation; undefined and null are an empty body. None: it is its
 * `BodyOf`, with `{}` for an empty one.
 */
export function checkBody(operation: OperationId, body: unknown): Fault[] {
  const { body: notation } = operationRow(operation);
  if (notation === undefined) return [];
  // What is required is told field by field, also to those who send nothing.
  return checkRequest(notation, notation === "any" ? body : (body ?? {}));
}

/** All that is wrong with a reply of the platform by the operation's model: missing, mistyped, null and unknown fields. */
export function checkResponse(operation: OperationId, body: unknown): Fault[] {
  const { reply, status } = operationRow(operation);
  const walk = new Walk(reply ?? "", true);
  if (reply !== undefined) check(checkerOf(reply), body, walk);
  else if (!isNothing(body, status)) walk.refuse("must be empty", "Answer no body, or {} with status 200.");
  return walk.faults;
}

/** Clients differ in what they read without complaint where there is nothing to say. */
function isNothing(body: unknown, status: number): boolean {
  if (body === undefined || body === null) return true;
  return status !== 204 && typeof body === "object" && Object.keys(body).length === 0;
}

function checkRequest(notation: Notation, value: unknown): Fault[] {
  const bounds = checkBounds(value);
  if (bounds !== undefined) return [bounds];
  const walk = new Walk(notation, false);
  check(checkerOf(notation), value, walk);
  return walk.faults;
}
