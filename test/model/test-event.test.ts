import { expect, test } from "vitest";
import { checkTestEvent } from "../../model/test-event.ts";
import { short } from "../support/faults.ts";

test.each([
  ["first", "e30=", []],
  ["even-123test", "IngiCg==", []],
  ["a".repeat(25), "e30=", []],
  ["A_1", "e30=", []],
  ["a".repeat(26), "e30=", ["name FSS.1074"]],
  ["1a", "e30=", ["name FSS.1074"]],
  ["a_", "e30=", ["name FSS.1074"]],
  ["a-", "e30=", ["name FSS.1074"]],
  ["a.b", "e30=", ["name FSS.1074"]],
  ["", "e30=", ["name FSS.1074"]],
  ["a", "bm8=", ["content FSS.1074"]],
  ["a", "", ["content FSS.1074"]],
  ["a", Buffer.alloc(6 * 1024 * 1024 + 1, "1").toString("base64"), ["content FSS.1069"]],
])("%s", (name, content, expected) => {
  expect(short(checkTestEvent({ name, content }))).toEqual(expected);
});
