import * as fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type ModelName, MODELS } from "../../model/api/models.ts";
import { parseField } from "../../model/api/notation.ts";
import { checkBody, checkModel, checkResponse } from "../../model/api/validate.ts";
import type { BodyOf, ModelValue, ReplyOf } from "../../model/api/value.ts";
import { ERROR_CATALOGUE } from "../../model/error-catalogue.ts";
import { valuesOfModel } from "./api-arbitraries.ts";

const NAMES = Object.keys(MODELS) as ModelName[];

const FUNCTION: BodyOf<"CreateFunction"> = {
  func_name: "hello",
  package: "default",
  runtime: "Node.js18.15",
  handler: "index.handler",
  timeout: 3,
  memory_size: 128,
  code_type: "inline",
  func_code: { file: "ZXhwb3J0cw==" },
  func_vpc: { vpc_id: "v", subnet_id: "s", security_groups: ["g"] },
  lts_custom_tag: { team: "blue" },
};

/** A value of no type that the notation allows. */
function mismatchOf(notation: string): unknown {
  const { type } = parseField(notation);
  if (type.kind === "list" || type.kind === "map" || type.kind === "either") return 0.5;
  return type.kind === "scalar" && type.name === "boolean" ? "true" : [true];
}

describe("every model", () => {
  test.each(NAMES)("%s takes what it describes, and names the field that is wrong", (name) => {
    const fields = Object.entries<string>(MODELS[name]);
    fc.assert(
      fc.property(valuesOfModel(name), fc.nat(), (value, pick) => {
        expect(checkModel(name, value)).toEqual([]);
        const [field, notation] = fields[pick % fields.length] ?? ["", ""];
        const { type, required } = parseField(notation);
        if (!(type.kind === "scalar" && type.name === "any")) {
          const faults = checkModel(name, { ...value, [field]: mismatchOf(notation) });
          expect(faults.map(({ property }) => property)).toEqual([field]);
          expect(faults.every(({ code }) => Object.hasOwn(ERROR_CATALOGUE, code))).toBe(true);
        }
        const { [field]: _left, ...rest } = value;
        expect(checkModel(name, rest).map(({ property }) => property)).toEqual(required ? [field] : []);
      }),
      { numRuns: 20 },
    );
  });

  test("names the place of a fault in its lists and maps", () => {
    for (const name of NAMES) {
      const [value] = fc.sample(valuesOfModel(name), 1);
      for (const [field, notation] of Object.entries<string>(MODELS[name])) {
        const { type } = parseField(notation);
        if ((type.kind !== "list" && type.kind !== "map") || notation.includes("any")) continue;
        const wrong = type.kind === "list" ? [7n] : { key: 7n };
        const place = type.kind === "list" ? `${field}[0]` : `${field}.key`;
        const faults = checkModel(name, { ...value, [field]: wrong });
        expect(faults.map(({ property }) => property)).toEqual([place]);
      }
    }
  });
});

