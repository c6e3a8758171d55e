import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalizeFunction } from "../../model/function.ts";
import { sign } from "../../model/signature.ts";
import { archive, dataFolder, descendants, type PlatformProcess, runs, until } from "./support.ts";

const MB = 1024 * 1024;
const HANDLER = (body: string): string => `exports.handler = async (event, context) => { ${body} };`;

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: PlatformProcess;
let before: ReturnType<PlatformProcess["holdings"]>;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await folder.start({ idleSeconds: 1, poolSize: 1 });
  await platform.deploy("good", HANDLER("return { good: true };"));
  await stillServes();
  before = await settled();
}, 60_000);

afterAll(async () => {
  const pid = platform.pid;
  const below = descendants(pid);
  expect(await platform.stop()).toBe(0);
  expect(below.filter(runs)).toEqual([]);
  await folder[Symbol.asyncDispose]();
}, 60_000);

async function stillServes(): Promise<void> {
  const reply = await platform.client.invocations.invoke("good", "{}");
  expect([reply.result.toString(), reply.errorCode]).toEqual(['{"good":true}', 0]);
}

/** What the platform holds once idle instances are released and nothing changes any more. */
async function settled(): Promise<ReturnType<PlatformProcess["holdings"]>> {
  await until(async () => (await platform.get<{ instances: unknown[] }>("instances")).instances.length === 0);
  // Connections that this test keeps open are not the platform's.
  platform.client.close();
  platform.transport.close();
  let last = platform.holdings();
  return until(() => {
    const now = platform.holdings();
    const same = JSON.stringify(now) === JSON.stringify(last);
    last = now;
    return same && now;
  }, 500) as Promise<typeof last>;
}

describe("a hostile function gets its own code and a sentence, and the platform serves on", () => {
  test.each([
    [
      "handler that is not there",
      4001,
      /handler/i,
      `Object.assign(exports, { other() {} }); const hidden = exports; hidden["hand" + "ler"] = 7;`,
      {},
    ],
    ["syntax error", 4001, /SyntaxError|Unexpected/, "exports.handler = (", {}],
    ["throw at load", 4001, /early/, `${HANDLER("return 1;")} throw new Error("early");`, {}],
    ["throw", 4002, /boom/, HANDLER(`throw new Error("boom");`), {}],
    ["throw of nothing", 4002, /./, HANDLER("throw undefined;"), {}],
    ["exit", 4014, /./, HANDLER("process.exit(3);"), {}],
    ["abort", 4014, /./, HANDLER("process.abort();"), {}],
    ["hang in the event loop", 4010, /time/i, HANDLER("for (;;);"), {}],
    [
      "promise that never settles",
      4010,
      /time/i,
      HANDLER("await new Promise(() => setInterval(() => {}, 1000));"),
      {},
    ],
    ["cycle", 4007, /circular|cycl/i, HANDLER("const a = {}; a.a = a; return a;"), {}],
    ["result over 6 MB", 4004, /6291456|large/i, HANDLER(`return "x".repeat(${String(7 * MB)});`), {}],
  ])("%s → %i", { timeout: 60_000 }, async (...row) => {
    const [what, code, sentence, source, more] = row;
    const name = `hostile-${what.replaceAll(/[^a-z0-9]+/gi, "-")}`;
    await platform.deploy(name, source, more);
    const reply = await platform.client.invocations.invoke(name, "{}");
    expect([reply.failed, reply.errorCode]).toEqual([true, code]);
    const { errorMessage } = JSON.parse(reply.result.toString()) as { errorMessage: string };
    expect(errorMessage).toMatch(sentence);
    const { entries } = await platform.logs(name, { requestId: reply.requestId, result: "failed" });
    expect(entries.at(-1)?.lines).toContain("(invoke Failed)");
    await stillServes();
  });

  test("eats memory → 4205", { timeout: 60_000 }, async ({ skip }) => {
    if (!platform.facts.isolation.inForce.some((one) => one.includes("memory")))
      skip("no memory limit on this machine");
    await platform.deploy("eater", HANDLER("const all = []; for (;;) all.push(Buffer.alloc(1048576, 1));"));
    const reply = await platform.client.invocations.invoke("eater", "{}");
    expect(reply.errorCode).toBe(4205);
    expect(reply.result.toString()).toMatch(/memory/i);
    await stillServes();
  });

  test("fills /tmp → 4207", { timeout: 60_000 }, async ({ skip }) => {
    if (!platform.facts.isolation.inForce.some((one) => one.includes("/tmp")))
      skip("no size limit of /tmp on this machine");
    const write = `const fs = require("node:fs"); const block = Buffer.alloc(1048576);
      for (let i = 0; i < 600; i++) fs.appendFileSync("/tmp/full", block);`;
    await platform.deploy("filler", HANDLER(write), { timeoutSeconds: 30, memoryMb: 1024 });
    const reply = await platform.client.invocations.invoke("filler", "{}");
    expect(reply.errorCode).toBe(4207);
    expect(reply.result.toString()).toMatch(/disk|space|ENOSPC/i);
    await stillServes();
  });

  test("prints 100 MB: succeeds, its log is cut", { timeout: 60_000 }, async () => {
    const print = `const line = "y".repeat(1023); for (let i = 0; i < 102400; i++) console.log(line); return "printed";`;
    await platform.deploy("printer", HANDLER(print), { timeoutSeconds: 50, memoryMb: 512 });
    const reply = await platform.client.invocations.invoke("printer", "{}", { tail: true });
    expect([reply.result.toString(), reply.errorCode]).toEqual(["printed", 0]);
    expect(Buffer.byteLength(reply.log)).toBeLessThanOrEqual(2048);
    const { entries } = await platform.logs("printer", { requestId: reply.requestId, limit: 10_000 });
    const bytes = entries.reduce((sum, entry) => sum + (entry.kind === "line" ? entry.text.length : 0), 0);
    expect(bytes).toBeGreaterThan(1 * MB);
    expect(bytes).toBeLessThan(5 * MB);
    await stillServes();
  });
});

