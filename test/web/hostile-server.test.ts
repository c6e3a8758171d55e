import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, ask, codeOf, eventually, exchange, invoke } from "../gateway/caller.ts";
import type { Stack } from "../gateway/stack.ts";
import { canIsolate, deploySite, SERVER, startSite } from "./site.ts";

describe.skipIf(!canIsolate)("an HTTP function that does its worst", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startSite();
    await deploySite(stack, "web", SERVER, { concurrency: 16 });
    await deploySite(stack, "short-lived", SERVER, { timeoutSeconds: 3 });
    await deploySite(stack, "eater", SERVER);
    await deploySite(stack, "one", SERVER, { maxInstances: 1 });
  }, 30_000);

  afterAll(() => stack[Symbol.asyncDispose]());

  const one = (path: string): Promise<Answer> => ask(`${stack.origin}/one/${path}`);
  const url = (path: string): string => `${stack.origin}/web/${path}`;

  test.each([
    ["garbage", /no valid HTTP response/],
    ["nothing", /closed the connection without a response/],
    ["huge", /headers of the response are too large/],
    ["manyheads", /headers of the response are too large/],
    ["both", /no valid HTTP response/],
    ["switch", /no valid HTTP response|closed the connection/],
  ])("%s instead of a response is the function's failure, told in its log", async (path, said) => {
    for (const method of ["GET", "POST"]) {
      const answer = await ask(url(path), { method });
      expect([answer.status, codeOf(answer)]).toEqual([500, "FSS.0500"]);
      expect(answer.headers["x-func-err-code"]).toBe("4002");
    }
    const event = JSON.stringify({ path: `/web/${path}` });
    const result = await invoke(stack, "web", event);
    expect(result.headers["x-func-err-code"]).toBe("4002");
    expect(result.body).toMatch(said);
  });

  test.each(["short", "badchunk"])(
    "%s: a response that breaks breaks the caller's connection",
    async (path) => {
      await expect(ask(url(path))).rejects.toThrow(/aborted|ECONNRESET|hang up/);
      await expect(ask(url(path), { method: "POST" })).rejects.toThrow(/aborted|ECONNRESET|hang up/);
      expect((await ask(url("echo"))).status).toBe(200);
      const result = await invoke(stack, "web", JSON.stringify({ path: `/web/${path}` }));
      expect(result.headers["x-func-err-code"]).toBe("4212");
      const key = `${stack.credential.projectId}/default/web`;
      await eventually(async () => {
        const { entries } = await stack.telemetry.logs(key, { reason: "stream-broken", result: "failed" });
        return new Set(entries.map(({ requestId }) => requestId)).size >= 3;
      });
    },
  );

  test("a second response behind the first is never taken for the next request's", async () => {
    for (let round = 0; round < 5; round++) {
      expect((await ask(url("second"))).body).toBe("ok");
      expect((await ask(url("echo"))).body).toContain('"url":"/web/echo"');
    }
  });

  test("one that never answers is ended with its instance when its time is over", async () => {
    const answer = await ask(`${stack.origin}/short-lived/hang`);
    expect([answer.status, codeOf(answer)]).toEqual([504, "FSS.0504"]);
    expect(answer.headers["x-func-err-code"]).toBe("4010");
    await expect(ask(`${stack.origin}/short-lived/trickle`)).rejects.toThrow(/aborted|ECONNRESET/);
    expect((await ask(`${stack.origin}/short-lived/echo`)).status).toBe(200);
  });

  test("one that exits or eats memory is replaced, and the reason is told", async () => {
    const exited = await ask(url("exit"));
    expect([exited.status, exited.headers["x-func-err-code"]]).toEqual([502, "4014"]);
    expect((await ask(url("echo"))).status).toBe(200);
    const eaten = await ask(`${stack.origin}/eater/eat`);
    expect([eaten.status, eaten.headers["x-func-err-code"]]).toEqual([502, "4205"]);
  });

  test("with concurrency 1, one that exits fails its own request alone", async () => {
    // Calls that short are handed over before the one in front of them has ended.
    for (let round = 0; round < 10; round++)
      await Promise.all(Array.from({ length: 12 }, () => one("status?code=200")));
    const calls = Array.from({ length: 30 }, (_, at) => one(at === 5 ? "exit" : "status?code=200"));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200)).toEqual([502]);
    expect(statuses[5]).toBe(502);
  });

  test("a trigger's own patience ends the request", async () => {
    const { key } = await stack.deploy(
      { bootstrap: "sleep 60\n" },
      { name: "patient", runtime: "http", handler: "bootstrap" },
    );
    stack.route(key, { path: "/patient", func_info: { timeout: 100 } });
    const answer = await ask(`${stack.origin}/patient`);
    expect([answer.status, codeOf(answer)]).toEqual([504, "FSS.0504"]);
  });

  test("its code cannot put anything in the place of the door", async () => {
    const tries = [
      "rm $D/door",
      "touch $D/x",
      "mv $D/door /tmp/x",
      "mount -t tmpfs none $D",
      "ln -s /etc/passwd $D/y",
    ];
    const code = `const { spawnSync } = require("node:child_process");
require("node:http").createServer((request, response) => {
  const command = decodeURIComponent(request.url.split("?")[1]);
  const { status } = spawnSync("sh", ["-c", "D=/home/snuser/door; " + command]);
  response.end(String(status));
}).listen(8000, "127.0.0.1");`;
    await deploySite(stack, "burglar", code);
    for (const command of tries) {
      const { body } = await ask(`${stack.origin}/burglar?${encodeURIComponent(command)}`);
      expect(Number(body)).toBeGreaterThan(0);
    }
    expect((await ask(`${stack.origin}/burglar?true`)).body).toBe("0");
  });

  test("nothing of it is left waiting", async () => {
    await eventually(() => stack.scheduler.instances().every(({ inFlight }) => inFlight === 0));
    expect(stack.problems).toEqual([]);
  });
});

