import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApigEventData } from "../../model/trigger.ts";
import { sign } from "../../model/signature.ts";
import { ask, codeOf, exchange } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const CODE = `
exports.echo = async (event, context) => ({
  statusCode: 200,
  headers: { "Content-Type": "application/json", "X-Many": ["a", "b"], Connection: "close", "Content-Length": "3" },
  body: JSON.stringify(event),
  isBase64Encoded: false,
});
exports.raw = async (event, context) => event.queryStringParameters.result === undefined
  ? "just text" : JSON.parse(event.queryStringParameters.result);
exports.boom = async (event, context) => { throw new Error("secret detail"); };
exports.slow = async (event, context) => {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  return { statusCode: 200, headers: {}, body: "late", isBase64Encoded: false };
};
`;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  const deploy = (name: string, change = {}) =>
    stack.deploy({ "index.js": CODE }, { name, handler: `index.${name}`, ...change });
  const echo = await deploy("echo", { concurrency: 8 });
  stack.route(echo.key, { path: "/echo" });
  stack.route(echo.key, { path: "/post", req_method: "POST" });
  stack.route(echo.key, { path: "/user/{id}/{part}" });
  stack.route(echo.key, { path: "/files", match_mode: "SWA" });
  stack.route(echo.key, { path: "/files/special", match_mode: "SWA", req_method: "GET" });
  stack.route(echo.key, { path: "/v2/mine", group_id: "group1" });
  stack.route(echo.key, { path: "/only-in-group", group_id: "group1" });
  stack.route(echo.key, { path: "/twice", group_id: "group1" });
  stack.route(echo.key, { path: "/twice", group_id: "group2" });
  stack.route(echo.key, { path: "/signed", auth: "IAM" });
  stack.route(echo.key, { path: "/later", func_info: { timeout: 5000, invocation_type: "async" } });
  stack.route(echo.key, { path: "/no-version" }, "v9");
  stack.route((await deploy("raw")).key, { path: "/raw" });
  stack.route((await deploy("boom")).key, { path: "/boom" });
  stack.route((await deploy("slow")).key, { path: "/slow", func_info: { timeout: 300 } });
  stack.route((await deploy("off", { handler: "index.echo", maxInstances: 0 })).key, { path: "/off" });
});

afterAll(() => stack[Symbol.asyncDispose]());

interface ApigEvent {
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly pathParameters: Record<string, string>;
  readonly queryStringParameters: Record<string, unknown>;
  readonly requestContext: Record<string, string>;
  readonly httpMethod: string;
  readonly path: string;
  readonly isBase64Encoded: boolean;
}

function eventOf(text: string): ApigEvent {
  return JSON.parse(text) as ApigEvent;
}

test("the event is the documented one", async () => {
  const answer = await ask(`${stack.origin}/echo?a=1&b=x%20y&a=2&q=%22`, {
    method: "POST",
    headers: { "X-Quote": 'say "hi" \\', "X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6" },
    body: Buffer.from([0, 255, 34]),
  });
  expect(answer.status).toBe(200);
  const event = eventOf(answer.body);
  expect(event).toMatchObject({
    body: "AP8i",
    httpMethod: "POST",
    path: "/echo",
    isBase64Encoded: true,
    pathParameters: {},
    queryStringParameters: { a: ["1", "2"], b: "x y", q: '"' },
    requestContext: { stage: "RELEASE", requestId: answer.headers["x-cff-request-id"] },
    headers: {
      "x-quote": 'say "hi" \\',
      "x-forwarded-for": "127.0.0.1",
      "x-real-ip": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-request-id": answer.headers["x-cff-request-id"],
    },
  });
  expect(event.requestContext["apiId"]).toMatch(/./);
});

