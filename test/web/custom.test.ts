import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FunctionSpec } from "../../model/function.ts";
import { invoke } from "../gateway/caller.ts";
import type { Stack } from "../gateway/stack.ts";
import { canIsolate, startSite } from "./site.ts";

const MB = 1024 * 1024;

/** A custom runtime that does what its event says. */
const RUNTIME = `#!/opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node
const http = require("node:http");
const API = "http://" + process.env.RUNTIME_API_ADDR + "/v1/runtime/invocation/";
const send = (method, path, body) => new Promise((resolve, reject) => {
  const request = http.request(API + path, { method }, (response) => {
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
  });
  request.on("error", reject);
  request.end(body);
});
let now = 0;
let most = 0;
const deeds = {
  echo: (id, event) => send("POST", "response/" + id, JSON.stringify(event)),
  headers: (id, event, headers) => send("POST", "response/" + id, JSON.stringify(headers)),
  environment: (id) => send("POST", "response/" + id, JSON.stringify({ ...process.env, cwd: process.cwd() })),
  bytes: (id) => send("POST", "response/" + id, Buffer.from([0, 255, 128, 10])),
  large: (id, event) => send("POST", "response/" + id, Buffer.alloc(event.size, "x")),
  fail: (id) => send("POST", "error/" + id, JSON.stringify({ errorType: "MyError", errorMessage: "went wrong" })),
  text: (id) => send("POST", "error/" + id, "plain words"),
  exit: () => process.exit(9),
  never: () => {},
  print: (id) => { console.log("a line of " + id); return send("POST", "response/" + id, "printed"); },
  async alone(id) {
    now++; most = Math.max(most, now);
    await new Promise((resolve) => setTimeout(resolve, 50));
    now--;
    return send("POST", "response/" + id, String(most));
  },
  async misuse(id) {
    const answers = [
      await send("POST", "response/not-mine", "x"), await send("GET", "response/" + id), await send("POST", "request", "x"),
      await send("POST", "elsewhere", "x"), await send("GET", "../../../.."), await send("GET", "%00//"), await send("POST", "response/%zz", "x"), await send("POST", "response/" + id, "first"),
      await send("POST", "response/" + id, "second"), await send("POST", "error/" + id, "third"),
    ];
    console.log(answers.map(({ status }) => status).join(" "));
  },
};
async function loop() {
  for (;;) {
    const { headers, body } = await send("GET", "request");
    const event = JSON.parse(body);
    await deeds[event.deed](headers["x-cff-request-id"], event, headers);
  }
}
for (let at = 0; at < 4; at++) loop();
`;

/** The guide's own example, with its result made from the event. */
const SHELL = `#!/bin/sh
while true
do
  HEADERS="$(mktemp)"
  EVENT=$(curl -sS -LD "$HEADERS" -X GET "http://$RUNTIME_API_ADDR/v1/runtime/invocation/request")
  REQUEST_ID=$(grep -Fi x-cff-request-id "$HEADERS" | tr -d '[:space:]' | cut -d: -f2)
  if [ -z "$REQUEST_ID" ]; then
    continue
  fi
  curl -s -X POST "http://$RUNTIME_API_ADDR/v1/runtime/invocation/response/$REQUEST_ID" -d "shell got $EVENT"
done
`;

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

