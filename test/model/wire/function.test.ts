import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../../model/fault.ts";
import { type FunctionSpec, normalizeFunction } from "../../../model/function.ts";
import { updateCodeFromWire, updateCodeToWire } from "../../../model/wire/code.ts";
import {
  createFunctionFromWire,
  createFunctionToWire,
  updateConfigFromWire,
  updateConfigToWire,
} from "../../../model/wire/function-config.ts";
import {
  codeFromWire,
  codeToWire,
  functionFromWire,
  functionToWire,
  type FunctionView,
} from "../../../model/wire/function.ts";
import { short } from "../../support/faults.ts";

const SPEC = normalizeFunction({ name: "demo", runtime: "Node.js20.15", handler: "index.handler" });
const FULL: FunctionSpec = {
  ...SPEC,
  description: "all of it",
  memoryMb: 512,
  timeoutSeconds: 901,
  environment: { A: "1" },
  encryptedEnvironment: { SECRET: "hush" },
  initializer: { handler: "index.init", timeoutSeconds: 10 },
  preStop: { handler: "index.stop", timeoutSeconds: 5 },
  concurrency: 8,
  maxInstances: 3,
  dynamicMemory: true,
  executionAgency: "runner",
  configurationAgency: "setter",
};
const CODE = { type: "zip" as const, file: Buffer.from("PK"), filename: "index.zip" };
const PLACE = { region: "local", domainId: "domain" };

function view(spec: FunctionSpec, version = "latest"): FunctionView {
  return {
    key: { projectId: "p1", package: spec.package, name: spec.name },
    id: "0f7e",
    version,
    versionDescription: "first",
    spec,
    code: { type: "zip", size: 2, digest: "ab", filename: "index.zip" },
    dependencies: [],
    modifiedAt: Date.UTC(2026, 10, 21, 18, 3, 24, 999),
  };
}

function properties(read: unknown): string[] {
  return short(read as Fault[]);
}

/** As JSON carries it: what is undefined is gone. */
function sent(body: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
}

describe("CreateFunction", () => {
  test.each([SPEC, FULL])("what the client writes is what the platform reads", (spec) => {
    expect(createFunctionFromWire(sent(createFunctionToWire(spec, CODE)))).toEqual({ spec, code: CODE });
  });

  test("carries a heartbeat method", () => {
    const heartbeat = { handler: "demo.Hello.heartbeat" };
    const spec = { ...SPEC, runtime: "Java17", handler: "demo.Hello.handle", heartbeat };
    const wire = sent(updateConfigToWire(spec));
    expect(wire["heartbeat_handler"]).toBe("demo.Hello.heartbeat");
    expect(updateConfigFromWire(wire, { ...SPEC, runtime: "Java17" })).toEqual(spec);
    expect(functionFromWire(sent(functionToWire(view(spec), PLACE)))).toMatchObject({ spec: { heartbeat } });
    expect(updateConfigFromWire({ ...wire, heartbeat_handler: "" }, spec)).not.toHaveProperty("heartbeat");
  });

  test("defaults fill what the smallest body leaves out", () => {
    const body = {
      func_name: "demo",
      package: "default",
      runtime: "Node.js20.15",
      handler: "index.handler",
      timeout: 3,
      memory_size: 128,
      code_type: "inline",
      func_code: { file: "ZXhwb3J0cw==" },
    };
    expect(createFunctionFromWire(body)).toEqual({
      spec: SPEC,
      code: { type: "inline", file: Buffer.from("exports") },
    });
  });

  test("fails with every fault at once, in the wire's own names", () => {
    const read = createFunctionFromWire({
      func_name: "9",
      runtime: "Node.js20.15",
      handler: "index",
      timeout: 1,
      memory_size: 3,
      user_data: "[]",
      encrypted_user_data: '{"RUNTIME_CPU":"x"}',
      initializer_handler: "other.init",
      func_vpc: { vpc_id: "v" },
      strategy_config: { concurrency: 5000, concurrent_num: 0 },
      code_type: "jar",
    });
    expect(properties(read)).toEqual([
      "func_vpc.subnet_id FSS.1037",
      "user_data FSS.1009",
      "func_name FSS.1002",
      "handler FSS.1003",
      "initializer_timeout FSS.1405",
      "memory_size FSS.1007",
      "timeout FSS.1008",
      "encrypted_user_data.RUNTIME_CPU FSS.1009",
      "strategy_config.concurrent_num FSS.1026",
      "strategy_config.concurrency FSS.1026",
      "code_type FSS.1006",
    ]);
  });

  test.each([
    [null, ["body FSS.0400"]],
    ["text", ["body FSS.0400"]],
    [{}, ["func_name FSS.1002", "runtime FSS.1005"]],
    [{ func_name: 1, runtime: "x", timeout: "3" }, ["func_name FSS.1002", "timeout FSS.1008"]],
  ])("fails on a body of another shape: %j", (body, expected) => {
    expect(properties(createFunctionFromWire(body))).toEqual(expected);
  });

  test("empty fields of features that are not there do no harm", () => {
    const body = sent(createFunctionToWire(SPEC, CODE));
    const read = createFunctionFromWire({
      ...body,
      func_vpc: null,
      mount_config: {},
      depend_version_list: [],
      gpu_memory: 0,
    });
    expect(read).toMatchObject({ spec: SPEC });
  });

  test("any body is answered with a spec or with faults, never with a throw", () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 2 }), (noise) => {
        const read = createFunctionFromWire({ ...createFunctionToWire(SPEC, CODE), ...noise });
        return Array.isArray(read) ? read.length > 0 : read.spec.name !== undefined;
      }),
    );
  });
});

