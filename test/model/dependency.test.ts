import { expect, test } from "vitest";

import { checkDependency, suitsRuntime } from "../../model/dependency.ts";

test.each([
  ["Node.js18.15", "Node.js20.15", true],
  ["Python3.9", "Python3.12", true],
  ["Python3.9", "Node.js20.15", false],
  ["Java8", "Go1.x", false],
  ["Custom", "Node.js20.15", true],
  ["Node.js20.15", "http", true],
])("libraries for %s in a function on %s: %s", (dependency, runtime, expected) => {
  expect(suitsRuntime(dependency, runtime)).toBe(expected);
});

test("a dependency's name has up to 96 letters, digits, dots and dashes", () => {
  const others = { runtime: "Python3.9", description: "" };
  for (const name of ["pillow-7.1.2", "a", "9lives", "a".repeat(96)])
    expect(checkDependency({ name, ...others })).toEqual([]);
  for (const name of ["", "a-", ".a", "a b", "a/b", "a:1", "é", "a".repeat(97)])
    expect(checkDependency({ name, ...others })).toMatchObject([{ property: "name", code: "FSS.1024" }]);
});

test("all faults come at once", () => {
  const faults = checkDependency({ name: "-", runtime: "Rust", description: "d".repeat(513) });
  expect(faults.map((fault) => fault.code)).toEqual(["FSS.1024", "FSS.1019", "FSS.1005"]);
});
