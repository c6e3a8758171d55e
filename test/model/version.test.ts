import { expect, test } from "vitest";
import { checkAlias } from "../../model/alias.ts";
import { checkVersion } from "../../model/version.ts";
import { short } from "../support/faults.ts";

test.each(["v1", "1.0", "v20220510-190658", "a".repeat(42)])("%s is a version", (name) => {
  expect(checkVersion({ name, description: "" })).toEqual([]);
});

test.each(["", "latest", "-v", "v-", "a b", "a".repeat(43), "v:1", "!v"])("%j is none", (name) => {
  expect(short(checkVersion({ name, description: "" }))).toEqual(["name FSS.1015"]);
});

const alias = { name: "prod", version: "v1", description: "" };

test.each([
  [{}, []],
  [{ version: "latest" }, []],
  [{ name: "1.0" }, []],
  [{ name: "!prod" }, ["name FSS.1014"]],
  [{ name: "a".repeat(64) }, ["name FSS.1014"]],
  [{ version: "" }, ["version FSS.1015"]],
  [{ additional: { version: "v2", weight: 0 } }, []],
  [{ additional: { version: "v2", weight: 100 } }, []],
  [{ additional: { version: "v2", weight: 101 } }, ["additional.weight FSS.1092"]],
  [{ additional: { version: "v2", weight: 0.5 } }, ["additional.weight FSS.1092"]],
  [{ additional: { version: "v2", weight: -1 } }, ["additional.weight FSS.1092"]],
  [{ additional: { version: "latest", weight: 1 } }, ["additional.version FSS.1091"]],
  [{ additional: { version: "v1", weight: 1 } }, ["additional.version FSS.1093"]],
  [{ additional: { version: "v 2", weight: 1 } }, ["additional.version FSS.1091"]],
])("alias with %j", (change, expected) => {
  expect(short(checkAlias({ ...alias, ...change }))).toEqual(expected);
});
