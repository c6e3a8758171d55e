import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FUNCTION_MODELS } from "../../model/api/models/function.ts";
import type * as Fungraph from "../../components/index.ts";
import type { Properties } from "../../provider/resource.ts";
import { functionLogic } from "../../provider/function.ts";
import type { FunctionInputs } from "../../model/declaration.ts";
import { TestPlatform } from "../provider/platform.ts";
import { ProgramFolder, Recorder } from "./recorder.ts";

/*
 * Every field of the API's requests about a function is an argument of the component, reaches the platform, comes back and
 * is one line of a diff; or it says here why it is none.
 */

const recorder = await Recorder.start();
const fg: typeof Fungraph = await import("../../components/index.ts");

/** An argument of the component, and the property of the provider that it becomes. */
interface Setting {
  readonly fields: readonly string[];
  readonly args: object;
  readonly property: string;
  readonly value: unknown;
}

const HOOK = { handler: "index.hook", timeoutSeconds: 7 };

/** Settings that change in place on an event function in Node.js. */
const SETTINGS: readonly Setting[] = [
  { fields: ["handler"], args: { handler: "index.other" }, property: "handler", value: "index.other" },
  { fields: ["memory_size"], args: { memoryMb: 512 }, property: "memoryMb", value: 512 },
  { fields: ["timeout"], args: { timeoutSeconds: 42 }, property: "timeoutSeconds", value: 42 },
  { fields: ["description"], args: { description: "Why." }, property: "description", value: "Why." },
  { fields: ["user_data"], args: { environment: { A: "1" } }, property: "environment.A", value: { A: "1" } },
  {
    fields: ["encrypted_user_data"],
    args: { encryptedEnvironment: { B: "2" } },
    property: "encryptedEnvironment.B",
    value: { B: "2" },
  },
  { fields: ["xrole"], args: { configurationAgency: "one" }, property: "configurationAgency", value: "one" },
  { fields: ["app_xrole"], args: { executionAgency: "two" }, property: "executionAgency", value: "two" },
  {
    fields: ["initializer_handler", "initializer_timeout"],
    args: { initializer: HOOK },
    property: "initializer",
    value: HOOK,
  },
  {
    fields: ["pre_stop_handler", "pre_stop_timeout"],
    args: { preStop: HOOK },
    property: "preStop",
    value: HOOK,
  },
  { fields: ["strategy_config"], args: { concurrency: 7 }, property: "concurrency", value: 7 },
  {
    fields: ["strategy_config", "max_instance_num"],
    args: { maxInstances: 7 },
    property: "maxInstances",
    value: 7,
  },
  {
    fields: ["enable_dynamic_memory"],
    args: { dynamicMemory: true },
    property: "dynamicMemory",
    value: true,
  },
  { fields: ["enable_auth_in_header"], args: { authInHeader: true }, property: "authInHeader", value: true },
  { fields: ["tags"], args: { tags: { team: "a" } }, property: "tags", value: { team: "a" } },
];

/** Settings that need something else than a plain function; the named test deploys them. */
const ELSEWHERE: Readonly<
  Record<string, { readonly property: keyof FunctionInputs; readonly test: string }>
> = {
  func_name: { property: "name", test: "test/provider/lifecycle.test.ts" },
  package: { property: "package", test: "test/provider/rules.test.ts" },
  runtime: { property: "runtime", test: "test/provider/rules.test.ts" },
  code_type: { property: "codeType", test: "test/provider/lifecycle.test.ts" },
  code_filename: { property: "codeFilename", test: "test/provider/lifecycle.test.ts" },
  func_code: { property: "codeDigest", test: "test/provider/lifecycle.test.ts" },
  custom_image: { property: "image", test: "test/components/registrations.test.ts" },
  heartbeat_handler: { property: "heartbeat", test: "test/components/registrations.test.ts" },
  depend_version_list: { property: "dependencies", test: "test/provider/settings.test.ts" },
  func_vpc: { property: "network", test: "test/components/cross-checks.test.ts" },
  mount_config: { property: "fileSystems", test: "test/model/mount.test.ts" },
};

/** Fields that no argument stands for, and why. */
const NO_SETTINGS: Readonly<Record<string, string>> = {
  code_url: "the provider brings the archive itself",
  gpu_memory: "instances have no graphics processors; the API refuses it",
  gpu_type: "instances have no graphics processors; the API refuses it",
  enterprise_project_id: "a project is the one boundary that this platform knows",
  type: "all functions are of the second generation",
  log_config: "logs are kept by the platform, one stream a function",
  enable_lts_log: "logs are kept by the platform, and always",
  lts_custom_tag: "logs are found by their own fields",
  network_controller: "a VPC and its NAT gateway say what a function reaches; the API refuses it",
  is_stateful_function: "no caller is bound to an instance",
  user_data_encrypt_kms_key_id: "encrypted variables are sealed under the platform's own key",
  code_encrypt_kms_key_id: "code is not encrypted at rest",
  domain_names: "private zones belong to the VPC",
  peering_cidr: "VPCs of this platform have no peers",
  extend_config: "nobody has documented what it extends",
  ephemeral_storage: "every instance has 512 MB of /tmp (guide 1.6)",
  restore_hook_handler: "instances are not restored from snapshots; the API refuses it",
  restore_hook_timeout: "instances are not restored from snapshots",
  enable_class_isolation: "code in Java always has a class loader of its own",
};

