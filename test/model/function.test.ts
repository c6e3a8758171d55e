import { describe, expect, test } from "vitest";
import { formatFault } from "../../model/fault.ts";
import { checkFunction, type FunctionSpec, normalizeFunction } from "../../model/function.ts";
import { LIMITS } from "../../model/limits.ts";
import { RUNTIMES } from "../../model/runtimes.ts";
import { short } from "../support/faults.ts";

const SPEC = normalizeFunction({ name: "demo", runtime: "Node.js20.15", handler: "index.handler" });

const IMAGE = { reference: "shop:1", command: [], args: [], workingDir: "", uid: 1003, gid: 1003 };

function check(change: Partial<FunctionSpec>): string[] {
  return short(checkFunction({ ...SPEC, ...change }));
}

describe("a function", () => {
  test("gets the service's defaults", () => {
    expect(SPEC).toEqual({
      name: "demo",
      package: "default",
      runtime: "Node.js20.15",
      handler: "index.handler",
      memoryMb: 128,
      timeoutSeconds: 3,
      description: "",
      environment: {},
      encryptedEnvironment: {},
      concurrency: 1,
      maxInstances: 400,
      dynamicMemory: false,
    });
    expect(checkFunction(SPEC)).toEqual([]);
  });

  test("with everything set has no faults", () => {
    expect(
      check({
        package: "photos",
        memoryMb: 10_240,
        timeoutSeconds: 259_200,
        description: "x".repeat(512),
        environment: { A_1: "x".repeat(4000) },
        encryptedEnvironment: { B: "y" },
        initializer: { handler: "index.init", timeoutSeconds: 300 },
        preStop: { handler: "index.stop", timeoutSeconds: 90 },
        concurrency: 1000,
        maxInstances: -1,
        dynamicMemory: true,
        executionAgency: "a",
        configurationAgency: "b",
      }),
    ).toEqual([]);
  });

  test("tells every fault at once", () => {
    expect(
      check({
        name: "1demo",
        package: "my package",
        handler: "index",
        initializer: { handler: "other.init", timeoutSeconds: 0 },
        preStop: { handler: "x", timeoutSeconds: 91 },
        memoryMb: 3,
        timeoutSeconds: 2,
        environment: { "1A": "" },
        description: "x".repeat(513),
        concurrency: 0,
        maxInstances: 1001,
      }),
    ).toEqual([
      "name FSS.1002",
      "package FSS.1004",
      "handler FSS.1003",
      "initializer.timeoutSeconds FSS.1405",
      "preStop.handler FSS.1003",
      "preStop.timeoutSeconds FSS.0400",
      "memoryMb FSS.1007",
      "timeoutSeconds FSS.1008",
      "environment.1A FSS.1009",
      "description FSS.1019",
      "concurrency FSS.1026",
      "maxInstances FSS.1026",
    ]);
  });

  test("a fault reads as a sentence that says what to type", () => {
    expect(checkFunction({ ...SPEC, memoryMb: 200, name: "my function!" }).map(formatFault)).toEqual([
      'name: "my function!" — must start with a letter, end with a letter or digit, and have letters, digits, _ and - only. Write "my-function", for example. (FSS.1002)',
      "memoryMb: 200 — must be one of 128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10240. Use 256, for example. (FSS.1007)",
    ]);
  });
});

describe("numbers", () => {
  test.each([
    [{ timeoutSeconds: 3 }, []],
    [{ timeoutSeconds: 3.5 }, ["timeoutSeconds FSS.1008"]],
    [{ timeoutSeconds: 259_201 }, ["timeoutSeconds FSS.1008"]],
    [{ timeoutSeconds: Number.NaN }, ["timeoutSeconds FSS.1008"]],
    [{ memoryMb: 129 }, ["memoryMb FSS.1007"]],
    [{ maxInstances: 0 }, []],
    [{ maxInstances: -2 }, ["maxInstances FSS.1026"]],
    [{ concurrency: 1001 }, ["concurrency FSS.1026"]],
  ])("%j", (change, expected) => {
    expect(check(change)).toEqual(expected);
  });

  test.each(LIMITS.memorySizesMb)("%i MB is a memory size", (memoryMb) => {
    expect(check({ memoryMb })).toEqual([]);
  });
});

