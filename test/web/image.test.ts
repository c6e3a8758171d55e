import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { ask, codeOf, invoke } from "../gateway/caller.ts";
import { startStack, type Stack } from "../gateway/stack.ts";
import { ImageDouble } from "./image-double.ts";
import { EVENTS, SERVER } from "./site.ts";

const ON_PORT = SERVER.replace('listen(8000, "127.0.0.1")', "listen(process.env.PORT)");

/** The double gives each image a port of its own. */
const IMAGES = {
  "events:1": EVENTS,
  "shop:1": ON_PORT,
  "no-init:1": EVENTS.replace("POST /init", "POST /elsewhere"),
  "slow-init:1": EVENTS.replace('response.end("Hello init")', "setTimeout(() => {}, 1000)"),
  "deaf:1": "setInterval(() => {}, 1000);",
  "ends:1": "console.log('no shop here'); process.exit(4);",
};

describe("a function from a container image (on a double of a driver that runs images)", () => {
  let stack: Stack;
  const driver = new ImageDouble(IMAGES);

  beforeAll(async () => {
    stack = await startStack({ driver, loadTimeoutMs: 1_500 });
    await deploy("events", "events:1", {
      initializer: { handler: "-", timeoutSeconds: 5 },
      environment: { MINE: "42" },
    });
    await deploy("shop", "shop:1", { runtime: "http", concurrency: 8 });
  });

  afterAll(() => stack[Symbol.asyncDispose]());

  async function deploy(name: string, reference: string, more: Partial<FunctionSpec> = {}): Promise<void> {
    const image = { reference, command: [], args: ["-v"], workingDir: "/app", uid: 1003, gid: 1004 };
    const base = { name, runtime: "Custom Image", handler: "-", timeoutSeconds: 5, ...more };
    const key = { projectId: stack.credential.projectId, package: "default", name };
    const digest = createHash("sha512").digest("hex");
    const code = { type: "Custom-Image-Swr", size: 0, digest, filename: "" };
    stack.store.functions.create({ key, spec: { ...normalizeFunction(base), image }, code });
    stack.route(key, { path: `/${name}`, match_mode: "SWA", func_info: { timeout: 20_000 } });
  }

  const call = (name: string, event: object, headers = {}) =>
    invoke(stack, name, JSON.stringify(event), { headers });

  test("of the event form gets /init once and each event at /invoke", async () => {
    const answer = await call("events", { a: 1 }, { "X-Cff-Log-Type": "tail" });
    const result = JSON.parse(answer.body) as Record<string, unknown>;
    expect(result).toMatchObject({
      initialized: 1,
      body: '{"a":1}',
      headers: {
        "x-cff-request-id": answer.headers["x-cff-request-id"],
        "x-cff-func-name": "events",
        "content-type": "application/json",
        "content-length": "7",
      },
      env: { MINE: "42", RUNTIME_FUNC_NAME: "events", RUNTIME_HANDLER: "-" },
    });
    const log = Buffer.from(String(answer.headers["x-cff-function-log"]), "base64").toString();
    expect(log).toContain('receive {"a":1}');
    expect(JSON.parse((await call("events", { a: 2 })).body)).toMatchObject({ initialized: 1 });
    expect([...(await call("events", { deed: "bytes" })).bytes]).toEqual([0, 255]);
    expect(driver.started[0]).toMatchObject({
      reference: "events:1",
      args: ["-v"],
      workingDir: "/app",
      uid: 1003,
      gid: 1004,
      memoryMb: 128,
      cpuMillicores: 300,
    });
  });

  test("of the event form is called asynchronously and through triggers as event functions are", async () => {
    expect((await invoke(stack, "events", "{}", { asynchronous: true })).status).toBe(202);
    const answer = await ask(`${stack.origin}/events/x`);
    // Its result is no HTTP response by the rule of triggers.
    expect([answer.status, codeOf(answer)]).toEqual([500, "FSS.1202"]);
  });

  test("fails apart: by status, by exit", async () => {
    const failed = await call("events", { deed: "fail" });
    expect(failed.headers["x-func-err-code"]).toBe("4002");
    expect(failed.body).toContain("POST /invoke was answered with status 500: it went wrong");
    const exited = await call("events", { deed: "exit" });
    expect(exited.headers["x-func-err-code"]).toBe("4014");
    expect(exited.body).toContain("exited with code 5");
    expect((await call("events", {})).headers["x-func-err-code"]).toBe("0");
  });

  test("of the HTTP form gets requests as they are", async () => {
    const answer = await ask(`${stack.origin}/shop/echo?x=1`, { method: "POST", body: "body" });
    expect(JSON.parse(answer.body)).toMatchObject({ method: "POST", url: "/shop/echo?x=1", bytes: 4 });
  });

  test.each([
    ["nowhere:1", {}, "6001", /no instance could be started: there is no image nowhere:1/],
    ["ends:1", {}, "4001", /exited with code 4/],
    ["deaf:1", {}, "4001", /nothing listens on port 8000 of the container/],
    [
      "no-init:1",
      { initializer: { handler: "-", timeoutSeconds: 1 } },
      "4009",
      /POST \/init was answered with status 404/,
    ],
    [
      "slow-init:1",
      { initializer: { handler: "-", timeoutSeconds: 1 } },
      "4211",
      /no response to \/init within 1000 ms/,
    ],
  ])("%s: what keeps it from starting is told", async (reference, more, code, said) => {
    const name = reference.replace(":1", "");
    await deploy(name, reference, more);
    const answer = await call(name, {});
    if (code === "6001") expect(answer.status).toBe(500);
    else expect(answer.headers["x-func-err-code"]).toBe(code);
    expect(answer.body).toMatch(said);
  });

  test("leaves nothing behind when it is idle, replaced or deleted", async () => {
    const key = `${stack.credential.projectId}/default/shop`;
    await stack.endInstances(key);
    expect((await ask(`${stack.origin}/shop/echo`)).status).toBe(200);
  });
});
