import { afterAll, beforeAll, expect, test } from "vitest";
import { dataFolder, type PlatformProcess } from "./support.ts";

const HANDLER = (body: string): string => `def handler(event, context):\n    ${body}\n`;

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: PlatformProcess;
let runtime: string | undefined;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await folder.start({ poolSize: 1 });
  const found = platform.facts.runtimes.find((one) => one.family === "python" && one.available);
  runtime = found?.runtime;
}, 60_000);

afterAll(async () => {
  await platform.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

const CASES = [
  ["raise", 4002, /boom/, HANDLER(`raise ValueError("boom")`)],
  ["import error", 4001, /no_such_module/, `import no_such_module\n${HANDLER("pass")}`],
  ["exit", 4014, /./, HANDLER("import os; os._exit(3)")],
  ["hang", 4010, /time/i, HANDLER("while True: pass")],
  ["cycle", 4007, /circular/i, HANDLER("a = []; a.append(a); return a")],
  ["memory", 4205, /memory/i, HANDLER("return len(bytearray(1 << 30).replace(b'\\0', b'x'))")],
  ["full /tmp", 4207, /space/i, HANDLER("open('/tmp/full', 'wb').write(b'x' * (600 << 20))")],
] as const;

test.for(CASES)("Python: %s → %i", { timeout: 60_000 }, async ([what, code, sentence, source], { skip }) => {
  if (runtime === undefined) skip("no Python on this machine");
  const limits = platform.facts.isolation.inForce.join(", ");
  if (what === "memory" && !limits.includes("memory")) skip("no memory limit on this machine");
  if (what === "full /tmp" && !limits.includes("/tmp")) skip("no size limit of /tmp on this machine");
  const large = what === "full /tmp" ? { memoryMb: 2048, timeoutSeconds: 30 } : {};
  const name = `python-${what.replaceAll(/[^a-z]+/gi, "")}`;
  await platform.deploy(name, source, { runtime: runtime ?? "", ...large });
  const reply = await platform.client.invocations.invoke(name, "{}");
  expect([reply.failed, reply.errorCode]).toEqual([true, code]);
  expect(reply.result.toString()).toMatch(sentence);
});