describe("handlers", () => {
  const EXAMPLES: Readonly<Record<string, [good: string[], bad: string[]]>> = {
    "Node.js20.15": [
      ["index.handler", "my-fn.$h", "a_b.c1"],
      ["index", "src/index.handler", ".handler", "index.", "a.b.c", "index.1x", ""],
    ],
    "Python3.10": [["index.handler"], ["index:handler", "index handler"]],
    Java17: [
      ["com.example.Greeter.greet", "a.B.c"],
      ["Greeter.greet", "com..G.g", "com.example.Greeter::greet"],
    ],
    "Go1.x": [
      ["handler", "my-handler.bin"],
      ["bin/handler", "", "a b"],
    ],
    "Go1.8": [["testplugin.Handler"], ["a/b"]],
    "C#(.NET Core 6.0)": [["Greeter::Example.Greeter::Greet"], ["Greeter.Greet", "A::B::C"]],
    "PHP8.3": [["index.handler"], ["index"]],
    http: [["bootstrap"], ["index.handler", "-"]],
    Custom: [
      ["bootstrap", "index.handler"],
      ["", "a b"],
    ],
    "Custom Image": [["-"], [""]],
  };

  test.each(Object.entries(EXAMPLES))("of %s", (runtime, [good, bad]) => {
    const image = runtime === "Custom Image" ? { image: IMAGE } : {};
    for (const handler of good) expect(check({ runtime, handler, ...image })).toEqual([]);
    for (const handler of bad) expect(check({ runtime, handler, ...image })).toEqual(["handler FSS.1003"]);
  });

  test("have at most 128 characters", () => {
    expect(check({ handler: `${"x".repeat(126)}.h` })).toEqual([]);
    expect(check({ handler: `${"x".repeat(127)}.h` })).toEqual(["handler FSS.1003"]);
  });

  test("a heartbeat method is one of the handler's class, of Java alone", () => {
    const java = { runtime: "Java17", handler: "demo.Hello.handle" };
    const checkJava = (handler: string): string[] => check({ ...java, heartbeat: { handler } });
    expect(checkJava("demo.Hello.heartbeat")).toEqual([]);
    expect(checkJava("heartbeat")).toEqual(["heartbeat.handler FSS.1003"]);
    expect(checkJava("demo.Other.heartbeat")).toEqual(["heartbeat.handler FSS.1003"]);
    expect(checkJava(`demo.Hello.${"h".repeat(120)}`)).toEqual(["heartbeat.handler FSS.1003"]);
    expect(check({ heartbeat: { handler: "index.heartbeat" } })).toEqual(["heartbeat.handler FSS.1003"]);
  });

  test("the initializer stands in the file of the handler", () => {
    expect(check({ initializer: { handler: "index.init", timeoutSeconds: 1 } })).toEqual([]);
    expect(check({ initializer: { handler: "other.init", timeoutSeconds: 1 } })).toEqual([
      "initializer.handler FSS.1404",
    ]);
  });

  test.each([
    ["Java11", "demo.Hello.handler", "demo.Hello.init", "demo.Other.init"],
    ["C#(.NET Core 3.1)", "Hello::Demo.Hello::Run", "Hello::Demo.Hello::Init", "Hello::Demo.Other::Init"],
  ])("in %s it stands in the handler's class", (runtime, handler, own, other) => {
    expect(check({ runtime, handler, initializer: { handler: own, timeoutSeconds: 1 } })).toEqual([]);
    const faults = checkFunction({
      ...SPEC,
      runtime,
      handler,
      initializer: { handler: other, timeoutSeconds: 1 },
    });
    expect(faults).toMatchObject([
      {
        property: "initializer.handler",
        code: "FSS.1404",
        fix: expect.stringContaining(`write "${own}"`) as string,
      },
    ]);
  });
});