describe.skipIf(!canIsolate)("a caller who does his worst to an HTTP function", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startSite();
    await deploySite(stack, "web", SERVER, { concurrency: 16 });
    await deploySite(stack, "brief", SERVER, { concurrency: 16, timeoutSeconds: 3 });
    const signed = await deploySite(stack, "signed", SERVER, { concurrency: 16 });
    stack.route(signed, { path: "/closed", match_mode: "SWA", auth: "IAM" });
    stack.route(signed, { path: "/later", func_info: { timeout: 5000, invocation_type: "async" } });
  }, 30_000);

  afterAll(() => stack[Symbol.asyncDispose]());

  test.each([
    ["two lengths", "Content-Length: 5\r\nContent-Length: 6"],
    ["length and chunks", "Content-Length: 5\r\nTransfer-Encoding: chunked"],
    ["an unknown coding", "Transfer-Encoding: chunked, identity"],
    ["a hidden coding", "Transfer-Encoding: xchunked"],
    ["a folded header", "X-Folded: one\r\n two"],
    ["a bare line feed", "X-Bare: one\nContent-Length: 5"],
    ["a blank before the colon", "Content-Length : 5"],
  ])("%s smuggles no second request", async (_name, header) => {
    const smuggled = "GET /web/status?code=299 HTTP/1.1\r\nHost: x\r\n\r\n";
    const text = `POST /web/echo HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n0\r\n\r\n${smuggled}`;
    const got = await exchange(stack.port, text, /HTTP\/1\.1 (299|[45]\d\d)/);
    expect(got).toMatch(/^HTTP\/1\.1 (400|200)/);
    // Either it is refused, or all of it was the body of the one request that was announced.
    if (!got.startsWith("HTTP/1.1 400")) expect(got).not.toContain("299");
  });

  test("a header that Connection names cannot take framing or identity away", async () => {
    const text =
      "POST /web/echo HTTP/1.1\r\nHost: x\r\nConnection: close, Content-Length, Host\r\nContent-Length: 3\r\n\r\nabc";
    const got = await exchange(stack.port, text);
    expect(got).toMatch(/^HTTP\/1\.1 200/);
    expect(got).toContain('"bytes":3');
  });

  test("other upgrades than WebSocket are served as if they had not been asked for", async () => {
    const text =
      "GET /web/echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n";
    const got = await exchange(stack.port, text, /\}\r?\n?/);
    expect(got).toMatch(/^HTTP\/1\.1 200/);
    expect(got).not.toMatch(/h2c|http2-settings/i);
  });

  test("half a request, then silence, then nothing: the server hears of its end", async () => {
    const sent = request(`${stack.origin}/web/mirror`, {
      method: "POST",
      headers: { "Content-Length": 1000 },
    });
    sent.on("error", () => undefined);
    sent.write("half");
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    response.on("error", () => undefined);
    sent.destroy();
    await eventually(() => stack.scheduler.instances().every(({ inFlight }) => inFlight === 0));
    expect((await ask(`${stack.origin}/web/echo`)).status).toBe(200);
  });

  test("a body that never ends, and a response that nobody takes, end no instance", async () => {
    const origin = `${stack.origin}/brief`;
    expect((await ask(`${origin}/echo`)).status).toBe(200);
    const ids = stack.scheduler.instances().map(({ id }) => id);
    const endless = request(`${origin}/echo`, { method: "POST", headers: { "Content-Length": 1000 } });
    endless.on("error", () => undefined);
    endless.write("begin");
    const deaf = request(`${origin}/flood`).end();
    deaf.on("error", () => undefined);
    const [flood] = (await once(deaf, "response")) as [IncomingMessage];
    flood.on("error", () => undefined);
    flood.pause();
    const [late] = (await once(endless, "response")) as [IncomingMessage];
    expect(late.statusCode).toBe(408);
    await eventually(() => stack.scheduler.instances().every(({ inFlight }) => inFlight === 0));
    expect((await ask(`${origin}/echo`)).status).toBe(200);
    expect(stack.scheduler.instances().map(({ id }) => id)).toEqual(ids);
    endless.destroy();
    deaf.destroy();
  });

  test("a target that is no path is refused", async () => {
    const { key } = await stack.deploy(
      { bootstrap: "sleep 9\n" },
      { name: "root", runtime: "http", handler: "bootstrap" },
    );
    stack.route(key, { path: "/", match_mode: "SWA" });
    const got = await exchange(stack.port, "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    expect(got).toMatch(/^HTTP\/1\.1 (400|404)/);
  });

  test("without a signature nobody gets in where the trigger wants one; asynchronous calls are refused", async () => {
    const closed = await ask(`${stack.origin}/closed/echo`, { method: "POST", body: "x" });
    expect(closed.status).toBe(401);
    const later = await ask(`${stack.origin}/later`);
    expect([later.status, codeOf(later)]).toEqual([400, "FSS.0400"]);
    expect((await invoke(stack, "signed", "{}", { asynchronous: true })).status).toBe(400);
  });
});
