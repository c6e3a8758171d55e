import { describe, expect, test } from "vitest";
import { checkFunction, normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import type { ImageSpec } from "../../model/image.ts";
import {
  createFunctionFromWire,
  createFunctionToWire,
  updateConfigFromWire,
  updateConfigToWire,
} from "../../model/wire/function-config.ts";
import { short } from "../support/faults.ts";

const IMAGE: ImageSpec = {
  reference: "registry.example.com:5000/team/shop:1.4",
  command: ["/bin/sh"],
  args: ["-c", "run, and run"],
  workingDir: "/home/app",
  uid: 1003,
  gid: 2000,
};

function spec(image: Partial<ImageSpec>, more: Partial<FunctionSpec> = {}): FunctionSpec {
  const base = { name: "shop", runtime: "Custom Image", handler: "-" };
  return normalizeFunction({ ...base, image: { ...IMAGE, ...image }, ...more });
}

function faults(image: Partial<ImageSpec>, more: Partial<FunctionSpec> = {}): string[] {
  return short(checkFunction(spec(image, more)));
}

describe("a container image", () => {
  test.each([
    "shop",
    "shop:latest",
    "team/shop",
    "localhost:5000/shop",
    "swr.example-4.example.com/group/my_image:v1.0_x",
    `registry.example.com/a/b@sha256:${"0".repeat(64)}`,
    `registry.example.com/a/b:1@sha256:${"0".repeat(64)}`,
  ])("may be %s", (reference) => expect(faults({ reference })).toEqual([]));

  test.each([
    "",
    "https://example.com/shop",
    "Shop",
    "shop:",
    "shop:a b",
    "/shop",
    "a//b",
    "shop@sha256:12",
    "-x",
    "x".repeat(600),
  ])("may not be %s", (reference) => expect(faults({ reference })).toEqual(["image.reference FSS.1034"]));

  test("runs as a user that is neither root nor reserved", () => {
    for (const id of [0, -2, 1, 999, 1000, 65_534, 1.5]) {
      expect(faults({ uid: id })).toEqual(["image.uid FSS.1034"]);
      expect(faults({ gid: id })).toEqual(["image.gid FSS.1034"]);
    }
    expect(faults({ uid: 1001, gid: 65_533 })).toEqual([]);
  });

  test("has at most 5120 characters of command, arguments and folder together", () => {
    const command = ["x".repeat(2000)];
    const args = ["y".repeat(2000)];
    expect(faults({ command, args, workingDir: `/${"z".repeat(1119)}` })).toEqual([]);
    expect(faults({ command, args, workingDir: `/${"z".repeat(1120)}` })).toEqual(["image.command FSS.1034"]);
    expect(faults({ workingDir: "relative" })).toEqual(["image.workingDir FSS.1034"]);
  });

  test("is there where the runtime needs it, and nowhere else", () => {
    const { image, ...without } = spec({});
    expect(image).toBeDefined();
    expect(checkFunction(without).map(({ property }) => property)).toEqual(["image"]);
    expect(faults({}, { runtime: "http", handler: "-" })).toEqual([]);
    expect(faults({}, { runtime: "Python3.12", handler: "index.handler" })).toEqual(["image FSS.1034"]);
    expect(faults({}, { dependencies: ["one"] })).toEqual(["dependencies FSS.1024"]);
  });
});

function body(custom_image: object, more = {}): object {
  const base = { func_name: "shop", package: "default", runtime: "Custom Image", handler: "-" };
  return { ...base, timeout: 3, memory_size: 128, custom_image, ...more };
}

/** What CreateFunction makes of a body, or the faults. */
function read(given: object): FunctionSpec | string[] {
  const result = createFunctionFromWire(given);
  return Array.isArray(result) ? short(result) : result.spec;
}

describe("on the wire", () => {
  test("comes back as it was, commas and all", () => {
    const given = spec({}, { authInHeader: true, runtime: "http" });
    const created = createFunctionFromWire(createFunctionToWire(given, { type: "Custom-Image-Swr" }));
    expect(created).toEqual({ spec: given, code: { type: "Custom-Image-Swr" } });
    expect(updateConfigFromWire(updateConfigToWire(given), given)).toEqual(given);
  });

  test("what is left out has the guide's defaults, and no code is needed", () => {
    expect(read(body({ enabled: true, image: "shop:1" }))).toMatchObject({
      image: { reference: "shop:1", command: [], args: [], workingDir: "", uid: 1003, gid: 1003 },
    });
    const parts = { command: "/bin/sh", args: "-args,value1", working_dir: "/app", uid: "-1", gid: "1500" };
    expect(read(body({ image: "shop:1", ...parts }))).toMatchObject({
      image: { command: ["/bin/sh"], args: ["-args", "value1"], workingDir: "/app", uid: 1003, gid: 1500 },
    });
  });

  test("tells every fault by the wire's names", () => {
    const wrong = body({ image: "https://x", working_dir: "app", uid: "0" });
    expect(read(wrong)).toEqual([
      "custom_image.image FSS.1034",
      "custom_image.working_dir FSS.1034",
      "custom_image.uid FSS.1034",
    ]);
    expect(read(body({ image: "shop", gid: "staff" }))).toEqual([
      "custom_image.gid FSS.1034",
      "custom_image FSS.1034",
    ]);
    expect(read(body({ enabled: false, image: "shop" }, { code_type: "Custom-Image-Swr" }))).toContain(
      "custom_image FSS.1034",
    );
    const zip = { code_type: "zip", func_code: { file: "eA==" } };
    expect(read(body({ image: "shop" }, { runtime: "http", handler: "bootstrap", ...zip }))).toEqual([
      "code_type FSS.1006",
    ]);
  });

  test("a function keeps its kind of code", () => {
    const current = spec({}, { runtime: "http", handler: "bootstrap" });
    const given = { ...updateConfigToWire(current), custom_image: { enabled: false } };
    expect(updateConfigFromWire(given, current)).toMatchObject([
      { property: "custom_image", code: "FSS.1034" },
    ]);
    const other = { ...updateConfigToWire(current), custom_image: { enabled: true, image: "shop:2" } };
    expect(updateConfigFromWire(other, current)).toMatchObject({ image: { reference: "shop:2" } });
  });
});
