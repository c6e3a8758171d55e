import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FunctionSpec } from "../../model/function.ts";
import { ask, eventually, invoke } from "../gateway/caller.ts";
import type { Stack } from "../gateway/stack.ts";
import { canIsolate, deploySite, SERVER, START_NODE, startSite } from "./site.ts";

/** An ELF header for another processor (AArch64). */
const OTHER_MACHINE = Buffer.from(
  `\u007fELF\u0002\u0001\u0001${"\0".repeat(9)}\u0002\0\u00b7\0\u0001\0\0\0`,
  "latin1",
).toString("latin1");

describe.skipIf(!canIsolate)("the start of a program of the function's own", () => {
  let stack: Stack;
  let made = 0;

  beforeAll(async () => {
    stack = await startSite();
  }, 30_000);

  afterAll(() => stack[Symbol.asyncDispose]());

  /** Calls a new function; gives the inner code and the message of its failure. */
  async function failure(runtime: string, files: Record<string, string>, more: Partial<FunctionSpec> = {}) {
    const name = `broken-${(made += 1)}`;
    await stack.deploy(files, { name, runtime, handler: "bootstrap", ...more });
    const answer = await invoke(stack, name, JSON.stringify({ path: "/" }));
    const { errorMessage, errorType } = JSON.parse(answer.body) as Record<string, string>;
    return { code: answer.headers["x-func-err-code"], message: errorMessage, type: errorType };
  }

  test.each(["http", "Custom"])("%s: faults of the file bootstrap are told apart", async (runtime) => {
    const missing = await failure(runtime, { "index.js": "" });
    expect(missing).toMatchObject({ code: "4001", type: "FunctionLoadError" });
    expect(missing.message).toMatch(
      /^function entry exception, error: there is no file bootstrap at the root/,
    );
    expect((await failure(runtime, { "bootstrap/inside": "" })).message).toMatch(/cannot be read/);
    const windows = await failure(runtime, { bootstrap: "#!/bin/sh\r\nsleep 9\r\n" });
    expect(windows.message).toMatch(/carriage return/);
    const interpreter = await failure(runtime, { bootstrap: "#!/usr/bin/nobody -x\n" });
    expect(interpreter.message).toMatch(/does not exist here: \/usr\/bin\/nobody/);
  });

  test.each(["http", "Custom"])(
    "%s: a program that ends before it is ready failed to load",
    async (runtime) => {
      const exited = await failure(runtime, { bootstrap: "#!/bin/sh\necho giving up\nexit 3\n" });
      expect(exited).toMatchObject({ code: "4001" });
      expect(exited.message).toMatch(/bootstrap exited with code 3 before it was ready/);
      const killed = await failure(runtime, { bootstrap: "#!/bin/sh\nkill -SEGV $$\n" });
      expect(killed.message).toMatch(/was ended by signal SIGSEGV/);
    },
  );

  test("a custom runtime must be executable and a program", async () => {
    const text = await failure("Custom", { bootstrap: "echo no first line\n" });
    expect(text.message).toMatch(/not executable|neither a Linux program nor a script/);
    const other = await failure("Custom", { bootstrap: `#!/bin/sh\n` + OTHER_MACHINE });
    expect(other.code).toBe("4001");
  });

  test("with an initializer the wait is the initialization, with its own time", async () => {
    const initializer = { handler: "bootstrap", timeoutSeconds: 1 };
    for (const runtime of ["http", "Custom"]) {
      const late = await failure(runtime, { bootstrap: "#!/bin/sh\nsleep 60\n" }, { initializer });
      expect(late.code).toBe("4009");
      expect(late.message).toMatch(
        /function initialization exception, error: (nothing listens|.*asked for no request)/,
      );
      const exited = await failure(runtime, { bootstrap: "#!/bin/sh\nexit 4\n" }, { initializer });
      expect(exited.message).toMatch(/exited with code 4/);
    }
  });

  test.each([
    [
      "3000, '127.0.0.1'",
      /listens on 127\.0\.0\.1:3000, but not on 127\.0\.0\.1:8000\. Let it listen on port 8000/,
    ],
    ["8000, '::1'", /listens on \[::1\]:8000, but not on 127\.0\.0\.1:8000\. Bind it to 127\.0\.0\.1/],
  ])("a server that listens on %s is told where it should", async (where, said) => {
    const initializer = { handler: "bootstrap", timeoutSeconds: 2 };
    const code = `require("http").createServer().listen(${where});`;
    const wrong = await failure("http", { bootstrap: START_NODE, "server.js": code }, { initializer });
    expect(wrong.message).toMatch(said);
  });

  test("a server that is slow to listen is waited for", async () => {
    const slow = `setTimeout(() => { ${SERVER} }, 700);`;
    await deploySite(stack, "slow", slow, { initializer: { handler: "bootstrap", timeoutSeconds: 5 } });
    expect((await ask(`${stack.origin}/slow/echo`)).status).toBe(200);
  });

  test("the server is asked to end, and may take its pre-stop time", async () => {
    const last = `process.on("SIGTERM", () => { console.log("closing the shop"); setTimeout(() => process.exit(0), 300); });`;
    const key = await deploySite(stack, "polite", SERVER + last, {
      preStop: { handler: "bootstrap", timeoutSeconds: 5 },
    });
    expect((await ask(`${stack.origin}/polite/echo`)).status).toBe(200);
    const functionKey = `${key.projectId}/${key.package}/${key.name}`;
    await stack.endInstances(functionKey);
    await eventually(async () => {
      await stack.telemetry.flush();
      return JSON.stringify((await stack.telemetry.logs(functionKey, {})).entries).includes(
        "closing the shop",
      );
    });
  });
});
