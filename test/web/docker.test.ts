import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { Tree } from "../../runtime-images/build/tree.ts";
import { dockerSubject, type DockerSubject } from "../drivers/docker-subject.ts";
import { ask, invoke } from "../gateway/caller.ts";
import { startStack, type Stack } from "../gateway/stack.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";
import { EVENTS, SERVER } from "./site.ts";

const IMAGES = { "fungraph-test/web-events:1.0": EVENTS, "fungraph-test/web-shop:1.0": SERVER };
const [EVENT_IMAGE = "", SHOP_IMAGE = ""] = Object.keys(IMAGES);

const missing = await noEngine();
if (missing !== undefined)
  console.log(`functions from container images are not tested in containers: ${missing}`);

describe.skipIf(missing !== undefined)("a function from a container image, in a container", () => {
  let subject: DockerSubject;
  let stack: Stack;

  beforeAll(async () => {
    const engine = new Engine();
    const from = await base(engine, "nodejs");
    for (const [name, program] of Object.entries(IMAGES))
      await build(engine, name, { from, program: program.replace('"127.0.0.1"', '"0.0.0.0"') });
    engine.close();
    subject = await dockerSubject();
    stack = await startStack({ driver: subject.driver });
  }, 600_000);

  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
  });

  function deploy(name: string, reference: string, more: Partial<FunctionSpec> = {}): void {
    const image = { reference, command: [], args: [], workingDir: "", uid: 1003, gid: 1003 };
    const plain = { name, runtime: "Custom Image", handler: "-", memoryMb: 256, timeoutSeconds: 10, ...more };
    const key = { projectId: stack.credential.projectId, package: "default", name };
    const digest = createHash("sha512").digest("hex");
    const code = { type: "Custom-Image-Swr", size: 0, digest, filename: "" };
    stack.store.functions.create({ key, spec: { ...normalizeFunction(plain), image }, code });
    stack.route(key, { path: `/${name}`, match_mode: "SWA", func_info: { timeout: 60_000 } });
  }

  const call = (name: string, event: object) => invoke(stack, name, JSON.stringify(event));

  test("of the event form is initialized once and invoked; its exit is told", async () => {
    deploy("events", EVENT_IMAGE, { initializer: { handler: "-", timeoutSeconds: 10 } });
    expect(JSON.parse((await call("events", { a: 1 })).body)).toMatchObject({
      initialized: 1,
      body: '{"a":1}',
    });
    const exited = await call("events", { deed: "exit" });
    expect(exited.headers["x-func-err-code"]).toBe("4014");
    expect(exited.body).toContain("exited with code 5");
  });

  test("of the HTTP form streams, and gets what the platform says", async () => {
    deploy("shop", SHOP_IMAGE, { runtime: "http", concurrency: 8 });
    const body = "x".repeat(2_000_000);
    const echo = await ask(`${stack.origin}/shop/echo`, { method: "POST", body });
    expect(JSON.parse(echo.body)).toMatchObject({ method: "POST", bytes: body.length });
    expect((await ask(`${stack.origin}/shop/bytes?size=3000000`)).bytes.length).toBe(3_000_000);
  });
});

async function build(engine: Engine, name: string, image: { from: string; program: string }): Promise<void> {
  const dockerfile = `FROM ${image.from}\nCOPY server.js /srv/server.js\nENTRYPOINT ["node", "/srv/server.js"]\n`;
  const context = await new Tree().file("Dockerfile", dockerfile).file("server.js", image.program).tar(0);
  const question = { method: "POST", path: `/build?t=${name}&rm=1`, tar: Readable.from([context]) } as const;
  for await (const { error } of engine.follow<{ error?: string }>(question))
    if (error !== undefined) throw new Error(error);
}