test.each(["DEDICATEDGATEWAY", "APIC"] as const)(
  "a %s trigger answers, and tells its stage",
  async (type) => {
    const own = stack.store.triggers
      .all()
      .find(({ spec }) => (spec.eventData as ApigEventData).path === "/echo");
    if (own === undefined) throw new Error("no trigger of /echo");
    const path = `/${type.toLowerCase()}`;
    const eventData = { ...own.spec.eventData, path, env_name: 'a "stage"', instance_id: "gateway-1" };
    stack.store.triggers.create(own.key, own.qualifier, { type, status: "ACTIVE", eventData });
    const event = eventOf((await ask(`${stack.origin}${path}`)).body);
    expect(event).toMatchObject({ path, requestContext: { stage: 'a "stage"' } });
  },
);

test("result headers go out, lists as one each, headers of the connection do not", async () => {
  const answer = await ask(`${stack.origin}/echo`);
  expect(answer.headers["x-many"]).toBe("a, b");
  expect(answer.headers["connection"]).toBe("keep-alive");
  expect(Number(answer.headers["content-length"])).toBe(answer.bytes.length);
});

test.each([
  ["/user/7/x%20y", { id: "7", part: "x y" }],
  ["/files/a/b", { "": "a/b" }],
  ["/files", { "": "" }],
  ["/files/special/c", { "": "c" }],
])("path parameters of %s", async (path, parameters) => {
  expect(eventOf((await ask(stack.origin + path)).body).pathParameters).toEqual(parameters);
});

test("the longest prefix wins, and a method it does not take goes to the shorter one", async () => {
  const special = await ask(`${stack.origin}/files/special/c`, { method: "PUT" });
  expect(eventOf(special.body).pathParameters).toEqual({ "": "special/c" });
});

