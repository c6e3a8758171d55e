import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { ApiError } from "../../client/api-error.ts";
import { type Call, Transport } from "../../client/transport.ts";
import { parseAuthorization, verify } from "../../model/signature.ts";
import { DoubleServer, json } from "./double-server.ts";

const keys = { projectId: "p", accessKey: "AK", secretKey: "SK" };
const get: Call = { method: "GET", path: "/v2/p/fgs/functions" };
const post: Call = { method: "POST", path: "/v2/p/fgs/functions", body: { a: 1 } };

function transport(endpoint: string, more: object = {}): Transport {
  return new Transport({ endpoint, ...keys, backoffMs: 1, ...more });
}

function ask(api: Transport, call: Call): Promise<unknown> {
  return api.json(call, (body) => ({ body })).then((read) => read.body);
}

async function failureOf(work: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error(`expected an ApiError, got ${String(error)}`);
}

describe("signing", () => {
  test("covers path, query and body, with the characters of a URN", async () => {
    await using server = await DoubleServer.start((response) => json(response, 200, {}));
    const path = "/v2/p/fgs/functions/urn:fss:here:p:function:default:hello:!prod/invocations";
    await ask(transport(server.endpoint), {
      ...post,
      path,
      query: { marker: 3, "a b": "ü/?", none: undefined },
    });
    const [heard] = server.heard;
    const [asked, query = ""] = (heard?.url ?? "").split("?");
    const authorization = parseAuthorization(heard?.headers.authorization ?? "");
    const request = {
      method: "POST",
      path: asked ?? "",
      query,
      headers: heard?.headers ?? {},
      body: heard?.body ?? "",
    };
    expect(authorization?.accessKey).toBe("AK");
    expect(authorization && verify(request, authorization, "SK")).toBe(true);
    expect(authorization && verify({ ...request, body: "{}" }, authorization, "SK")).toBe(false);
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({ marker: "3", "a b": "ü/?" });
  });
});

describe("answers", () => {
  test("JSON, and nothing for an empty body", async () => {
    await using server = await DoubleServer.start((response, heard) =>
      heard.method === "DELETE" ? response.writeHead(204).end() : json(response, 200, { count: 2 }),
    );
    const api = transport(server.endpoint);
    expect(await ask(api, get)).toEqual({ count: 2 });
    expect(await ask(api, { ...get, method: "DELETE" })).toBeUndefined();
  });

  test("bytes go out and come back as they are", async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    await using server = await DoubleServer.start((response) => response.end(bytes));
    const api = transport(server.endpoint);
    expect((await api.send({ ...post, body: Buffer.from("raw") })).body).toEqual(bytes);
    expect(server.heard[0]?.body).toBe("raw");
  });

  test("what the platform warns of is told sentence by sentence, what others write is left out", async () => {
    const headers = {
      warning: '299 - "first: \\"x\\", n\\u00e9w", 199 proxy "second", 299 - "broken \\q", nonsense',
    };
    await using server = await DoubleServer.start((response, heard) =>
      response.writeHead(heard.method === "GET" ? 200 : 400, headers).end("{}"),
    );
    const told: string[] = [];
    const api = transport(server.endpoint, { warned: (sentence: string) => told.push(sentence) });
    await ask(api, get);
    expect(told).toEqual(['first: "x", néw', "second"]);
    // A refusal has its own words.
    await failureOf(ask(api, post));
    expect(told).toHaveLength(2);
    await ask(transport(server.endpoint), get);
  });

  test("connections are kept", async () => {
    await using server = await DoubleServer.start((response) => json(response, 200, {}));
    const api = transport(server.endpoint);
    for (let i = 0; i < 5; i += 1) await ask(api, get);
    expect(new Set(server.heard.map((heard) => heard.port)).size).toBe(1);
  });
});

