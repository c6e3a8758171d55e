import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, eventually, invoke, type Answer } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const CODE = `
exports.echo = async (event, context) => { console.log("line of " + event.n); return event; };
exports.text = async (event, context) => "plain";
exports.none = async (event, context) => undefined;
exports.boom = async (event, context) => { throw new TypeError("no such thing"); };
exports.exit = async (event, context) => { process.exit(3); };
exports.hang = async (event, context) => { for (;;); };
exports.huge = async (event, context) => "x".repeat(7 * 1024 * 1024);
exports.cycle = async (event, context) => { const a = {}; a.a = a; return a; };
exports.memory = async (event, context) => {
  console.log("runs with " + context.getMemorySize() + " MB");
  return context.getMemorySize();
};
exports.chatty = async (event, context) => { for (let n = 0; n < 500; n++) console.log("line " + n); return "ok"; };
`;

let stack: Stack;
let urn: (name: string, qualifier?: string) => string;

beforeAll(async () => {
  stack = await startStack();
  const { projectId } = stack.credential;
  urn = (name, qualifier) =>
    `urn:fss:local:${projectId}:function:default:${name}${qualifier === undefined ? "" : ":" + qualifier}`;
  for (const name of ["echo", "text", "none", "boom", "exit", "hang", "huge", "cycle", "chatty"])
    await stack.deploy({ "index.js": CODE }, { name, handler: `index.${name}` });
  await stack.deploy({ "index.js": CODE }, { name: "memory", handler: "index.memory", dynamicMemory: true });
  await stack.deploy({ "index.js": CODE }, { name: "fixed", handler: "index.memory" });
  await stack.deploy({ "index.js": "syntax error here" }, { name: "broken" });
  await stack.deploy({ "index.js": CODE }, { name: "off", handler: "index.echo", maxInstances: 0 });
});

function eventOf(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('"'), Buffer.alloc(bytes - 2, "a"), Buffer.from('"')]);
}

function memory(name: string, size: string): Promise<Answer> {
  return invoke(stack, urn(name), "{}", { headers: { "X-Cff-Instance-Memory": size } });
}

/** The memory that an asynchronous request ran with, or the code of its refusal. */
async function laterMemory(name: string, size: string): Promise<string> {
  const headers = { "X-Cff-Instance-Memory": size };
  const answer = await invoke(stack, urn(name), "{}", { headers, asynchronous: true });
  if (answer.status !== 202) return codeOf(answer);
  const { request_id: requestId } = JSON.parse(answer.body) as { request_id: string };
  const key = `${stack.credential.projectId}/default/${name}`;
  let log = "";
  await eventually(async () => {
    log = JSON.stringify((await stack.telemetry.logs(key, { requestId })).entries);
    return log.includes("runs with");
  });
  return /runs with (\d+ MB)/.exec(log)?.[1] ?? log;
}

afterAll(() => stack[Symbol.asyncDispose]());

test("v0: the bare result, and every header of the documents", async () => {
  const answer = await invoke(stack, urn("echo"), '{"n": 1}');
  expect([answer.status, answer.body]).toEqual([200, '{"n":1}']);
  expect(answer.headers).toMatchObject({
    "content-type": "application/json",
    "x-cff-response-version": "v0",
    "x-func-err-code": "0",
    "x-is-func-err": "false",
  });
  expect(answer.headers["x-cff-function-log"]).toBeUndefined();
  expect(answer.headers["x-cff-request-id"]).toBe(answer.headers["x-request-id"]);
  const summary = JSON.parse(String(answer.headers["x-cff-invoke-summary"])) as Record<string, number>;
  expect(summary["memorySize"]).toBe(128);
  expect(summary["memoryUsed"]).toBeGreaterThan(1);
  expect(summary["duration"]).toBeGreaterThan(0);
  expect(summary["billingDuration"]).toBe(Math.ceil(summary["duration"] ?? 0));
  expect(answer.headers["x-cff-billing-duration"]).toBe(String(summary["billingDuration"]));
});

test("v0 text and nothing", async () => {
  const text = await invoke(stack, urn("text"), "{}");
  expect([text.body, text.headers["content-type"]]).toEqual(["plain", "text/plain; charset=utf-8"]);
  const none = await invoke(stack, urn("none"), "{}");
  expect([none.status, none.body]).toEqual([200, ""]);
});

test("v1: result as a string, log as plain text", async () => {
  const headers = { "X-CFF-Request-Version": "v1", "X-Cff-Log-Type": "tail" };
  const answer = await invoke(stack, urn("echo"), '{"n": 2}', { headers });
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  expect(body).toMatchObject({
    request_id: answer.headers["x-cff-request-id"],
    result: '{"n":2}',
    status: 200,
  });
  expect(body["log"]).toMatch(
    /Start invoke request '[^']+', version: latest\n(.*\n)*.*line of 2\n.*Finish invoke/,
  );
  const log = Buffer.from(String(answer.headers["x-cff-function-log"]), "base64").toString();
  expect(log).toBe(body["log"]);
});

test("the log tail is bounded", async () => {
  const answer = await invoke(stack, urn("chatty"), "{}", { headers: { "X-Cff-Log-Type": "tail" } });
  const log = Buffer.from(String(answer.headers["x-cff-function-log"]), "base64").toString();
  expect(log.length).toBeLessThanOrEqual(2048);
  expect(log).toContain("line 499");
  expect(log).toMatch(/Finish invoke request .*billing memory: 128MB$/);
});

