import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, eventually, invoke } from "../gateway/caller.ts";
import { startStack, type Stack } from "../gateway/stack.ts";
import { isFree } from "./free-port.ts";

const START = "#!/bin/sh\nexec node $RUNTIME_CODE_ROOT/server.js\n";
const SERVER = `const name = process.env.RUNTIME_FUNC_NAME;
require("node:http").createServer((request, response) => response.end(name)).listen(8000, "127.0.0.1");`;

const free = await isFree(8000);
if (!free) console.log("HTTP functions without a sandbox are not tested: port 8000 is taken");

describe.skipIf(!free)("without a sandbox, where port 8000 is the machine's own,", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ isolation: "bare" });
    for (const name of ["first", "second"]) {
      const files = { bootstrap: START, "server.js": SERVER };
      const { key } = await stack.deploy(files, { name, runtime: "http", handler: "bootstrap" });
      stack.route(key, { path: `/${name}` });
    }
  });

  afterAll(() => stack[Symbol.asyncDispose]());

  const call = (name: string) => invoke(stack, name, JSON.stringify({ path: "/" }));

  test("one HTTP function at a time runs; another is told so, and runs when it is gone", async () => {
    expect((await ask(`${stack.origin}/first`)).body).toBe("first");
    const refused = await call("second");
    expect(refused.status).toBe(500);
    expect(refused.body).toMatch(/port 8000 of this machine serves the instance of another HTTP function/);
    await stack.endInstances(`${stack.credential.projectId}/default/first`);
    expect((await ask(`${stack.origin}/second`)).body).toBe("second");
    await stack.endInstances(`${stack.credential.projectId}/default/second`);
  });

  test("requests never go to another program that has the port", async () => {
    await eventually(() => isFree(8000));
    const other = createServer((socket) => {
      // Whoever only asks whether the port is taken hangs up.
      socket.on("error", () => undefined);
      socket.end("HTTP/1.1 200 OK\r\n\r\nstolen");
    }).listen(8000, "127.0.0.1");
    await once(other, "listening");
    try {
      const answer = await call("first");
      expect(answer.headers["x-func-err-code"]).toBe("4001");
      expect(answer.body).toMatch(/another program on this machine listens on 127\.0\.0\.1:8000/);
    } finally {
      other.close();
    }
  });
});
