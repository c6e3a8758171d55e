import { randomUUID } from "node:crypto";

/** Ids that share their random part; the last three digits count through them. */
const GROUP = 4096;
const ENDINGS = Array.from({ length: GROUP }, (_, at) => at.toString(16).padStart(3, "0"));

let start = "";
let next = GROUP;

/** A fresh UUID for a request: unique, not secret; a random part serves 4,096 requests, which costs a tenth of one each. */
export function createRequestId(): string {
  if (next === GROUP) {
    start = randomUUID().slice(0, -3);
    next = 0;
  }
  return start + (ENDINGS[next++] ?? "");
}
