import { connect } from "node:net";

import { afterAll, beforeAll, expect, test } from "vitest";

import { sign } from "../../model/signature.ts";
import { TestApi } from "./fixtures.ts";

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start({
    extras: new Map([["/fungraph/v1/broken", () => Promise.reject(new Error("secret detail"))]]),
  });
  await api.create("demo");
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

/** Bytes over a bare socket; the text of what came back until the end. */
function raw(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(api.url).port), "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (/\r\n\r\n[^]*\}$/.test(text)) socket.end();
    });
    socket.on("close", () => resolve(text)).on("error", reject);
  });
}

test("requests that are not signed, or signed for another project, are refused in the wire form", async () => {
  const response = await fetch(`${api.url}${api.root}/functions`);
  expect(response.status).toBe(401);
  expect(response.headers.get("x-request-id")).toBeTruthy();
  expect(await response.json()).toEqual({
    error_code: "FSS.0401",
    error_msg: expect.stringContaining("not signed"),
  });
  expect(await api.send("GET", "/v2/other/fgs/functions")).toMatchObject({
    status: 403,
    body: { error_code: "FSS.0403" },
  });
});

test("SignedHeaders with names that every object has are refused, not an error of the platform", async () => {
  const path = `${api.root}/functions`;
  const headers = { host: api.host };
  const { authorization, "x-sdk-date": date } = sign(
    { method: "GET", path, query: "", headers, body: "" },
    api.credential,
  );
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    const response = await fetch(api.url + path, {
      headers: { "x-sdk-date": date, authorization: authorization.replace("host;", `host;${name};`) },
    });
    expect(response.status).toBe(401);
  }
});

test("a body changed on its way is refused, and nothing is done", async () => {
  const headers = { host: api.host, "content-type": "application/json" };
  const path = `${api.root}/functions/${api.urn("demo")}`;
  const signed = sign({ method: "DELETE", path, query: "", headers, body: "" }, api.credential);
  const response = await fetch(api.url + path, {
    method: "DELETE",
    headers: { ...signed, "content-type": "application/json" },
    body: "x",
  });
  expect(response.status).toBe(401);
  expect((await api.call("GET", `/functions/${api.urn("demo")}/config`)).status).toBe(200);
});

test.each([
  ["GET /nothing", 404, "FSS.0404", "is no path of this platform"],
  ["PATCH /functions", 404, "FSS.0404", "PATCH is no method of"],
  ["GET /functions/%E0%A4%A/config", 400, "FSS.1309", "is not the URN of a function"],
  [
    "GET /functions/urn:fss:elsewhere:x:function:default:demo/config",
    403,
    "FSS.0403",
    "is of another project",
  ],
  ["GET /functions/none/config", 404, "FSS.1051", "There is no function"],
])("%s is refused with its own sentence", async (line, status, code, sentence) => {
  const [method = "", path = ""] = line.split(" ");
  expect(await api.call(method, path)).toMatchObject({
    status,
    body: { error_code: code, error_msg: expect.stringContaining(sentence) },
  });
});

test("short forms of a URN name the same function", async () => {
  for (const name of [
    "demo",
    "default:demo",
    `${api.credential.projectId}:default:demo:latest`,
    encodeURIComponent(api.urn("demo")),
  ]) {
    expect((await api.call("GET", `/functions/${name}/config`)).status).toBe(200);
  }
});

test.each(["{", "nul", "\u0000", '{"func_name":', "[1,", Buffer.from([0xff, 0xfe, 0x7b])])(
  "%j is no JSON: FSS.0400",
  async (text) => {
    expect(await api.call("POST", "/functions", Buffer.from(text))).toMatchObject({
      status: 400,
      body: { error_code: "FSS.0400", error_msg: expect.stringContaining("is not JSON in UTF-8") },
    });
  },
);

test("an error of the platform itself shows an id and keeps its reason in the platform's own log", async () => {
  const { status, body } = await api.send("GET", "/fungraph/v1/broken");
  expect([status, body["error_code"]]).toEqual([500, "FSS.0500"]);
  expect(body["error_msg"]).not.toContain("secret detail");
  const [line] = api.log.splice(0);
  expect(line).toContain("secret detail");
  const id = /id (\S+);/.exec(body["error_msg"] ?? "")?.[1] ?? "none";
  expect(line).toContain(id);
});

