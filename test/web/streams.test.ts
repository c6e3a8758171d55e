import { createHash } from "node:crypto";
import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, type Answer, codeOf, eventually, exchange, invoke } from "../gateway/caller.ts";
import type { Stack } from "../gateway/stack.ts";
import { canIsolate, deploySite, SERVER, startSite, type Seen } from "./site.ts";

const MB = 1024 * 1024;

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly bytes: number;
  readonly sha: string;
}

/** The next piece of a response. */
async function piece(response: IncomingMessage): Promise<string> {
  for (;;) {
    const chunk = response.read() as Buffer | null;
    if (chunk !== null) return chunk.toString();
    await once(response, "readable");
  }
}

/** A plain request. */
function get(path: string): string {
  return `GET /web/${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
}

describe.skipIf(!canIsolate)("an HTTP function behind its trigger", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startSite();
    await deploySite(stack, "web", SERVER, { concurrency: 16, memoryMb: 256 });
    await deploySite(stack, "single", SERVER, { authInHeader: true });
  }, 30_000);

  afterAll(() => stack[Symbol.asyncDispose]());

  const single = (path: string): Promise<Answer> => ask(`${stack.origin}/single/${path}`);
  const names = async (path: string): Promise<string> =>
    (JSON.parse((await ask(stack.origin + path)).body) as Echo).headers.join(" ");
  const url = (path: string): string => `${stack.origin}/web/${path}`;
  const seen = async (): Promise<Seen> => JSON.parse((await ask(url("seen"))).body) as Seen;

  /** A request whose body is sent by hand, and the head of its response. */
  async function open(path: string, method: string, headers = {}): Promise<[ClientRequest, IncomingMessage]> {
    const sent = request(url(path), { method, headers });
    sent.on("error", () => undefined);
    sent.flushHeaders();
    if (method === "GET") sent.end();
    else sent.write("begin,");
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return [sent, response];
  }

  test("gets every method, path, query and body as they are", async () => {
    const body = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const path = `echo/%C3%A4/a%20b;c?x=1&x=2&empty=&%zz`;
      const sends = method !== "GET" && method !== "OPTIONS";
      const answer = await ask(url(path), {
        method,
        ...(sends && { body, headers: { "Content-Length": body.length } }),
      });
      const echo = JSON.parse(answer.body) as Echo;
      expect(answer.status).toBe(200);
      expect(echo).toMatchObject({ method, url: `/web/${path}`, bytes: sends ? body.length : 0 });
      if (sends) expect(echo.sha).toBe(createHash("sha256").update(body).digest("hex"));
    }
  });

  test("gets the platform's headers, and nobody else can say them", async () => {
    const forged = { "X-Cff-Request-Id": "mine", "x-cff-anything": "forged", "X-Forwarded-For": "6.6.6.6" };
    const headers = { ...forged, Connection: "X-Hop", "X-Hop": "1", TE: "trailers", "X-Own": "kept" };
    const answer = await ask(url("echo"), { headers });
    const list = (JSON.parse(answer.body) as Echo).headers;
    const got = new Map<string, string[]>();
    for (let at = 0; at < list.length; at += 2) {
      const name = (list[at] ?? "").toLowerCase();
      got.set(name, [...(got.get(name) ?? []), list[at + 1] ?? ""]);
    }
    expect(Object.fromEntries(got)).toMatchObject({
      "x-cff-request-id": [answer.headers["x-cff-request-id"]],
      "x-cff-memory": ["256"],
      "x-cff-timeout": ["10"],
      "x-cff-func-version": ["latest"],
      "x-cff-func-name": ["web"],
      "x-cff-project-id": [stack.credential.projectId],
      "x-cff-package": ["default"],
      "x-cff-region": ["local"],
      "x-forwarded-for": ["127.0.0.1"],
      "x-own": ["kept"],
      host: [`127.0.0.1:${stack.port}`],
    });
    for (const name of ["x-cff-anything", "x-hop", "te"]) expect(got.has(name)).toBe(false);
  });

  test("gets credentials in headers only when it is set so", async () => {
    const four =
      /x-cff-auth-token .*x-cff-security-access-key .*x-cff-security-secret-key .*x-cff-security-token/;
    expect(await names("/single/echo")).toMatch(four);
    expect(await names("/web/echo")).not.toMatch(/x-cff-(auth|security)/);
  });

  test("answers with its own headers, but not with those of one connection", async () => {
    const { headers } = await ask(url("echo"));
    expect(headers["set-cookie"]).toEqual(["a=1", "b=2"]);
    expect(headers["x-private"]).toBeUndefined();
    expect(headers.date).not.toContain("1970");
  });

  test.each(["halves", "counted"])("%s: the first half arrives before the second is made", async (path) => {
    for (const method of ["GET", "POST"]) {
      const [sent, response] = await open(path, method);
      expect(await piece(response)).toBe("first,");
      sent.end();
      await ask(url("go"));
      expect(await piece(response)).toBe("second");
    }
  });

  test("a head arrives before there is any body", async () => {
    const [, response] = await open("head", "GET");
    expect(response.statusCode).toBe(200);
    await ask(url("go"));
    expect(await piece(response)).toBe("late");
  });

  test("a request arrives while it is still sent", async () => {
    const [sent, response] = await open("mirror", "POST");
    expect(await piece(response)).toBe("begin,");
    sent.end("end");
    expect(await piece(response)).toBe("end");
  });

  test("one connection carries chunked, counted and empty replies one after another", async () => {
    const paths = [
      "bytes?size=3",
      "status?code=204",
      "bytes?size=4&known",
      "status?code=304",
      "bytes?size=0",
    ];
    const got = await exchange(
      stack.port,
      paths.map(get).join(""),
      /304 [^]*\r\n\r\n[^]*HTTP\/1.1 200[^]*\r\n\r\n/,
    );
    const bodies = got.split(/HTTP\/1\.1 (?=\d)/).slice(1);
    expect(bodies.map((one) => Number(one.slice(0, 3)))).toEqual([200, 204, 200, 304, 200]);
    expect(bodies[0]).toMatch(/Transfer-Encoding: chunked[^]*\r\n\r\n3\r\nxxx\r\n0\r\n\r\n$/);
    expect(bodies[1]).not.toMatch(/Content-Length|Transfer-Encoding/);
    expect(bodies[2]).toMatch(/Content-Length: 4\r\n\r\nxxxx$/);
    expect(bodies[3]).not.toMatch(/Transfer-Encoding/);
  });

  test("a chunked reply that comes at once is whole, whichever way its request came", async () => {
    for (const method of ["GET", "POST", "PROPFIND"])
      for (let round = 0; round < 3; round++)
        expect((await ask(url("bytes?size=3"), { method })).body).toBe("xxx");
  });

  test("HEAD has a head alone, trailers and early hints pass or stay behind", async () => {
    expect(await ask(url("bytes?size=9&known"), { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect((await ask(url("hints"))).body).toBe("after hints");
    const [, response] = await open("trailers", "POST", { TE: "trailers" });
    response.resume();
    await once(response, "end");
    expect(response.trailers).toEqual({ "x-sum": "42" });
  });

  test("a large response is whole; one beyond 6 MB is refused or broken off", async () => {
    expect((await ask(url(`bytes?size=${6 * MB}`))).bytes.length).toBe(6 * MB);
    const known = await ask(url(`bytes?size=${6 * MB + 1}&known`));
    expect(known).toMatchObject({ status: 500, headers: { "x-func-err-code": "4004" } });
    await expect(ask(url(`bytes?size=${7 * MB}`))).rejects.toThrow(/aborted|ECONNRESET|hang up/);
    await expect(ask(url(`bytes?size=${7 * MB}`), { method: "POST" })).rejects.toThrow(/aborted|ECONNRESET/);
  });

  test("a request beyond 6 MB is refused, whether its length is known or not", async () => {
    const body = Buffer.alloc(6 * MB + 1);
    const known = await ask(url("echo"), { method: "POST", body });
    expect([known.status, codeOf(known)]).toEqual([413, "FSS.1201"]);
    const [sent, answered] = [request(url("echo"), { method: "POST" }), Promise.withResolvers<number>()];
    sent
      .on("response", (response) => answered.resolve(response.statusCode ?? 0))
      .on("error", () => undefined);
    for (let at = 0; at < 7; at++) sent.write(body.subarray(0, MB));
    expect(await answered.promise).toBe(413);
    sent.destroy();
  });

  test("a caller who goes away ends its request alone", async () => {
    const before = (await seen()).aborted;
    for (const path of ["hang", "trickle"]) {
      const sent = request(url(path));
      sent.on("error", () => undefined).end();
      const other = ask(url("alone"));
      if (path === "trickle") await once(sent, "response");
      else await other;
      sent.destroy();
      expect((await other).status).toBe(200);
    }
    await eventually(async () => (await seen()).aborted === before + 2);
  });

  test("a slow reader slows its own response, and gets all of it", async () => {
    const size = 6 * MB;
    const [, response] = await open(`bytes?size=${size}`, "GET");
    response.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await ask(url("echo"))).status).toBe(200);
    let got = 0;
    response.on("data", (chunk: Buffer) => (got += chunk.length));
    response.resume();
    await once(response, "end");
    expect(got).toBe(size);
  });

  test("with concurrency 1 the server works on one request at a time", async () => {
    await single("alone");
    await Promise.all(Array.from({ length: 12 }, () => single("alone")));
    expect((JSON.parse((await single("seen")).body) as Seen).most).toBe(1);
  });

  test("what it prints is the log of its request", async () => {
    const event = JSON.stringify({ httpMethod: "GET", path: "/web/print" });
    const answer = await invoke(stack, "web", event, { headers: { "X-Cff-Log-Type": "tail" } });
    const log = Buffer.from(String(answer.headers["x-cff-function-log"]), "base64").toString();
    expect(log).toMatch(/printed for \/web\/print\n/);
  });

  test("is called through the invocation API with an APIG event", async () => {
    const event = {
      httpMethod: "PUT",
      path: "/web/echo/ä b",
      queryStringParameters: { q: "1", many: ["2", "3"] },
      headers: { "X-One": "1", "Content-Length": "999", Connection: "close" },
      body: Buffer.from("body").toString("base64"),
      isBase64Encoded: true,
    };
    const answer = await invoke(stack, "web", JSON.stringify(event));
    const result = JSON.parse(answer.body) as Record<string, unknown>;
    expect(result).toMatchObject({
      statusCode: 200,
      isBase64Encoded: true,
      headers: { "Set-Cookie": ["a=1", "b=2"] },
    });
    const echo = JSON.parse(Buffer.from(String(result["body"]), "base64").toString()) as Echo;
    expect(echo).toMatchObject({ method: "PUT", url: "/web/echo/%C3%A4%20b?q=1&many=2&many=3", bytes: 4 });
    expect(echo.headers.join("|")).toMatch(/X-One\|1/i);
    const wrong = await invoke(stack, "web", JSON.stringify({ path: "no slash" }));
    expect(wrong.headers["x-func-err-code"]).toBe("4002");
    expect(wrong.body).toContain("path must begin with a slash");
    expect(wrong.body).toContain("HTTP trigger");
  });
});