const {
  CreateFunctionRequestBody,
  UpdateFunctionConfigRequestBody,
  UpdateFunctionMaxInstanceConfigRequestBody,
} = FUNCTION_MODELS;
const FIELDS = Object.keys({
  ...CreateFunctionRequestBody,
  ...UpdateFunctionConfigRequestBody,
  ...UpdateFunctionMaxInstanceConfigRequestBody,
});

test("every field of the API is a setting, or says why it is none", () => {
  const settled = [
    ...SETTINGS.flatMap(({ fields }) => fields),
    ...Object.keys(ELSEWHERE),
    ...Object.keys(NO_SETTINGS),
  ];
  expect([...new Set(settled)].sort()).toEqual([...FIELDS].sort());
  const both = Object.keys(NO_SETTINGS).filter((field) => field in ELSEWHERE);
  expect(both).toEqual([]);
});

test("every property that a setting becomes is one that the provider compares", () => {
  const compared = Object.keys(functionLogic.schema.inputs.shape);
  for (const { property } of SETTINGS) expect(compared).toContain(property.split(".")[0]);
  for (const { property } of Object.values(ELSEWHERE)) expect(compared).toContain(property);
});

let folder: ProgramFolder;
let platform: TestPlatform;
let base: Properties;
beforeAll(async () => {
  folder = new ProgramFolder({
    "hello/index.js":
      "exports.handler = exports.other = async (event, context) => event;\nexports.hook = async (context) => {};\n",
  });
  platform = await TestPlatform.start();
  base = functionLogic.check(await platform.function("hello", "one")).inputs as unknown as Properties;
  await platform.create(base);
});
afterAll(async () => {
  await platform[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe.each(SETTINGS)("$property", ({ args, property, value }) => {
  const name = property.split(".")[0] ?? "";

  test("is an argument, known or not yet", async () => {
    const hello = { runtime: "Node.js20.15", handler: "index.handler", code: "./hello" };
    const secret = functionLogic.secrets.includes(name);
    const later = Object.fromEntries(Object.entries(args).map(([key, one]) => [key, pulumi.output(one)]));
    const plainOnly = ["handler", "initializer", "preStop"].includes(name);
    for (const given of plainOnly ? [args] : [args, later]) {
      const [recorded] = await recorder.record(() => void new fg.Function("hello", { ...hello, ...given }));
      expect(recorded?.inputs[name]).toEqual(secret ? { secret: value } : value);
    }
  });

  test("reaches the platform, comes back, and is one line of a diff", async () => {
    const urn = platform.urn("hello");
    const old = { ...base, functionUrn: urn, functionName: "hello", version: "latest" };
    const { inputs, faults } = functionLogic.check({ ...base, [name]: value });
    expect(faults).toEqual([]);
    expect(functionLogic.diff({ ...base }, { ...inputs }).changes).toEqual([{ property, kind: "update" }]);
    const state = await functionLogic.update(platform.context, urn, old as never, inputs);
    const read = await functionLogic.read(platform.context, urn, state);
    expect(read?.state).toEqual(state);
    expect(functionLogic.diff({ ...read?.state }, { ...inputs }).changes).toEqual([]);
    const back = await functionLogic.update(platform.context, urn, state, base as never);
    expect((await functionLogic.read(platform.context, urn, back))?.state).toEqual(old);
  });
});

test("tags of a new function are there at once, and those that others have set are seen", async () => {
  const given = functionLogic.check(
    await platform.function("tagged", "one", { tags: { team: "a", tier: "1" } }),
  );
  const { id, state } = await functionLogic.create(platform.context, given.inputs);
  await platform.client.tags.put(id, { key: "team", value: "b" });
  const read = await functionLogic.read(platform.context, id, state);
  expect(read?.state.tags).toEqual({ team: "b", tier: "1" });
  expect(functionLogic.diff({ ...read?.state }, { ...given.inputs }).changes).toEqual([
    { property: "tags.team", kind: "update" },
  ]);
});

test("tags are refused with all their faults", () => {
  const tags = { "a?": "x", "fungraph.owner": "me", long: "y".repeat(256) };
  const { faults } = functionLogic.check({ ...base, tags });
  expect(faults.map(({ property }) => property)).toEqual(["tags.a?", "tags.fungraph.owner", "tags.long"]);
  const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`k${index}`, ""]));
  expect(functionLogic.check({ ...base, tags: many }).faults).toMatchObject([{ property: "tags" }]);
});