test("a body that is announced too large is refused without being read to its end", async () => {
  const path = `${api.root}/functions/${api.urn("demo")}/config`;
  const headers = { host: api.host };
  const { authorization, "x-sdk-date": date } = sign(
    { method: "PUT", path, query: "", headers, body: "" },
    api.credential,
  );
  const text = await raw(
    `PUT ${path} HTTP/1.1\r\nHost: ${api.host}\r\nX-Sdk-Date: ${date}\r\nAuthorization: ${authorization}\r\nContent-Length: 99999999999\r\n\r\n{`,
  );
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text).toContain("FSS.0413");
  expect(text).toContain("Connection: close");
});

test("a caller that goes away in the middle of a body leaves the platform serving", async () => {
  const path = `${api.root}/functions`;
  const { authorization, "x-sdk-date": date } = sign(
    { method: "POST", path, query: "", headers: { host: api.host }, body: "" },
    api.credential,
  );
  const socket = connect(Number(new URL(api.url).port), "127.0.0.1");
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: ${api.host}\r\nX-Sdk-Date: ${date}\r\nAuthorization: ${authorization}\r\nContent-Length: 500000\r\n\r\n{`,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.destroy();
  expect((await api.call("GET", "/functions")).status).toBe(200);
  expect(api.log).toEqual([]);
});

test("a body that drips is cut off with FSS.0408, and many large ones at once with FSS.0503", async () => {
  await using slow = await TestApi.start({ bodies: { deadlineMs: 100, heldBytes: 1000 } });
  const path = `${slow.root}/functions/x/config`;
  const signed = sign(
    { method: "PUT", path, query: "", headers: { host: slow.host }, body: "" },
    slow.credential,
  );
  const socket = connect(Number(new URL(slow.url).port), "127.0.0.1");
  socket.write(
    `PUT ${path} HTTP/1.1\r\nHost: ${slow.host}\r\nX-Sdk-Date: ${signed["x-sdk-date"]}\r\nAuthorization: ${signed.authorization}\r\nContent-Length: 500\r\n\r\n{`,
  );
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  expect(text).toMatch(/^HTTP\/1\.1 408 [^]*FSS\.0408/);
  expect(await slow.send("PUT", path, Buffer.alloc(2000, 32))).toMatchObject({
    status: 503,
    body: { error_code: "FSS.0503" },
  });
});

test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
  "the name %s is a name like any other",
  async (name) => {
    await using own = await TestApi.start();
    const variables = `{${JSON.stringify(name)}:""}`;
    expect(
      (await own.create("first", { encrypted_user_data: variables, user_data: `{"x":"1"}` })).status,
    ).toBeLessThan(500);
    const urn = own.urn("first");
    const calls: [string, string, unknown?][] = [
      ["GET", `/triggers/${urn}/${name}/${name}`],
      ["POST", `/triggers/${urn}`, { trigger_type_code: name, event_data: {} }],
      [
        "POST",
        `/triggers/${urn}`,
        { trigger_type_code: "TIMER", event_data: { name, schedule_type: name, schedule: name } },
      ],
      [
        "PUT",
        `/functions/${urn}/config`,
        { func_name: "first", runtime: name, encrypted_user_data: variables },
      ],
      [
        "POST",
        `/functions/${urn}/aliases`,
        { name, version: "latest", additional_version_weights: JSON.parse(`{"${name}":5}`) },
      ],
      ["POST", `/functions/${urn}/versions`, { version: name }],
      ["GET", `/functions/${urn}/events/${name}`],
      ["GET", `/functions/${name}/config`],
      ["GET", `/${name}`],
    ];
    for (const one of calls) {
      const { status } = await own.call(...one);
      expect([one, status < 500]).toEqual([one, true]);
    }
    expect(own.log).toEqual([]);
  },
);

test.each([
  ["brackets", "[[],".repeat(200_000), "nested at most 64 deep"],
  ["values", `{"a":[${"[],".repeat(200_000)}0]}`, "at most 100000 values"],
  [
    "names",
    `{${Array.from({ length: 30_000 }, (_, at) => `"name-${at}":${at}`).join(",")}}`,
    "10000 different names",
  ],
])("a settings body of many %s is refused before it is read", async (_name, text, rule) => {
  const { status, body } = await api.call("PUT", `/functions/${api.urn("demo")}/config`, Buffer.from(text));
  expect([status, body["error_code"]]).toEqual([400, "FSS.0400"]);
  expect(body["error_msg"]).toContain(rule);
});
