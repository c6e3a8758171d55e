import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dockerStack, inventory, missingForDocker } from "./docker-stack.ts";
import type { TestStack } from "./stack.ts";

const missing = await missingForDocker();
if (missing !== undefined) console.log(`skipped: ${missing}`);

describe.skipIf(missing !== undefined)("a platform on Docker", { timeout: 240_000 }, () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await dockerStack(await freePort());
  }, 240_000);
  afterAll(async () => {
    await stack.run("destroy", "--yes", "--skip-preview");
    stack[Symbol.dispose]();
  }, 240_000);

  test("is previewed, made, and serves what the same program deploys", async () => {
    console.log((await stack.preview()).map(({ op, urn }) => [op, urn.split("::").at(-1)].join(" ")));
    console.time("up");
    console.log(await stack.must("up", "--yes", "--skip-preview"));
    console.timeEnd("up");
    const outputs = JSON.parse(await stack.must("stack", "output", "--json")) as { url: string };
    console.log(outputs);
    expect(await (await fetch(outputs.url)).text()).toBe("hello");
    console.log(await inventory());
    await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.must("destroy", "--yes", "--skip-preview");
    console.log(await inventory());
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
