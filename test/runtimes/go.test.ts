import { execFile } from "node:child_process";
import { chmod, cp, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { goCommand } from "../../packaging/go-command.ts";
import type { CallMeta } from "../../platform/link/call.ts";
import type { RuntimeFailure } from "../../platform/link/runtime-failure.ts";
import { built } from "../../platform/drivers/process/languages/built.ts";
import { goBuild } from "../../platform/drivers/process/languages/go.ts";
import { startInstance, type TestInstance } from "./instance.ts";
import { go } from "./languages/go.ts";
import { IMAGES } from "./languages/language.ts";

const run = promisify(execFile);
const NET_RPC = fileURLToPath(new URL("programs/net-rpc", import.meta.url));
const PROGRAM = "index";

const { found, missing } = await go.subjects();
const [subject] = found;
for (const reason of missing) console.warn(`skipped: ${reason}`);

describe.skipIf(subject === undefined)("a program that speaks net/rpc alone", () => {
  test("answers with its bytes, also many at once and large ones", async () => {
    await using instance = await netRpc();
    await instance.load({ concurrency: 20 });
    const ends = await Promise.all(Array.from({ length: 200 }, (_, i) => instance.invoke(`{"i":${i}}`)));
    expect(ends.map(({ text }) => text)).toEqual(ends.map((_, i) => `{"i":${i}}`));
    const large = JSON.stringify(["x".repeat(6_000_000)]);
    expect((await instance.invoke(large)).text).toBe(large);
    await instance.link.heartbeat(5_000);
  });

  test("learns all of its request from the header", async () => {
    await using instance = await netRpc();
    const credentials = {
      accessKey: "AK",
      secretKey: "SK",
      securityAccessKey: "SAK",
      securitySecretKey: "SSK",
      securityToken: "ST",
      token: "T",
    };
    await instance.load({ credentials });
    const meta: CallMeta = {
      alias: "live",
      invokeType: "sync",
      workflowId: "w",
      workflowRunId: "r",
      workflowStateId: "s",
    };
    const { text } = await instance.invoke('"header"', 5_000, meta);
    expect(JSON.parse(text)).toMatchObject({
      "X-Cff-Request-Id": [expect.stringMatching(/^request-\d+$/)],
      "X-Cff-Access-Key": ["AK"],
      "X-Cff-Secret-Key": ["SK"],
      "X-Cff-Security-Access-Key": ["SAK"],
      "X-Cff-Security-Secret-Key": ["SSK"],
      "X-Cff-Security-Token": ["ST"],
      "X-Cff-Auth-Token": ["T"],
      "X-Cff-Invoke-Type": ["sync"],
      "X-Cff-Origin-Version-Tag": ["!live"],
      "X-Cff-Workflow-Id": ["w"],
      "X-Cff-Workflow-Run-Id": ["r"],
      "X-Cff-Workflow-State-Id": ["s"],
    });
  });

  test.each([
    ["error", "code", "no", "FunctionReturnError"],
    ["plain error", "code", "bad request parameters", "FunctionReturnError"],
    ["panic of an asynchronous request", "code", "the handler panicked; the log holds the reason", "panic"],
    [
      "too large",
      "too-large",
      "Response body size '6291457' larger than max value '6291456'.",
      "FunctionResponseTooLarge",
    ],
  ])("%s", async (way, kind, errorMessage, errorType) => {
    await using instance = await netRpc();
    await instance.load();
    const end = await instance.invoke(JSON.stringify(way));
    expect(end.kind).toBe(kind);
    expect(JSON.parse(end.text)).toEqual({ errorMessage, errorType, stackTrace: [] });
    expect((await instance.invoke("{}")).text).toBe("{}");
  });

  test("its exit is the instance's", async () => {
    await using instance = await netRpc();
    await instance.load();
    expect((await instance.invoke('"close"')).kind).toBe("crash");
    expect(await instance.exited).toBe(5);
  });

  test("is ended when it hangs up", async () => {
    await using instance = await netRpc();
    await instance.load();
    expect((await instance.invoke('"hang up"')).kind).toBe("crash");
    // By itself, since its listener is gone too, or by force.
    expect([1, 128 + 9]).toContain(await instance.exited);
  });

  test("has no initializer", async () => {
    await using instance = await netRpc();
    await instance.load({ initializer: { handler: "start", timeoutSeconds: 3 } });
    const failure = await instance.link.init(3_000).catch((error: RuntimeFailure) => error);
    expect(String((failure as RuntimeFailure).body)).toContain(
      "initializer 'start' not found in program './index'",
    );
  });

  test("lines of requests that run at once carry the right request", async () => {
    await using instance = await netRpc();
    await instance.load({ concurrency: 8 });
    const ends = await Promise.all(Array.from({ length: 8 }, () => instance.invoke('"log"')));
    for (const { logs } of ends)
      expect(logs.map((line) => line.split(" ").at(-1))).toEqual(["mine", "mine", "mine"]);
    const ids = ends.map(({ logs }) => new Set(logs.map((line) => line.split(" ")[2])));
    expect(new Set(ids.flatMap((one) => [...one])).size).toBe(8);
  });
});

test.skipIf(subject === undefined)(
  "a program of our module serves net/rpc too, where it is offered nothing else",
  async () => {
    await using instance = await start();
    await go.putCode("every-value-of-the-context", instance.codeRoot);
    await script(instance, `unset FUNGRAPH_CALLS\nexec "$(dirname "$0")/${PROGRAM}"`);
    await instance.load({ handler: "script", credentials: { accessKey: "AK", token: "T" } });
    const values = JSON.parse((await instance.invoke("{}")).text) as unknown[];
    expect([values[1], values[5], values[9], values[14]]).toEqual(["hello", 3, "AK", "T"]);
  },
);

test.skipIf(subject === undefined).each([1, 4])(
  "a handler that ends its goroutine is answered, and its program goes on (concurrency %i)",
  async (concurrency) => {
    await using instance = await start();
    await go.putCode("goexit", instance.codeRoot);
    await instance.load({ concurrency });
    for (const ends of [true, false, true, false]) {
      const end = await instance.invoke(String(ends));
      expect(end.kind).toBe(ends ? "code" : "ok");
      expect(end.text).toContain(ends ? "the handler ended its goroutine" : "fine");
    }
  },
);

describe.skipIf(subject === undefined)("a file that is no program for a Go function", () => {
  const build = "build it with CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o index";
  test.each<[string, string, (file: string) => Promise<void>]>([
    ["text", `'./index' is no Linux program; ${build}`, (file) => writeFile(file, "hello", { mode: 0o755 })],
    [
      "a program that is not executable",
      "'./index' is not executable: run chmod +x on it before it is packed",
      (file) => chmod(file, 0o444),
    ],
    [
      "a program for another processor",
      `'./index' is built for EM_AARCH64, not for x86-64; ${build}`,
      async (file) => {
        const bytes = await readFile(file);
        bytes.writeUInt16LE(0xb7, 18);
        await writeFile(file, bytes);
      },
    ],
    [
      "a plugin",
      "'./index.so' is a plugin, which runs only in the very Go 1.8 that built it",
      (file) => rename(file, `${file}.so`),
    ],
    [
      "a script that ends at once",
      "'./index' ended with code 7 before it served (main must call runtime.Register(handler), which does not return): no settings",
      (file) => writeFile(file, "#!/bin/sh\necho no settings\nexit 7\n", { mode: 0o755 }),
    ],
    [
      "a script that is killed at once",
      "'./index' ended by signal terminated before it served",
      (file) => writeFile(file, "#!/bin/sh\nkill -TERM $$\n", { mode: 0o755 }),
    ],
  ])("%s", async (_name, message, change) => {
    await using instance = await start();
    await go.putCode("echo", instance.codeRoot);
    await change(join(instance.codeRoot, PROGRAM));
    const failure = await instance.load().catch((error: RuntimeFailure) => error);
    expect(failure).toMatchObject({ kind: "load" });
    const body = JSON.parse(String((failure as RuntimeFailure).body)) as { errorMessage: string };
    expect(body.errorMessage).toContain(message);
  });

  test("a program that never serves is told so before the platform loses patience", async () => {
    await using instance = await start();
    await script(instance, "exec sleep 60");
    const failure = await instance
      .load({ handler: "script", loadTimeoutMs: 1_000 })
      .catch((error: RuntimeFailure) => error);
    expect(String((failure as RuntimeFailure).body)).toContain("'./script' did not serve within 900ms");
  });

  test("a program that never serves is ended with its platform", async () => {
    await using instance = await start();
    await script(instance, "exec sleep 60");
    const loading = instance.load({ handler: "script" }).catch((error: RuntimeFailure) => error);
    setTimeout(() => instance.link.close(), 100);
    expect(await loading).toMatchObject({ kind: "crash" });
    expect(await instance.exited).toBe(0);
  });
});

describe.skipIf(subject === undefined)("the sources", () => {
  const image = join(IMAGES, "go");
  const env = { ...process.env, GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off", GOPROXY: "off" };

  test.each([
    ["the runtime module", "go-runtime", ["test", "./..."]],
    ["the runtime module", "go-runtime", ["vet", "./..."]],
    ["the bootstrap", ".", ["vet", "."]],
  ])("%s in %s passes go %j", { timeout: 120_000 }, async (_name, folder, command) => {
    await run(goCommand() ?? "go", command, { cwd: join(image, folder), env });
  });

  test("are formatted", async () => {
    expect(
      (
        await run(join(goCommand() ?? "go", "..", "gofmt"), [
          "-l",
          image,
          join(IMAGES, "contract", "go"),
          NET_RPC,
        ])
      ).stdout,
    ).toBe("");
  });
});

function start(): Promise<TestInstance> {
  if (subject === undefined) throw new Error("no Go on this machine");
  return startInstance(go, subject);
}

async function netRpc(): Promise<TestInstance> {
  const program = await built({
    name: "go-net-rpc",
    sources: [NET_RPC],
    with: found[0]?.title ?? "",
    make: (folder) => goBuild(NET_RPC, ".", join(folder, PROGRAM)),
  });
  const instance = await start();
  await cp(join(program, PROGRAM), join(instance.codeRoot, PROGRAM));
  return instance;
}

async function script(instance: TestInstance, lines: string): Promise<void> {
  await writeFile(join(instance.codeRoot, "script"), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
}
