import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { dataFolder, type PlatformProcess } from "./support.ts";

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: PlatformProcess;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await folder.start({ poolSize: 1 });
}, 60_000);

afterAll(async () => {
  await platform.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

function needPhp({ skip }: TestContext): void {
  const row = platform.facts.runtimes.find(({ runtime }) => runtime === "PHP8.3");
  if (row?.available !== true) skip(row?.detail ?? "no PHP on this machine");
}

async function deploy(name: string, code: string, more: Partial<FunctionSpec> = {}): Promise<void> {
  const spec = normalizeFunction({ name, runtime: "PHP8.3", handler: "index.handler", ...more });
  const file = Buffer.from(`<?php\n${code}`);
  await platform.client.functions.create(spec, { type: "inline", file, filename: "index.php" });
}

describe("PHP", () => {
  test("initializer, context, environment and log", async (context) => {
    needPhp(context);
    await deploy(
      "php-all",
      `function init($context) { global $ready; $ready = true; }
       function handler($event, $context) {
         global $ready;
         $context->getLogger()->info('asked ' . $event->word);
         return [$ready, $context->getFunctionName(), $context->getUserData('KEY'), getenv('KEY'),
           $context->getMemorySize(), $context->getRemainingTimeInMilliSeconds() > 1000, getcwd(), posix_getuid()];
       }`,
      {
        initializer: { handler: "index.init", timeoutSeconds: 5 },
        environment: { KEY: "value" },
        memoryMb: 256,
      },
    );
    const reply = await platform.client.invocations.invoke("php-all", '{"word":"hello"}', { tail: true });
    const sandboxed = platform.facts.isolation.inForce.some((one) => one.includes("user 1003"));
    const values = JSON.parse(reply.result.toString()) as unknown[];
    expect(values.slice(0, 6)).toEqual([true, "php-all", "value", "value", 256, true]);
    if (sandboxed) expect(values.slice(6)).toEqual(["/opt/function", 1003]);
    expect(reply.log).toMatch(new RegExp(`${reply.requestId} INFO asked hello`));
  });

  test("concurrent requests share an instance, and each has its own log", async (context) => {
    needPhp(context);
    // Each waits until all have come to its /tmp: they share an instance and run at once, or never end.
    await deploy(
      "php-many",
      `function handler($event, $context) {
         touch("/tmp/came.$event");
         while (count(glob('/tmp/came.*')) < 4) usleep(1000);
         echo "of $event";
         return $context->getRequestID();
       }`,
      { concurrency: 4, timeoutSeconds: 20, memoryMb: 512 },
    );
    if (!platform.facts.isolation.inForce.some((one) => one.includes("/tmp")))
      context.skip("no /tmp of its own");
    const replies = await Promise.all(
      [0, 1, 2, 3].map((i) => platform.client.invocations.invoke("php-many", String(i), { tail: true })),
    );
    for (const [i, reply] of replies.entries()) {
      expect(reply.result.toString()).toBe(reply.requestId);
      expect(reply.log?.match(/of \d/g)).toEqual([`of ${String(i)}`]);
    }
  });
});