describe("refusals", () => {
  test.each([
    [{ error_code: "FSS.1051", error_msg: "There is no function hello." }],
    [{ error: { code: "FSS.1051", message: "There is no function hello." } }],
  ])("carry code, sentence, status and request id: %j", async (body) => {
    await using server = await DoubleServer.start((response) => json(response, 404, body));
    const error = await failureOf(ask(transport(server.endpoint), get));
    expect(error).toMatchObject({ code: "FSS.1051", status: 404, requestId: "r-1" });
    expect(error.message).toBe("There is no function hello. (FSS.1051)");
  });

  test("from something that is no platform are told as they are", async () => {
    await using server = await DoubleServer.start((response) =>
      response.writeHead(502).end("<h1>Bad Gateway</h1>"),
    );
    const error = await failureOf(ask(transport(server.endpoint), get));
    expect(error).toMatchObject({ code: "", status: 502 });
    expect(error.message).toBe("GET /v2/p/fgs/functions: <h1>Bad Gateway</h1> (HTTP 502)");
  });

  test("an answer that should be JSON and is not", async () => {
    await using server = await DoubleServer.start((response) => response.end("hello"));
    const error = await failureOf(ask(transport(server.endpoint), get));
    expect(error.message).toContain("the answer is not JSON");
  });

  test("an answer that the reader finds faults in", async () => {
    await using server = await DoubleServer.start((response) => json(response, 200, { version: 3 }));
    const fault = {
      property: "version",
      value: 3,
      rule: "must be text",
      fix: "Send text.",
      code: "FSS.0400",
    };
    const error = await failureOf(transport(server.endpoint).json(get, () => [fault]));
    expect(error.message).toContain("the answer is not one of this API: version: 3 — must be text.");
  });

  test("an endpoint that is no address", () => {
    expect(() => transport("localhost:8080")).toThrow(
      'endpoint: "localhost:8080" is not an http or https address. Write it like "http://127.0.0.1:8080".',
    );
  });
});

describe("repeating", () => {
  test.each([429, 503])("%i: a call that changes nothing twice is repeated", async (status) => {
    await using server = await DoubleServer.start((response, _heard, count) =>
      count < 3 ? json(response, status, {}) : json(response, 200, { done: true }),
    );
    expect(await ask(transport(server.endpoint), { ...get, method: "PUT" })).toEqual({ done: true });
    expect(server.heard).toHaveLength(3);
  });

  test("a connection that breaks is tried again, up to a limit", async () => {
    await using server = await DoubleServer.start((response) => response.destroy());
    const error = await failureOf(ask(transport(server.endpoint, { retries: 2 }), get));
    expect(error.status).toBe(0);
    expect(server.heard).toHaveLength(3);
  });

  test.each([500, 404, 429, 503])("a POST that was answered with %i is not repeated", async (status) => {
    await using server = await DoubleServer.start((response) => json(response, status, {}));
    expect((await failureOf(ask(transport(server.endpoint), post))).status).toBe(status);
    expect(server.heard).toHaveLength(1);
  });

  test("a POST whose connection broke is not repeated: it may have been done", async () => {
    await using server = await DoubleServer.start((response) => response.destroy());
    await failureOf(ask(transport(server.endpoint), post));
    expect(server.heard).toHaveLength(1);
  });

  test("a POST that nobody heard is repeated once somebody listens", async () => {
    const port = await freePort();
    const answer = ask(transport(`http://127.0.0.1:${port}`, { retries: 20, backoffMs: 20 }), post);
    await using server = await DoubleServer.startAt(port, (response) => json(response, 200, { done: true }));
    expect(await answer).toEqual({ done: true });
    expect(server.heard).toHaveLength(1);
  });
});

describe("time", () => {
  test("no answer in time: said once, not tried again", async () => {
    await using server = await DoubleServer.start(() => {});
    const error = await failureOf(ask(transport(server.endpoint, { timeoutMs: 50 }), get));
    expect(error.message).toContain("no answer within 50 ms");
    expect(server.heard).toHaveLength(1);
  });

  test("half an answer in time is no answer", async () => {
    await using server = await DoubleServer.start((response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half");
    });
    const error = await failureOf(ask(transport(server.endpoint, { timeoutMs: 50 }), get));
    expect(error.message).toContain("no answer within 50 ms");
  });

  test("a caller that gives up gets its own reason", async () => {
    await using server = await DoubleServer.start(() => {});
    const stop = new AbortController();
    const answer = ask(transport(server.endpoint), { ...get, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 20);
    await expect(answer).rejects.toThrow("enough");
  });

  test("nobody there: the sentence says where it looked and what to do", async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const error = await failureOf(ask(transport(endpoint, { retries: 0 }), get));
    expect(error.message).toContain(`the platform at ${endpoint} gave no answer: connect ECONNREFUSED`);
    expect(error.message).toContain("fungraph platform start");
    expect(error.message).not.toContain("SK");
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