describe("code", () => {
  test.each([
    ["no code", { code_type: "zip", func_code: {} }, "func_code.file FSS.1012"],
    ["text that is not Base64", { code_type: "zip", func_code: { file: "%%%%" } }, "func_code.file FSS.1011"],
    ["a type the runtime does not take", { code_type: "jar" }, "code_type FSS.1006"],
    ["a link without address", { code_type: "obs", func_code: {} }, "code_url FSS.1010"],
    [
      "inline code over 10 KB",
      { code_type: "inline", func_code: { file: Buffer.alloc(10_241).toString("base64") } },
      "func_code.file FSS.1072",
    ],
    [
      "an archive over 50 MB",
      { code_type: "zip", func_code: { file: Buffer.alloc(50 * 1024 * 1024 + 1).toString("base64") } },
      "func_code.file FSS.1071",
    ],
  ])("fails on %s", (_, body, expected) => {
    expect(properties(updateCodeFromWire(body, "Node.js20.15"))).toEqual([expected]);
  });

  test("goes both ways, also with a link, and Base64 may be broken into lines", () => {
    expect(updateCodeFromWire(sent(updateCodeToWire(CODE)), "Node.js20.15")).toEqual(CODE);
    const link = { type: "obs" as const, link: "https://bucket.example/a.zip" };
    expect(updateCodeFromWire(sent(updateCodeToWire(link)), "Node.js20.15")).toEqual(link);
    const folded = { code_type: "zip", func_code: { file: "UE\nsD\r\n" } };
    expect(updateCodeFromWire(folded, "Node.js20.15")).toMatchObject({ file: Buffer.from("PK\u0003") });
  });

  test("bytes of any length arrive", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const read = updateCodeFromWire(
          updateCodeToWire({ type: "zip", file: Buffer.from(bytes) }),
          "Node.js20.15",
        );
        return !Array.isArray(read) && read.file?.equals(bytes) === true;
      }),
    );
  });

  test("a reply shows digest and, where it is given, the archive", () => {
    const body = sent(codeToWire(view(SPEC), PLACE, btoa("PK")));
    expect(codeFromWire(body)).toEqual({
      type: "zip",
      digest: "ab",
      filename: "index.zip",
      file: Buffer.from("PK"),
    });
    expect(codeFromWire(sent(codeToWire(view(SPEC), PLACE)))).not.toHaveProperty("file");
  });
});

describe("UpdateFunctionConfig", () => {
  test("what the client writes is what the platform reads, whatever was there", () => {
    expect(updateConfigFromWire(sent(updateConfigToWire(FULL)), SPEC)).toEqual(FULL);
    expect(updateConfigFromWire(sent(updateConfigToWire(SPEC)), FULL)).toEqual(SPEC);
  });

  test("fields that are left out stay", () => {
    const body = { func_name: "demo", runtime: "Node.js20.15", timeout: 7 };
    expect(updateConfigFromWire(body, FULL)).toEqual({ ...FULL, timeoutSeconds: 7 });
  });

  test("an encrypted variable that comes back blank keeps its value; others are new", () => {
    const body = {
      func_name: "demo",
      runtime: "Node.js20.15",
      encrypted_user_data: '{"SECRET":"","NEW":"n"}',
    };
    expect(updateConfigFromWire(body, FULL)).toMatchObject({
      encryptedEnvironment: { SECRET: "hush", NEW: "n" },
    });
  });

  test("names that every object has are names like others", () => {
    const body = { func_name: "demo", runtime: "Node.js20.15", encrypted_user_data: '{"constructor":""}' };
    expect(updateConfigFromWire(body, SPEC)).toMatchObject({ encryptedEnvironment: { constructor: "" } });
  });

  test("name and runtime never change", () => {
    const body = { func_name: "other", runtime: "Python3.10" };
    expect(properties(updateConfigFromWire(body, SPEC))).toEqual(["func_name FSS.1002", "runtime FSS.1005"]);
  });
});

describe("replies", () => {
  test("carry the facts in the API's words and never a secret", () => {
    const body = functionToWire(view(FULL), PLACE);
    expect(body).toMatchObject({
      func_urn: "urn:fss:local:p1:function:default:demo:latest",
      resource_id: "0f7e:demo",
      namespace: "p1",
      project_name: "local",
      cpu: 600,
      user_data: '{"A":"1"}',
      encrypted_user_data: '{"SECRET":""}',
      strategy_config: { concurrency: 3, concurrent_num: 8 },
      long_time: true,
      last_modified: "2026-11-21T18:03:24Z",
    });
    expect(JSON.stringify(body)).not.toContain("hush");
    expect(body).not.toHaveProperty("version_description");
    expect(functionToWire(view(FULL, "v1"), PLACE)).toMatchObject({
      func_urn: "urn:fss:local:p1:function:default:demo:v1",
      version_description: "first",
    });
  });

  test("a client reads them back, but for the secrets", () => {
    expect(functionFromWire(sent(functionToWire(view(FULL, "v1"), PLACE)))).toEqual({
      id: "0f7e",
      urn: "urn:fss:local:p1:function:default:demo:v1",
      version: "v1",
      versionDescription: "first",
      spec: { ...FULL, encryptedEnvironment: { SECRET: "" } },
      code: { type: "zip", size: 2, digest: "ab", filename: "index.zip" },
      modifiedAt: Date.UTC(2026, 10, 21, 18, 3, 24),
    });
    expect(functionFromWire(sent(functionToWire(view(SPEC), PLACE)))).toMatchObject({ spec: SPEC });
  });

  test("fails on an answer that is none", () => {
    expect(properties(functionFromWire({ func_urn: 1 }))).toContain("func_urn FSS.0400");
  });
});
