import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, type TestContext } from "vitest";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { packCode } from "../../packaging/pack.ts";
import { dataFolder, type PlatformProcess } from "./support.ts";

const GO_MOD =
  "module greeter\n\ngo 1.19\n\nrequire huaweicloud.com/go-runtime v0.0.0-00010101000000-000000000000\n";
const SOURCE = `package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"huaweicloud.com/go-runtime/go-api/context"
	"huaweicloud.com/go-runtime/pkg/runtime"
)

var ready string

func initialize(ctx context.RuntimeContext) error {
	ready = ctx.GetFunctionName()
	return nil
}

func handler(payload []byte, ctx context.RuntimeContext) (interface{}, error) {
	if string(payload) == "\\"facts\\"" {
		folder, err := os.Getwd()
		fmt.Println("printed")
		ctx.GetLogger().Logf("logged %d", 1)
		return []interface{}{ready, ctx.GetUserData("KEY"), os.Getenv("KEY"), ctx.GetMemorySize(), ctx.GetCPUNumber(),
			ctx.GetRunningTimeInSeconds(), ctx.GetRemainingTimeInMilliSeconds() > 1000, folder, os.Getuid()}, err
	}
	// Waits until all have come: they share an instance and run at once, or never end.
	file, err := os.CreateTemp("", "came.")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	for came := 0; came < 4; {
		found, err := filepath.Glob("/tmp/came.*")
		if err != nil {
			return nil, err
		}
		came = len(found)
		time.Sleep(time.Millisecond)
	}
	ctx.GetLogger().Logf("of %s", payload)
	return ctx.GetRequestID(), nil
}

func main() {
	runtime.RegisterInitializer(initialize)
	runtime.Register(handler)
}
`;

test("sources become a function that knows itself", { timeout: 60_000 }, async (context) => {
  await using folder = await dataFolder();
  const platform = await folder.start({ poolSize: 1 });
  needGo(platform, context);
  await deploy(platform, {
    name: "go-facts",
    initializer: { handler: "initialize", timeoutSeconds: 5 },
    environment: { KEY: "value" },
    memoryMb: 256,
  });
  const reply = await platform.client.invocations.invoke("go-facts", '"facts"', { tail: true });
  const values = JSON.parse(reply.result.toString()) as unknown[];
  expect(values.slice(0, 7)).toEqual(["go-facts", "value", "value", 256, 400, 3, true]);
  if (platform.facts.isolation.inForce.some((one) => one.includes("user 1003")))
    expect(values.slice(7)).toEqual(["/opt/function", 1003]);
  expect(reply.log).toMatch(
    new RegExp(`printed\\n\\d{4}-\\d\\d-\\d\\d [\\d:.]+[+-]\\d\\d:\\d\\d ${reply.requestId} logged 1\\n`),
  );
  expect(reply.summary?.memoryUsed).toBeGreaterThan(1);
});

test("requests that share an instance have each its own log", { timeout: 60_000 }, async (context) => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  needGo(platform, context);
  if (!platform.facts.isolation.inForce.some((one) => one.includes("/tmp")))
    context.skip("no /tmp of its own");
  await deploy(platform, { name: "go-many", concurrency: 4, timeoutSeconds: 20 });
  const replies = await Promise.all(
    [0, 1, 2, 3].map((i) => platform.client.invocations.invoke("go-many", String(i), { tail: true })),
  );
  for (const [i, reply] of replies.entries()) {
    expect(reply.result.toString()).toBe(reply.requestId);
    expect(reply.log.match(/of \d/g)).toEqual([`of ${String(i)}`]);
  }
});

function needGo(platform: PlatformProcess, { skip }: TestContext): void {
  const row = platform.facts.runtimes.find(({ runtime }) => runtime === "Go1.x");
  if (row?.available !== true) skip(row?.detail ?? "no Go on this machine");
}

async function deploy(
  platform: PlatformProcess,
  spec: Partial<FunctionSpec> & { readonly name: string },
): Promise<void> {
  const code = await mkdtemp(join(tmpdir(), "fungraph-go-code-"));
  try {
    await writeFile(join(code, "go.mod"), GO_MOD);
    await writeFile(join(code, "main.go"), SOURCE);
    const runtime = { runtime: "Go1.x", handler: "greeter" };
    const { archive, filename } = await packCode({ ...runtime, root: code, code: "." });
    const upload = { type: "zip", file: archive, filename } as const;
    await platform.client.functions.create(normalizeFunction({ ...runtime, ...spec }), upload);
  } finally {
    await rm(code, { recursive: true, force: true });
  }
}