describe.skipIf(!canIsolate)("a custom runtime", () => {
  let stack: Stack;

  const deploy = (name: string, bootstrap: string, more: Partial<FunctionSpec> = {}) =>
    stack.deploy(
      { bootstrap },
      { name, runtime: "Custom", handler: "bootstrap", timeoutSeconds: 10, ...more },
    );
  const call = (name: string, event: object, headers = {}) =>
    invoke(stack, name, JSON.stringify(event), { headers });

  beforeAll(async () => {
    stack = await startSite();
    await deploy("one", RUNTIME, { environment: { MINE: "42" } });
    await deploy("many", RUNTIME, { concurrency: 3 });
    await deploy("shell", SHELL);
    await deploy("brief", RUNTIME, { timeoutSeconds: 3 });
  }, 30_000);

  afterAll(() => stack[Symbol.asyncDispose]());

  // The guide's example calls curl.
  test.skipIf(!hasCurl)("in shell, as the guide has it, answers", async () => {
    expect((await call("shell", { a: 1 })).body).toBe('shell got {"a":1}');
    expect((await call("shell", { a: 2 })).body).toBe('shell got {"a":2}');
  });

  test("gets event, request id and credentials, its environment and folder", async () => {
    const event = { deed: "echo", text: "ä☃", list: [1, { deep: true }] };
    expect(JSON.parse((await call("one", event)).body)).toEqual(event);
    const answer = await call("one", { deed: "headers" });
    expect(JSON.parse(answer.body)).toMatchObject({
      "x-cff-request-id": answer.headers["x-cff-request-id"],
      "x-cff-access-key": "",
      "x-cff-secret-key": "",
      "x-cff-security-token": "",
      "x-cff-auth-token": "",
      "x-cff-invoke-type": "sync",
    });
    const environment = JSON.parse((await call("one", { deed: "environment" })).body) as Record<
      string,
      string
    >;
    expect(environment).toMatchObject({
      MINE: "42",
      cwd: "/opt/function",
      RUNTIME_CODE_ROOT: "/opt/function/code",
      RUNTIME_FUNC_NAME: "one",
      RUNTIME_HANDLER: "bootstrap",
    });
    expect(environment["RUNTIME_API_ADDR"]).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(Object.keys(environment).filter((name) => name.startsWith("FUNGRAPH"))).toEqual([]);
  });

  test("results are bytes as they are, up to 6 MB", async () => {
    expect([...(await call("one", { deed: "bytes" })).bytes]).toEqual([0, 255, 128, 10]);
    expect((await call("one", { deed: "large", size: 6 * MB })).bytes.length).toBe(6 * MB);
    const large = await call("one", { deed: "large", size: 6 * MB + 1 });
    expect(large.headers["x-func-err-code"]).toBe("4004");
    expect((await call("one", { deed: "echo" })).status).toBe(200);
  });

  test("errors have the form of every runtime", async () => {
    const failed = await call("one", { deed: "fail" });
    expect(failed.headers["x-func-err-code"]).toBe("4002");
    expect(JSON.parse(failed.body)).toEqual({
      errorMessage: "function invocation exception, error: went wrong",
      errorType: "MyError",
      stackTrace: [],
    });
    expect(JSON.parse((await call("one", { deed: "text" })).body)).toMatchObject({
      errorMessage: "function invocation exception, error: plain words",
      errorType: "UserFunctionError",
    });
  });

  test("an exit is a crash, silence a timeout; both bring a new instance", async () => {
    const exited = await call("one", { deed: "exit" });
    expect(exited.headers["x-func-err-code"]).toBe("4014");
    expect(exited.body).toContain("exited with code 9");
    const silent = await call("brief", { deed: "never" });
    expect(silent.headers["x-func-err-code"]).toBe("4010");
    for (const name of ["one", "brief"]) expect((await call(name, { deed: "echo" })).status).toBe(200);
  });

  test("works on as many requests at once as the function says", async () => {
    for (const [name, most] of [
      ["one", 1],
      ["many", 3],
    ] as const) {
      await call(name, { deed: "echo" });
      const answers = await Promise.all(Array.from({ length: 8 }, () => call(name, { deed: "alone" })));
      expect(Math.max(...answers.map(({ body }) => Number(body)))).toBeLessThanOrEqual(most);
    }
  });

  test("what it prints is the log of its request; misuse is refused", async () => {
    const tail = { "X-Cff-Log-Type": "tail" };
    const printed = await call("one", { deed: "print" }, tail);
    const log = Buffer.from(String(printed.headers["x-cff-function-log"]), "base64").toString();
    expect(log).toContain(`a line of ${String(printed.headers["x-cff-request-id"])}`);
    expect((await call("one", { deed: "misuse" })).body).toBe("first");
  });
});
