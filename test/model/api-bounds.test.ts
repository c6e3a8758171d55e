import * as fc from "fast-check";
import { expect, test } from "vitest";

import { checkBounds, checkTextBounds } from "../../model/api/bounds.ts";

function ruleOf(text: string): string | undefined {
  return checkTextBounds(Buffer.from(text))?.rule;
}

function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}

function names(count: number): string {
  return `{${Array.from({ length: count }, (_, at) => `"n${at}":0`).join(",")}}`;
}

test("values of every kind pass, whatever their texts hold", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(ruleOf(JSON.stringify(value))).toBeUndefined();
    }),
  );
});

test.each([nested(64), nested(65), names(3)])("a value and its text are bounded alike: %s", (text) => {
  expect(checkTextBounds(Buffer.from(text))).toEqual(checkBounds(JSON.parse(text)));
});

test.each([
  ["brackets that close", `[${`${nested(63)},`.repeat(700)}1]`, undefined],
  ["brackets that never close", "[{".repeat(1_000_000), "must be nested at most 64 deep"],
  ["as many values as may be", `[${"0,".repeat(99_999)}0]`, undefined],
  ["a value more", `[${"0,".repeat(100_000)}0]`, "must have at most 100000 values"],
  ["as many names as may be", names(10_000), undefined],
  ["some names again and again", `[${`${names(10)},`.repeat(5000)}0]`, undefined],
  ["a name more", names(10_001), "must have at most 10000 different names in its objects"],
])("%s", (_name, text, rule) => {
  expect(ruleOf(text)).toBe(rule);
});

test.each([
  ["escaped quotes", String.raw`\"[,:`.repeat(60_000)],
  ["backslashes", "\\\\".repeat(60_000)],
  ["marks", "[{,:]}".repeat(60_000)],
])("%s in a text count as nothing, before what counts", (_name, text) => {
  expect(ruleOf(`["${text}",1]`)).toBeUndefined();
  expect(ruleOf(`["${text}",${nested(64)}]`)).toMatch("64 deep");
});

test("a text that never ends is passed over", () => {
  for (const text of ['"', '["', String.raw`["\"`, '["\\', ""]) expect(ruleOf(text)).toBeUndefined();
});
