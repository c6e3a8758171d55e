import { afterEach, expect, test, vi } from "vitest";
import { LIMITS } from "../../model/limits.ts";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { deferred } from "../scheduler/fixtures.ts";
import { ask, codeOf, eventually, invoke } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const FILES = { "index.js": "" };
const OK = { statusCode: 200, headers: {}, body: "ok", isBase64Encoded: false };
/** Node's client then says no length. */
const CHUNKED = { "transfer-encoding": "chunked" };

/** A gateway whose limits are those of the service; `work` is what the function `demo` behind `/` does. */
async function startGateway(work: () => unknown): Promise<Stack & { readonly urn: string }> {
  const stack = await startStack({ driver: new FakeDriver({ handler: work }) });
  const { key } = await stack.deploy(FILES, { concurrency: 1000, timeoutSeconds: LIMITS.timeoutSeconds.max });
  stack.route(key, { path: "/", func_info: { timeout: LIMITS.backendTimeoutMs.max } });
  stack.route(key, { path: "/later", func_info: { timeout: 5000, invocation_type: "async" } });
  return { ...stack, urn: `urn:fss:local:${key.projectId}:function:default:demo` };
}

/** Has the platform's clock go ahead by so many seconds. */
function skip(seconds: number): void {
  vi.restoreAllMocks();
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + seconds * 1000);
}

/** Long enough for what ends waits, which looks every 50 ms, to have looked. */
function swept(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("when nothing is set a caller waits for 900 s, and a call runs for 72 h", async () => {
  const never = deferred();
  let running = 0;
  await using stack = await startGateway(() => ((running += 1), never.promise));
  const answers: string[] = [];
  void invoke(stack, stack.urn, "{}").then((one) => answers.push(`${one.status} ${codeOf(one)}`));
  const { projectId } = stack.credential;
  const key = { projectId, package: "default", name: "demo" };
  const call = { requestId: "r", key, qualifier: "latest", event: Buffer.from("{}") };
  void stack.gateway.invoke(call).then(({ failure }) => answers.push(String(failure)));
  await eventually(() => running === 2);
  skip(899);
  await swept();
  expect(answers).toEqual([]);
  skip(901);
  await eventually(() => answers.length > 0);
  skip(72 * 3600 - 1);
  await swept();
  expect(answers).toEqual(["504 FSS.0504"]);
  skip(72 * 3600 + 1);
  await eventually(() => answers.length === 2);
  expect(answers).toEqual(["504 FSS.0504", "timeout"]);
});

test("when nothing is set an account has 100 calls at instances, of all functions together; others have theirs", async () => {
  const gate = deferred();
  let running = 0;
  await using stack = await startGateway(() => ((running += 1), gate.promise.then(() => OK)));
  const { key, spec, code } = await stack.deploy(FILES, { name: "second", concurrency: 1000 });
  stack.route(key, { path: "/second", func_info: { timeout: LIMITS.backendTimeoutMs.max } });
  const calls = Array.from({ length: 102 }, (_, n) => ask(`${stack.origin}/${n % 2 === 0 ? "" : "second"}`));
  await eventually(() => running === 100);
  await swept();
  expect(running).toBe(100);
  const others = { ...key, projectId: "another" };
  stack.store.functions.create({ key: others, spec, code });
  const call = { requestId: "r", key: others, qualifier: "latest", event: Buffer.from("{}") };
  void stack.gateway.invoke(call);
  await eventually(() => running === 101);
  gate.resolve();
  expect((await Promise.all(calls)).filter(({ status }) => status !== 200)).toEqual([]);
});

test("an event over 6 MB is refused though its length was not said, and the sentence names the limit", async () => {
  await using stack = await startGateway(() => OK);
  const over = Buffer.alloc(LIMITS.requestBytes + 1, "1");
  for (const answer of [
    await invoke(stack, stack.urn, over, { headers: CHUNKED }),
    await invoke(stack, stack.urn, over),
    await ask(stack.origin, { method: "POST", body: over, headers: CHUNKED }),
    await ask(stack.origin, { method: "POST", body: over }),
  ]) {
    expect([answer.status, codeOf(answer)]).toEqual([413, "FSS.1201"]);
    expect(answer.body).toContain(String(LIMITS.requestBytes));
  }
  const full = await invoke(stack, stack.urn, over.subarray(1), { headers: CHUNKED });
  expect(full.status).toBe(200);
});

test("an asynchronous event has 256 KB at most, also behind an HTTP trigger, and the sentence says so", async () => {
  await using stack = await startGateway(() => OK);
  const limit = LIMITS.asyncRequestBytes;
  const direct = (bytes: number) =>
    invoke(stack, stack.urn, Buffer.alloc(bytes, "1"), { asynchronous: true });
  // It becomes an event in base64, which makes four bytes of three.
  const behind = (bytes: number) =>
    ask(`${stack.origin}/later`, { method: "POST", body: Buffer.alloc(bytes) });
  expect([(await direct(limit)).status, (await behind(limit / 2)).status]).toEqual([202, 202]);
  for (const answer of [await direct(limit + 1), await behind((limit * 3) / 4)]) {
    expect([answer.status, codeOf(answer)]).toEqual([413, "FSS.1201"]);
    expect(answer.body).toContain(String(limit));
  }
});