test.each([
  ["boom", "4002", "no such thing"],
  ["exit", "4014", "exited with code 3"],
  ["hang", "4010", "timed out"],
  ["huge", "4004", "exceeds the limit"],
  ["cycle", "4007", "result is invalid"],
  ["broken", "4001", "function entry exception"],
])("a function that fails by %s is 200 with its inner code and error body", async (name, code, words) => {
  const answer = await invoke(stack, urn(name), "{}");
  expect(answer.status).toBe(200);
  expect([answer.headers["x-is-func-err"], answer.headers["x-func-err-code"]]).toEqual(["true", code]);
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(["errorMessage", "errorType", "stackTrace"]);
  expect(body["errorMessage"]).toMatch(new RegExp(words));
  expect((await invoke(stack, urn("echo"), '{"n": 0}')).status).toBe(200);
});

test("a failure in v1 has status 500", async () => {
  const answer = await invoke(stack, urn("boom"), "{}", { headers: { "X-CFF-Request-Version": "v1" } });
  expect(JSON.parse(answer.body)).toMatchObject({ status: 500, log: "" });
});

test.each([
  ["unknown", undefined, 404, "FSS.1051"],
  ["echo", "v7", 404, "FSS.1052"],
  ["echo", "!blue", 404, "FSS.1053"],
  ["e cho", undefined, 400, "FSS.1309"],
  ["off", undefined, 429, "FSS.0429"],
])("%s:%s is refused", async (name, qualifier, status, code) => {
  const answer = await invoke(stack, encodeURIComponent(urn(name, qualifier)), "{}");
  expect([answer.status, codeOf(answer)]).toEqual([status, code]);
});

test("short names, full URNs and escaped URNs mean the same", async () => {
  for (const name of ["echo", "default:echo", urn("echo", "latest"), encodeURIComponent(urn("echo"))])
    expect((await invoke(stack, name, '{"n":3}')).body).toBe('{"n":3}');
});

test("another region or project is not found", async () => {
  const { projectId } = stack.credential;
  expect((await invoke(stack, `urn:fss:mars:${projectId}:function:default:echo`, "{}")).status).toBe(404);
  expect((await invoke(stack, "urn:fss:local:other:function:default:echo", "{}")).status).toBe(404);
});

test("signatures are checked on every call", async () => {
  const wrong = await invoke(stack, urn("echo"), "{}", { secretKey: "wrong" });
  expect([wrong.status, codeOf(wrong)]).toEqual([401, "FSS.0401"]);
  const without = await invoke(stack, urn("echo"), "{}", { signed: false });
  expect(without.status).toBe(401);
});

test("an event that is not JSON is 400", async () => {
  for (const event of ["{", ""]) {
    const answer = await invoke(stack, urn("echo"), event);
    expect([answer.status, codeOf(answer)]).toEqual([400, "FSS.0400"]);
  }
});

test("6 MB pass, one byte more does not", async () => {
  const limit = 6 * 1024 * 1024;
  const over = await invoke(stack, urn("echo"), eventOf(limit + 1));
  expect([over.status, codeOf(over)]).toEqual([413, "FSS.1201"]);
  const full = await invoke(stack, urn("text"), eventOf(limit));
  expect(full.body).toBe("plain");
});

test("dynamic memory", async () => {
  const large = await memory("memory", "512");
  expect(large.body).toContain("512");
  expect(JSON.parse(String(large.headers["x-cff-invoke-summary"]))).toMatchObject({ memorySize: 512 });
  for (const size of ["500", "384", "512MB", "5e2", "-128", "20480"]) {
    const odd = await memory("memory", size);
    expect([size, odd.status, codeOf(odd)]).toEqual([size, 406, "FSS.0406"]);
  }
  for (const answer of [await memory("memory", ""), await memory("fixed", "500")])
    expect([answer.status, answer.body]).toEqual([200, "128"]);
});

test("dynamic memory of asynchronous requests, which are refused before they are accepted", async () => {
  expect(await laterMemory("memory", "512")).toBe("512 MB");
  expect(await laterMemory("memory", "500")).toBe("FSS.0406");
  expect(await laterMemory("fixed", "512")).toBe("128 MB");
});

test.each(["invocations-async", "reserved-invocations"])("%s: durable before 202, then run", async (call) => {
  const answer = await invoke(stack, urn("echo"), '{"n": "later"}', { call });
  expect(answer.status).toBe(202);
  const { request_id: requestId } = JSON.parse(answer.body) as { request_id: string };
  expect(requestId).toBe(answer.headers["x-cff-request-id"]);
  await eventually(async () => {
    const page = await stack.telemetry.logs(`${stack.credential.projectId}/default/echo`, { requestId });
    return JSON.stringify(page.entries).includes("line of later");
  });
});

test("many asynchronous requests at once are all accepted", async () => {
  const before = stack.store.asyncRequests.count("success");
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => invoke(stack, urn("text"), "{}", { asynchronous: true })),
  );
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 202));
  await eventually(() => stack.store.asyncRequests.count("success") >= before + 50);
});

test.each([
  ["over 256 KB", "x".repeat(256 * 1024 + 1), "echo", "413 FSS.1201"],
  ["that is not JSON", "{", "echo", "400 FSS.0400"],
  ["for no function", "{}", "unknown", "404 FSS.1051"],
  ["for a disabled function", "{}", "off", "429 FSS.0429"],
])("an asynchronous request %s is refused", async (_, text, name, refusal) => {
  const answer = await invoke(stack, urn(name), text, { asynchronous: true });
  expect(`${answer.status} ${codeOf(answer)}`).toBe(refusal);
});

test("nothing went wrong inside", () => {
  expect(stack.problems).toEqual([]);
});

test("what comes too far along a chain of notifications is not run", async () => {
  const headers = { "X-Fungraph-Hops": "17" };
  const answer = await invoke(stack, urn("echo"), "{}", { headers, asynchronous: true });
  expect(answer.status).toBe(202);
  await eventually(() => stack.store.asyncRequests.count("discarded") === 1);
});