test("404 for no path, 405 with Allow for a wrong method", async () => {
  const missing = await ask(`${stack.origin}/nothing`);
  expect([missing.status, codeOf(missing)]).toEqual([404, "FSS.1138"]);
  const wrong = await ask(`${stack.origin}/post`);
  expect([wrong.status, wrong.headers["allow"]]).toEqual([405, "POST"]);
  expect(wrong.headers["x-cff-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("a Host selects its group, even for paths of the control plane", async () => {
  const inGroup = await ask(`${stack.origin}/v2/mine`, { headers: { Host: "group1.example.com" } });
  expect(eventOf(inGroup.body).path).toBe("/v2/mine");
  expect((await ask(`${stack.origin}/v2/mine`)).status).toBe(418);
  const foreign = await ask(`${stack.origin}/echo`, { headers: { Host: "group1.example.com" } });
  expect(foreign.status).toBe(404);
});

test("without a group's Host a path of one other group is found, one of two is not", async () => {
  expect((await ask(`${stack.origin}/only-in-group`)).status).toBe(200);
  expect((await ask(`${stack.origin}/twice`)).status).toBe(404);
  expect((await ask(`${stack.origin}/twice`, { headers: { Host: "group2" } })).status).toBe(200);
});

test.each([
  ["text", undefined, "it is text"],
  ["a list", "[1]", "it is a list"],
  ["null", "null", "text"],
  ["no fields", "{}", "statusCode is missing"],
  [
    "a status as text",
    '{"statusCode":"200","headers":{},"body":"","isBase64Encoded":false}',
    'statusCode is "200"',
  ],
  ["an object as body", '{"statusCode":200,"headers":{},"body":{},"isBase64Encoded":false}', "body is {}"],
  ["no headers", '{"statusCode":200,"body":"","isBase64Encoded":false}', "headers is missing"],
  [
    "a split header",
    '{"statusCode":200,"headers":{"X-A":"b\\r\\nSet-Cookie: c=d"},"body":"","isBase64Encoded":false}',
    "does not allow",
  ],
  [
    "a bad name",
    '{"statusCode":200,"headers":{"X A":"b"},"body":"","isBase64Encoded":false}',
    "does not allow",
  ],
])("a result that is %s is a 500 that teaches", async (_, result, sentence) => {
  const query = result === undefined ? "" : `?result=${encodeURIComponent(result)}`;
  const answer = await ask(`${stack.origin}/raw${query}`);
  expect([answer.status, codeOf(answer)]).toEqual([500, "FSS.1202"]);
  expect(answer.body).toContain(JSON.stringify(sentence).slice(1, -1));
  expect(answer.headers["set-cookie"]).toBeUndefined();
});

test("base64 bodies, statuses without a body, and HEAD", async () => {
  const result = (value: object) => `${stack.origin}/raw?result=${encodeURIComponent(JSON.stringify(value))}`;
  const bytes = await ask(result({ statusCode: 201, headers: {}, body: "AP8=", isBase64Encoded: true }));
  expect([bytes.status, [...bytes.bytes]]).toEqual([201, [0, 255]]);
  const bare = await ask(result({ statusCode: 200, headers: null, body: "ok", isBase64Encoded: false }));
  expect([bare.status, bare.body]).toEqual([200, "ok"]);
  const none = await ask(result({ statusCode: 204, headers: {}, body: "dropped", isBase64Encoded: false }));
  expect([none.status, none.body, none.headers["content-length"]]).toEqual([204, "", undefined]);
  const head = await ask(`${stack.origin}/echo`, { method: "HEAD" });
  expect([head.status, head.body]).toEqual([200, ""]);
  expect(Number(head.headers["content-length"])).toBeGreaterThan(10);
});

test("a function that throws is a 500 without its details; the log has them", async () => {
  const answer = await ask(`${stack.origin}/boom`);
  expect([answer.status, answer.headers["x-func-err-code"]]).toEqual([500, "4002"]);
  expect(answer.body).not.toContain("secret detail");
  const requestId = String(answer.headers["x-cff-request-id"]);
  const page = await stack.telemetry.logs(`${stack.credential.projectId}/default/boom`, { requestId });
  expect(JSON.stringify(page.entries)).toContain("secret detail");
});

test("the trigger's own timeout answers 504 while the function goes on", async () => {
  const answer = await ask(`${stack.origin}/slow`);
  expect([answer.status, codeOf(answer)]).toEqual([504, "FSS.0504"]);
});

test("a disabled function is 429, a trigger without its version 404", async () => {
  const off = await ask(`${stack.origin}/off`);
  expect([off.status, codeOf(off)]).toEqual([429, "FSS.0429"]);
  const gone = await ask(`${stack.origin}/no-version`);
  expect([gone.status, codeOf(gone)]).toEqual([404, "FSS.1052"]);
});

test("IAM triggers want a signature", async () => {
  const without = await ask(`${stack.origin}/signed`);
  expect([without.status, codeOf(without)]).toEqual([401, "FSS.0401"]);
  const headers = { host: `127.0.0.1:${stack.port}` };
  const signature = sign(
    { method: "GET", path: "/signed", query: "a=1", headers, body: "" },
    stack.credential,
  );
  const signed = await ask(`${stack.origin}/signed?a=1`, { headers: { ...headers, ...signature } });
  expect(signed.status).toBe(200);
});

test("an asynchronous trigger answers 202 after the commit", async () => {
  const answer = await ask(`${stack.origin}/later`, { method: "POST", body: "x" });
  expect(answer.status).toBe(202);
  expect(JSON.parse(answer.body)).toEqual({ request_id: answer.headers["x-cff-request-id"] });
});

test("a body whose event is over 6 MB is refused, a smaller one passes", async () => {
  const over = await ask(`${stack.origin}/echo`, { method: "POST", body: Buffer.alloc(5 * 1024 * 1024) });
  expect([over.status, codeOf(over)]).toEqual([413, "FSS.1201"]);
  const under = await ask(`${stack.origin}/raw`, { method: "POST", body: Buffer.alloc(4 * 1024 * 1024) });
  expect(codeOf(under)).toBe("FSS.1202");
});

test("pipelined requests are answered in order", async () => {
  const last = "GET /files/last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const text = await exchange(
    stack.port,
    "GET /user/1/a HTTP/1.1\r\nHost: a\r\n\r\nGET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" + last,
  );
  expect([...text.matchAll(/HTTP\/1.1 (\d+)/g)].map((match) => match[1])).toEqual(["200", "404", "200"]);
});

test("two lengths in one request are refused", async () => {
  const text = await exchange(
    stack.port,
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  );
  expect(text).toMatch(/^HTTP\/1.1 400/);
});
