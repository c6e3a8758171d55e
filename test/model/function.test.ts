import { describe, expect, test } from "vitest";
import { checkAlias } from "../../model/alias.ts";
import { type Fault, formatFault } from "../../model/fault.ts";
import { checkFunction, type FunctionSpec, normalizeFunction } from "../../model/function.ts";
import { LIMITS } from "../../model/limits.ts";
import { checkReservedInstances } from "../../model/reserved-instances.ts";
import { RUNTIMES } from "../../model/runtimes.ts";
import { checkTestEvent } from "../../model/test-event.ts";
import { checkApig, checkTimer, checkTrigger } from "../../model/trigger.ts";
import { checkVersion } from "../../model/version.ts";

const SPEC = normalizeFunction({ name: "demo", runtime: "Node.js20.15", handler: "index.handler" });

function short(faults: readonly Fault[]): string[] {
  return faults.map((fault) => `${fault.property} ${fault.code}`);
}

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

describe("versions and aliases", () => {
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
});

describe("test events", () => {
  test.each([
    ["first", "e30=", []],
    ["even-123test", "IngiCg==", []],
    ["a".repeat(26), "e30=", ["name FSS.1074"]],
    ["1a", "e30=", ["name FSS.1074"]],
    ["a", "bm8=", ["content FSS.1074"]],
    ["a", "", ["content FSS.1074"]],
    ["a", Buffer.alloc(6 * 1024 * 1024 + 1, "1").toString("base64"), ["content FSS.1069"]],
  ])("%s", (name, content, expected) => {
    expect(short(checkTestEvent({ name, content }))).toEqual(expected);
  });
});

describe("triggers", () => {
  const timer = { name: "hourly", schedule_type: "Rate", schedule: "1h" } as const;
  const apig = {
    path: "/photo",
    protocol: "HTTPS",
    req_method: "POST",
    group_id: "DEFAULT",
    match_mode: "SWA",
    env_name: "RELEASE",
    env_id: "DEFAULT_ENVIRONMENT_RELEASE_ID",
    auth: "NONE",
    func_info: { timeout: 5000 },
  } as const;

  test("a timer needs a name and a schedule", () => {
    expect(checkTimer(timer)).toEqual([]);
    expect(short(checkTimer({ ...timer, name: "1", schedule: "1y" }))).toEqual([
      "name FSS.1109",
      "schedule FSS.1109",
    ]);
    expect(short(checkTimer({ ...timer, schedule_type: "rate" as "Rate" }))).toEqual([
      "schedule_type FSS.1109",
    ]);
  });

  test.each(["/", "/a", "/a/", "/a/{id}/b", "/a.b~c-d", "/%E4%B8%AD"])("%s is a path", (path) => {
    expect(checkApig({ ...apig, path })).toEqual([]);
  });

  test.each(["", "a", "//", "/a b", "/a?b=1", "/a#b", "/{id", "/中", `/${"x".repeat(512)}`])(
    "%s is none",
    (path) => {
      expect(short(checkApig({ ...apig, path }))).toEqual(["path FSS.1107"]);
    },
  );

  test("an HTTP trigger tells every fault at once", () => {
    const wrong = {
      ...apig,
      name: "1",
      protocol: "FTP" as "HTTP",
      req_method: "get" as "GET",
      match_mode: "x" as "SWA",
      auth: "Iam" as "IAM",
      func_info: { timeout: 600_001 },
    };
    expect(short(checkApig(wrong))).toEqual([
      "name FSS.1107",
      "protocol FSS.1107",
      "req_method FSS.1107",
      "match_mode FSS.1107",
      "auth FSS.1107",
      "func_info.timeout FSS.1107",
    ]);
  });

  test("an HTTP function takes HTTP triggers alone", () => {
    const spec = { type: "TIMER", status: "ACTIVE", eventData: timer } as const;
    expect(checkTrigger(spec, "Python3.10")).toEqual([]);
    expect(short(checkTrigger(spec, "http"))).toEqual(["type FSS.1101"]);
    expect(checkTrigger({ type: "APIG", status: "ACTIVE", eventData: apig }, "http")).toEqual([]);
  });
});

describe("reserved instances", () => {
  const policy = { name: "day", cron: "0 0 8 * * ?", count: 5, startTime: 100, expiredTime: 200 };

  test("a policy has a window, a cron expression and no fewer instances than outside of it", () => {
    expect(checkReservedInstances({ count: 2, idleMode: false, policies: [policy] }, 400)).toEqual([]);
    const wrong = [
      { ...policy, name: "1", cron: "0 0 8", count: 1, expiredTime: 100 },
      { ...policy, count: 401 },
      policy,
    ];
    expect(short(checkReservedInstances({ count: 2, idleMode: true, policies: wrong }, 400))).toEqual([
      "policies[0].name FSS.0400",
      "policies[0].cron FSS.0400",
      "policies[0].expiredTime FSS.0400",
      "policies[0].count FSS.1076",
      "policies[1].count FSS.1076",
      "policies[2].name FSS.0400",
    ]);
  });

  test.each([
    [1000, -1, []],
    [1001, -1, ["count FSS.1076"]],
    [3, 3, []],
    [4, 3, ["count FSS.1076"]],
    [-1, 3, ["count FSS.1076"]],
  ])("%i of a function with at most %i", (count, maxInstances, expected) => {
    expect(short(checkReservedInstances({ count, idleMode: false, policies: [] }, maxInstances))).toEqual(
      expected,
    );
  });
});