describe("runtimes", () => {
  test.each(RUNTIMES.map((runtime) => runtime.name))("%s is known", (runtime) => {
    expect(check({ runtime })).not.toContain("runtime FSS.1005");
  });

  test("a wrong one is answered with those that are near", () => {
    const [fault] = checkFunction({ ...SPEC, runtime: "python3.11" });
    expect(fault).toMatchObject({ code: "FSS.1005" });
    expect(fault?.fix).toBe("Use one of Python2.7, Python3.6, Python3.9, Python3.10, Python3.12.");
    expect(checkFunction({ ...SPEC, runtime: "" })[0]?.fix).toContain("Node.js20.15");
  });
});

describe("environment variables", () => {
  test.each([
    "RUNTIME_PROJECT_ID",
    "RUNTIME_FUNC_NAME",
    "RUNTIME_FUNC_VERSION",
    "RUNTIME_PACKAGE",
    "RUNTIME_HANDLER",
    "RUNTIME_TIMEOUT",
    "RUNTIME_USERDATA",
    "RUNTIME_CPU",
    "RUNTIME_MEMORY",
    "RUNTIME_MAX_RESP_BODY_SIZE",
    "RUNTIME_INITIALIZER_HANDLER",
    "RUNTIME_INITIALIZER_TIMEOUT",
    "RUNTIME_ROOT",
    "RUNTIME_CODE_ROOT",
    "RUNTIME_LOG_DIR",
    "RUNTIME_API_ADDR",
  ])("%s is the platform's", (key) => {
    expect(check({ environment: { [key]: "x" } })).toEqual([`environment.${key} FSS.1009`]);
    expect(check({ encryptedEnvironment: { [key]: "x" } })).toEqual([`encryptedEnvironment.${key} FSS.1009`]);
  });

  test.each(["a", "A1_b", "z_"])("%s is a key", (key) => {
    expect(check({ environment: { [key]: "x" } })).toEqual([]);
  });

  test.each(["", "1a", "_a", "a-b", "a.b", "ä"])("%j is no key", (key) => {
    expect(check({ environment: { [key]: "x" } })).toHaveLength(1);
  });

  test("both kinds together have at most 4096 characters, emoji counting one", () => {
    const environment = { A: "x".repeat(2000) };
    expect(check({ environment, encryptedEnvironment: { B: "😀".repeat(2094) } })).toEqual([]);
    expect(check({ environment, encryptedEnvironment: { B: "😀".repeat(2095) } })).toEqual([
      "environment FSS.1009",
    ]);
  });

  test("one variable has one kind, and no NUL in it", () => {
    expect(check({ environment: { A: "1" }, encryptedEnvironment: { A: "2" } })).toEqual([
      "encryptedEnvironment.A FSS.1009",
    ]);
    expect(check({ environment: { A: "a\0b" } })).toEqual(["environment.A FSS.1009"]);
  });

  test("a number is no value, whoever got it past the compiler", () => {
    const environment = { PORT: 8080 } as unknown as Record<string, string>;
    expect(check({ environment })).toEqual(["environment.PORT FSS.1009"]);
  });

  test("faults never show an encrypted value", () => {
    const secret = "hunter2\0";
    const encryptedEnvironment = {
      "1A": secret,
      RUNTIME_CPU: secret,
      B: secret,
      C: `${secret}${"x".repeat(5000)}`,
    };
    const faults = checkFunction({ ...SPEC, environment: { B: "" }, encryptedEnvironment });
    expect(faults.length).toBeGreaterThan(5);
    expect(JSON.stringify(faults)).not.toContain("hunter2");
  });
});