/** One signed POST with everything open to tampering. */
function post(
  path: string,
  body: Buffer,
  tamper: { at?: Date; secretKey?: string; authorization?: string } = {},
): Promise<{ status: number; text: string }> {
  const url = new URL(platform.facts.endpoint + path);
  const headers = { host: url.host, "content-type": "application/json" };
  const key = {
    accessKey: platform.facts.accessKey,
    secretKey: tamper.secretKey ?? platform.facts.secretKey,
  };
  const signed = sign({ method: "POST", path: url.pathname, query: "", headers, body }, key, tamper.at);
  const authorization = tamper.authorization ?? signed.authorization;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: "POST",
      agent: false,
      headers: { ...headers, ...signed, authorization, "content-length": body.length },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => void chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.end(body);
  });
}

function invocation(name: string): string {
  return `/v2/${platform.facts.projectId}/fgs/functions/${name}/invocations`;
}

describe("a hostile caller gets a status, a code and a sentence", () => {
  test.each([
    ["body over 6 MB", 413, "FSS.1201", () => post(invocation("good"), Buffer.alloc(6 * MB + 1, "1"))],
    ["unknown function", 404, "FSS.1051", () => post(invocation("nobody"), Buffer.from("{}"))],
    [
      "unknown version",
      404,
      "FSS.1052",
      () =>
        post(
          invocation(`urn:fss:${platform.facts.region}:${platform.facts.projectId}:function:default:good:v9`),
          Buffer.from("{}"),
        ),
    ],
    [
      "wrong secret key",
      401,
      "FSS.0401",
      () => post(invocation("good"), Buffer.from("{}"), { secretKey: "wrong" }),
    ],
    [
      "stale date",
      401,
      "FSS.0401",
      () => post(invocation("good"), Buffer.from("{}"), { at: new Date(Date.now() - 16 * 60_000) }),
    ],
    [
      "no signature",
      401,
      "FSS.0401",
      () => post(invocation("good"), Buffer.from("{}"), { authorization: "" }),
    ],
    ["event that is no JSON", 400, "FSS.0400", () => post(invocation("good"), Buffer.from("{"))],
    [
      "asynchronous event over 256 KB",
      413,
      "FSS.1201",
      () => post(`${invocation("good")}-async`, Buffer.alloc(256 * 1024 + 1, "1")),
    ],
  ])("%s → %i %s", async (_, status, code, send) => {
    const reply = await send();
    const body = JSON.parse(reply.text) as { error_code: string; error_msg: string };
    expect([reply.status, body.error_code]).toEqual([status, code]);
    expect(body.error_msg.length).toBeGreaterThan(20);
    await stillServes();
  });

  test.each([
    ["an archive without the entry file", /index\.js/, () => archive({ "other.js": "" })],
    ["an entry file without the handler", /handler/, () => archive({ "index.js": "1;" })],
    ["a corrupt archive", /zip|archive/i, async () => Buffer.from("PK no archive at all")],
  ] as const)("refuses %s", async (_, sentence, make) => {
    const spec = normalizeFunction({ name: "refused", runtime: "Node.js20.15", handler: "index.handler" });
    const code = { type: "zip", file: await make(), filename: "code.zip" } as const;
    const refusal = await platform.client.functions.create(spec, code).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ status: 400, code: expect.stringMatching(/^FSS\.1\d{3}$/) as string });
    expect(String(refusal)).toMatch(sentence);
  });

  test("refuses inline code that is too long", async () => {
    await expect(platform.deploy("refused", HANDLER(`"${"x".repeat(11 * 1024)}"`))).rejects.toThrow(
      "FSS.1072",
    );
  });

  test("refuses a reserved variable", async () => {
    const environment = { RUNTIME_CODE_ROOT: "/etc" };
    await expect(platform.deploy("reserved", HANDLER("return 1;"), { environment })).rejects.toThrow(
      /RUNTIME_CODE_ROOT/,
    );
  });
});

test(
  "nothing is left behind: processes, descriptors, folders, control groups",
  { timeout: 60_000 },
  async () => {
    expect(await settled()).toEqual(before);
  },
);
