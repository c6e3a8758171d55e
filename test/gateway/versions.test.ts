import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import { canIsolate, deploySite, startSite } from "../web/site.ts";
import { ask, eventually } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

let stack: Stack | undefined;

afterEach(async () => {
  expect(stack?.problems ?? []).toEqual([]);
  await stack?.[Symbol.asyncDispose]();
  stack = undefined;
});

/** Answers with its version before and after it waited. */
const CODE = `
exports.handler = async (event, context) => {
  const before = context.getVersion();
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { statusCode: 200, headers: {}, body: before + " " + context.getVersion(), isBase64Encoded: false };
};`;

function alias(of: Stack, key: FunctionKey, version: string, grey?: [version: string, weight: number]): void {
  const additional = grey && { additional: { version: grey[0], weight: grey[1] } };
  const spec = { name: "live", version, description: "", ...additional };
  if (of.store.aliases.find(key, "live") === undefined) of.store.aliases.create(key, spec);
  else of.store.aliases.update(key, spec);
}

test(
  "an alias that moves under load drops no request, and each is answered by one version",
  { timeout: 60_000 },
  async () => {
    stack = await startStack();
    const { key } = await stack.deploy({ "index.js": CODE }, { concurrency: 8 });
    for (const version of ["one", "two", "three"]) stack.store.versions.publish(key, version, "");
    alias(stack, key, "one");
    stack.route(key, { path: "/" }, "!live");
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    const seen = new Map<string, number>();
    const load = { going: true };
    const { origin } = stack;
    const callers = Array.from({ length: 16 }, async () => {
      while (load.going) {
        const { status, body } = await ask(`${origin}/`, { agent });
        const answer = `${status} ${body}`;
        seen.set(answer, (seen.get(answer) ?? 0) + 1);
      }
    });
    const moves: [string, [string, number]?][] = [
      ["two"],
      ["three", ["one", 50]],
      ["one", ["two", 1]],
      ["two"],
      ["three"],
    ];
    for (const [version, grey] of moves) {
      alias(stack, key, version, grey);
      const before = seen.get(`200 ${version} ${version}`) ?? 0;
      await eventually(() => (seen.get(`200 ${version} ${version}`) ?? 0) > before + 20);
    }
    load.going = false;
    await Promise.all(callers);
    expect([...seen.keys()].sort()).toEqual(["200 one one", "200 three three", "200 two two"]);
    // What comes after a move goes where the alias points, without exception.
    const after = await Promise.all(Array.from({ length: 50 }, () => ask(`${origin}/`, { agent })));
    expect(new Set(after.map(({ body }) => body))).toEqual(new Set(["three three"]));
    agent.destroy();
  },
);

/** Answers each piece of a body at once, with its version before it. */
const SERVER = `
const http = require("node:http");
const version = process.env.RUNTIME_FUNC_VERSION;
http.createServer((request, response) => {
  request.on("data", (chunk) => response.write(version + ":" + chunk + ";"));
  request.on("end", () => response.end(version + ":end"));
}).listen(8000, "127.0.0.1");`;

describe.skipIf(!canIsolate)("a request whose body is still being sent when the alias moves", () => {
  test("stays with its version to the end; the next goes to the new one", { timeout: 30_000 }, async () => {
    stack = await startSite();
    const key = await deploySite(stack, "site", SERVER, { concurrency: 4 });
    for (const version of ["one", "two"]) stack.store.versions.publish(key, version, "");
    alias(stack, key, "one");
    stack.route(key, { path: "/stream", match_mode: "SWA", func_info: { timeout: 60_000 } }, "!live");
    const url = `${stack.origin}/stream`;
    const sent = request(url, { method: "POST" });
    sent.write("a");
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    let got = "";
    response.on("data", (chunk: Buffer) => (got += chunk.toString()));
    await eventually(() => got === "one:a;");
    alias(stack, key, "two");
    expect((await ask(url, { method: "POST", body: "x" })).body).toBe("two:x;two:end");
    sent.write("b");
    await eventually(() => got === "one:a;one:b;");
    stack.store.versions.delete(key, "one");
    sent.end("c");
    await once(response, "end");
    expect(got).toBe("one:a;one:b;one:c;one:end");
    await eventually(() => stack?.scheduler.instances().every(({ version }) => version !== "one") ?? false);
  });
});

test("weights hold within statistics, at every weight", { timeout: 60_000 }, async () => {
  stack = await startStack();
  const { key } = await stack.deploy({ "index.js": CODE }, { concurrency: 20 });
  for (const version of ["one", "two"]) stack.store.versions.publish(key, version, "");
  alias(stack, key, "one");
  stack.route(key, { path: "/" }, "!live");
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const calls = 400;
  for (const weight of [0, 10, 50, 100]) {
    alias(stack, key, "one", ["two", weight]);
    const answers = await Promise.all(
      Array.from({ length: calls }, () => ask(`${stack?.origin}/`, { agent })),
    );
    const grey = answers.filter(({ body }) => body === "two two").length;
    const share = weight / 100;
    const five = 5 * Math.sqrt(calls * share * (1 - share));
    expect(Math.abs(grey - calls * share)).toBeLessThanOrEqual(five);
    expect(answers.filter(({ body }) => body === "one one").length).toBe(calls - grey);
  }
  agent.destroy();
});