describe("request bodies", () => {
  test("are told every fault at once, with the code of the field and without secrets", () => {
    const faults = checkBody("CreateFunction", {
      ...FUNCTION,
      runtime: "Fortran77",
      memory_size: "128",
      encrypted_user_data: 4711,
      func_vpc: { vpc_id: "v", security_groups: ["g", 3] },
      func_name: undefined,
    });
    expect(faults.map(({ property, code }) => [property, code])).toEqual([
      ["func_name", "FSS.1002"],
      ["runtime", "FSS.1005"],
      ["func_vpc.subnet_id", "FSS.0400"],
      ["func_vpc.security_groups[1]", "FSS.0400"],
      ["memory_size", "FSS.1007"],
      ["encrypted_user_data", "FSS.1009"],
    ]);
    expect(faults[4]).toEqual({
      property: "memory_size",
      value: "128",
      rule: "must be a whole number, not a text",
      fix: "Send a whole number.",
      code: "FSS.1007",
    });
    expect(JSON.stringify(faults)).not.toContain("4711");
  });

  test("may leave out by null or blank, and carry fields that nobody knows", () => {
    const body = {
      ...FUNCTION,
      description: null,
      code_type: "",
      depend_version_list: null,
      later: { a: 1 },
    };
    expect(checkBody("CreateFunction", body)).toEqual([]);
    expect(checkBody("CreateFunctionVersion", undefined)).toEqual([]);
    expect(checkBody("CreateFunctionVersion", null)).toEqual([]);
    expect(checkBody("CreateFunctionTrigger", undefined).map(({ property }) => property)).toEqual([
      "trigger_type_code",
      "event_data",
    ]);
    expect(checkBody("ListFunctions", { anything: 1 })).toEqual([]);
  });

  test("of required lists and maps may be null, as Go clients write empty ones", () => {
    const flow = { name: "f", start: "s", functions: null, states: null, constants: null, retries: null };
    expect(checkBody("CreateWorkflow", flow)).toEqual([]);
    expect(checkBody("CreateWorkflow", { ...flow, start: null })).toMatchObject([{ property: "start" }]);
  });

  test("of UpdateTrigger come as a list from SDKs and as an object from Terraform", () => {
    for (const event_data of [[{ is_serial: true, polling_unit: "ms" }], { is_serial: "true" }, {}, []])
      expect(checkBody("UpdateTrigger", { trigger_status: "ACTIVE", event_data })).toEqual([]);
    expect(checkBody("UpdateTrigger", { event_data: [{ is_serial: "true" }] })).toMatchObject([
      { property: "event_data[0].is_serial" },
    ]);
    expect(checkBody("UpdateTrigger", { event_data: 1 })).toMatchObject([
      { rule: "must be a list or an object, not a number" },
    ]);
  });

  test("of Terraform are taken: fewer fields than SDKs send, numbers where SDKs send texts", () => {
    const { func_name, runtime, timeout, memory_size, func_code } = FUNCTION;
    expect(checkBody("CreateFunction", { func_name, runtime, timeout, memory_size, func_code })).toEqual([]);
    const settings = {
      runtime,
      timeout,
      memory_size,
      strategy_config: { concurrent_num: 2 },
      restore_hook_timeout: 0,
    };
    expect(checkBody("UpdateFunctionConfig", settings)).toEqual([]);
    expect(checkBody("UpdateFunctionCode", { code_type: "obs", code_url: "http://a/b.zip" })).toEqual([]);
    expect(checkBody("ShowResInstanceInfo", { action: "filter", limit: 100, offset: 0, tags: [] })).toEqual(
      [],
    );
    expect(checkBody("UpdateTracing", {})).toEqual([]);
  });

  test("that are hostile are refused and change nothing", () => {
    const deep = JSON.parse("[".repeat(1000) + "]".repeat(1000)) as unknown;
    expect(checkBody("CreateFunction", { ...FUNCTION, later: deep })).toMatchObject([{ property: "body" }]);
    const many = { ...FUNCTION, later: Array.from({ length: 100_001 }, () => 0) };
    expect(checkBody("CreateFunction", many)).toMatchObject([{ property: "body" }]);
    const polluted = JSON.parse('{"lts_custom_tag":{"__proto__":"x"},"__proto__":{"timeout":3}}') as object;
    expect(checkBody("CreateFunction", { ...FUNCTION, ...polluted })).toMatchObject([
      { property: "lts_custom_tag.__proto__" },
    ]);
    const wrong = { ...FUNCTION, depend_version_list: Array.from({ length: 5000 }, () => 1) };
    expect(checkBody("CreateFunction", wrong)).toHaveLength(20);
  });

  test.each([1, "text", [], true])("that are %j are no object", (body) => {
    expect(checkBody("CreateFunction", body)).toMatchObject([{ property: "body", code: "FSS.0400" }]);
  });

  test("of any JSON never make the check throw", () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.jsonValue(), (name, value) => {
        expect(Array.isArray(checkModel(name, value))).toBe(true);
      }),
    );
  });
});

describe("replies", () => {
  const alias = { name: "a", version: "v1", last_modified: "2026-01-31T08:30:00Z", alias_urn: "urn" };

  test("are lists, objects or empty as the operation says", () => {
    expect(checkResponse("ListVersionAliases", [alias])).toEqual([]);
    expect(checkResponse("ListVersionAliases", { body: [alias] })).toMatchObject([{ property: "body" }]);
    expect(checkResponse("DeleteFunction", undefined)).toEqual([]);
    expect(checkResponse("CancelAsyncInvocation", null)).toEqual([]);
    expect(checkResponse("CancelAsyncInvocation", {})).toEqual([]);
    expect(checkResponse("DeleteFunction", {})).toMatchObject([{ rule: "must be empty" }]);
  });

  test("have what the model requires, no null, no field of their own, and real times", () => {
    const wrong = { ...alias, name: undefined, description: null, colour: "blue", last_modified: "soon" };
    expect(
      checkResponse("ListVersionAliases", [wrong]).map(({ property, rule }) => [property, rule]),
    ).toEqual([
      ["[0].name", "is missing"],
      ["[0].description", "must not be null"],
      ["[0].last_modified", "must be a time"],
      ["[0].colour", "is no field of ListVersionAliasResult"],
    ]);
  });

  test("about functions may have every field of a function; triggers give back what they were given", () => {
    expect(checkResponse("CreateFunction", { reserved_instance_idle_mode: false })).toEqual([]);
    expect(checkResponse("CreateFunction", { colour: "blue" })).toMatchObject([{ property: "colour" }]);
    expect(checkResponse("CreateFunctionTrigger", { event_data: { colour: "blue" } })).toEqual([]);
  });
});

test("types of bodies and replies follow from the table", () => {
  expectTypeOf<BodyOf<"CreateVersionAlias">["name"]>().toEqualTypeOf<string>();
  expectTypeOf<BodyOf<"CreateVersionAlias">["additional_version_weights"]>().toEqualTypeOf<
    Readonly<Record<string, number>> | null | undefined
  >();
  expectTypeOf<BodyOf<"CancelAsyncInvocation">["type"]>().toEqualTypeOf<
    "force" | "recursive" | null | undefined
  >();
  expectTypeOf<BodyOf<"ListFunctions">>().toEqualTypeOf<undefined>();
  expectTypeOf<ReplyOf<"ListVersionAliases">[number]["version"]>().toEqualTypeOf<string>();
  expectTypeOf<ModelValue<"UpdateTriggerEventData">["polling_unit"]>().toEqualTypeOf<
    "s" | "ms" | null | undefined
  >();
  expectTypeOf<ReplyOf<"DeleteFunction">>().toEqualTypeOf<undefined>();
});
