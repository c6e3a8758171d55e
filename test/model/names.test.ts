import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkName } from "../../model/name-rules.ts";
import { automaticVersionName, formatFunctionUrn, parseFunctionUrn } from "../../model/names.ts";

const DEFAULTS = { region: "local", projectId: "p1" };
const OWNER = { region: "local", projectId: "p1", package: "default", name: "demo" };

describe("function URNs", () => {
  test.each([
    ["demo", { ...OWNER, version: "latest", qualified: false }],
    ["demo:!prod", { ...OWNER, alias: "prod", qualified: true }],
    ["photos:demo", { ...OWNER, package: "photos", version: "latest", qualified: false }],
    ["photos:demo:!prod", { ...OWNER, package: "photos", alias: "prod", qualified: true }],
    ["p2:photos:demo", { ...OWNER, projectId: "p2", package: "photos", version: "latest", qualified: false }],
    ["p2:photos:demo:v1", { ...OWNER, projectId: "p2", package: "photos", version: "v1", qualified: true }],
    [
      "p2:photos:demo:!prod",
      { ...OWNER, projectId: "p2", package: "photos", alias: "prod", qualified: true },
    ],
    [
      "urn:fss:r:p2:function:default:demo",
      { ...OWNER, region: "r", projectId: "p2", version: "latest", qualified: false },
    ],
    [
      "urn:fss:r:p2:function:default:demo:latest",
      { ...OWNER, region: "r", projectId: "p2", version: "latest", qualified: true },
    ],
    [
      "urn:fss:r:p2:function:default:demo:1.0",
      { ...OWNER, region: "r", projectId: "p2", version: "1.0", qualified: true },
    ],
    [
      "urn:fss:r:p2:function:default:demo:!prod",
      { ...OWNER, region: "r", projectId: "p2", alias: "prod", qualified: true },
    ],
  ])("%s", (text, expected) => {
    expect(parseFunctionUrn(text, DEFAULTS)).toEqual(expected);
  });

  test.each([
    "",
    ":",
    "!prod",
    "demo:!",
    "demo:",
    "a:b:c:d:e",
    "a:b:c:d:!e",
    "de mo",
    "de/mo",
    "urn:fss:r:p:function:default",
    "urn:fss:r:p:workflow:default:demo:latest",
    "urn:obs:r:p:function:default:demo:latest",
    "urn:fss:r:p:function:default:demo:v1:x",
    "urn:fss:r::function:default:demo",
    "urn:fss:r:p:function:default:demo:",
  ])("fails on %j", (text) => {
    expect(parseFunctionUrn(text, DEFAULTS)).toBeUndefined();
  });

  test("what is written is read back, and no text throws", () => {
    const part = fc.stringMatching(/^[A-Za-z][\w-]{0,10}$/);
    const owner = fc.record({ region: part, projectId: part, package: part, name: part });
    const qualifier = fc.oneof(fc.record({ alias: part }), fc.record({ version: part }));
    fc.assert(
      fc.property(owner, qualifier, (named, last) => {
        const urn = { ...named, ...last };
        expect(parseFunctionUrn(formatFunctionUrn(urn), DEFAULTS)).toEqual({ ...urn, qualified: true });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void parseFunctionUrn(text, DEFAULTS)));
  });
});

describe("names", () => {
  test.each(["a", "Demo", "my-function_1", "a".repeat(60)])("%s is a function name", (name) => {
    expect(checkName("function", name)).toEqual([]);
  });

  test.each(["", "1a", "-a", "a-", "a_", "a b", "a.b", "ä", "a:b", "a".repeat(61)])("%j is none", (name) => {
    expect(checkName("function", name)).toMatchObject([{ property: "name", value: name, code: "FSS.1002" }]);
  });

  test("the name that is proposed keeps the rule", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (name) => {
        const [fault] = checkName("function", name);
        const proposed = /^Write "(.*)", for example\.$/.exec(fault?.fix ?? 'Write "a", for example.')?.[1];
        expect(checkName("function", proposed ?? "")).toEqual([]);
      }),
    );
  });

  test("a version without a name is named after the time in UTC", () => {
    expect(automaticVersionName(new Date("2022-05-10T19:06:58.999Z"))).toBe("v20220510-190658");
    expect(checkName("version", automaticVersionName(new Date()))).toEqual([]);
  });
});
