import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Expected } from "../../cli/try/expectations.ts";
import { differences, type Answer } from "../../cli/try/verdict.ts";

const answer: Answer = {
  status: 200,
  headers: { "content-type": "text/plain" },
  body: Buffer.from('{"a":[1,2]}'),
  failed: false,
  log: "line one\nline two",
};
const sha256 = createHash("sha256").update(answer.body).digest("hex");

test.each<[string, Partial<Expected>]>([
  ["status", { status: 200 }],
  ["headers, whatever their case", { status: 200, headers: { "Content-Type": "text/plain" } }],
  ["digest", { sha256 }],
  ["size", { minBytes: answer.body.length }],
  ["parts of the body", { bodyContains: '"a"' }],
  ["result as JSON", { result: { a: [1, 2] } }],
  ["log", { logContains: "line two" }],
])("finds no difference in the right %s", (_, expected) => {
  expect(differences(answer, { withinSeconds: 1, ...expected })).toEqual([]);
});

test.each<[Partial<Expected>, string]>([
  [{ status: 404 }, "status is 200, expected 404"],
  [{ status: 200, headers: { "x-none": "1" } }, 'x-none is missing, expected "1"'],
  [{ sha256: "00" }, `SHA-256 of the body is "${sha256}", expected "00"`],
  [{ minBytes: 12 }, "the body has 11 bytes, expected at least 12"],
  [{ bodyContains: "zzz" }, 'the body lacks "zzz"'],
  [{ result: { a: [2, 1] } }, 'result is {"a":[1,2]}, expected {"a":[2,1]}'],
  [{ failed: true }, "failed is false, expected true"],
  [{ logContains: "line three" }, 'the log lacks "line three"'],
])("tells what differs from %j", (expected, text) => {
  const found = differences(answer, { withinSeconds: 1, ...expected });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(text);
});

test("a failure that nobody expected is a difference", () => {
  expect(differences({ ...answer, failed: true }, { withinSeconds: 1 })).toEqual([
    "failed is true, expected false",
  ]);
});
