import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { LIMITS } from "../../model/limits.ts";
import { readLimits } from "../../platform/limits.ts";
import { startPlatform } from "../../platform/main.ts";
import type { InstanceView } from "../../platform/scheduler/scheduler.ts";
import { functionBody } from "../api/fixtures.ts";
import { TemporaryFolder } from "../store/fixtures.ts";
import { officialClient } from "../support/sdk.ts";
import { PlatformProcess, until } from "./support.ts";

function read(content: string) {
  using folder = new TemporaryFolder();
  writeFileSync(join(folder.path, "limits.json"), content);
  return readLimits(folder.path);
}

test("without a file the limits are the service's own, with one the named ones change", () => {
  using folder = new TemporaryFolder();
  expect(readLimits(folder.path)).toBe(LIMITS);
  expect(read('{"functions": 1000, "reservedShare": 0.5}')).toEqual({
    ...LIMITS,
    functions: 1000,
    reservedShare: 0.5,
  });
});

test("fails with every fault of the file, each with its rule", () => {
  expect(() =>
    read('{"functions": 0, "reservedShare": 2, "handlerLength": 5, "cake": 1, "requestBytes": 7000000}'),
  ).toThrow(
    /functions: 0 — must be a whole number from 1\..*\n.*reservedShare: 2 — must be a number from 0 to 1\..*\n.*handlerLength: 5 — is a property of the service.*\n.*cake: 1 — is no limit\. Set one of functions, .*\n.*requestBytes: 7000000 — must be a whole number from 1024 to 6291456/,
  );
  expect(() => read("{")).toThrow(/limits\.json is not JSON/);
  expect(() => read("[1]")).toThrow(/is no JSON object/);
});

test(
  "of the account's executions the queue takes two thirds, one function half of these",
  { timeout: 60_000 },
  async () => {
    using folder = new TemporaryFolder();
    writeFileSync(join(folder.path, "limits.json"), '{"concurrentExecutions": 6}');
    // Their calls never end.
    const config = { dataDir: folder.path, isolation: "bare", poolSize: 0, shutdownGraceSeconds: 0 } as const;
    await using platform = await PlatformProcess.start(config);
    const code = "exports.handler = (event, context) => new Promise(() => undefined);";
    const spec = { concurrency: 10, timeoutSeconds: 600, maxInstances: 1 };
    const running = async (): Promise<number[]> => {
      const { instances } = await platform.get<{ instances: InstanceView[] }>("instances");
      return ["one", "two", "three"].map(
        (name) => instances.find(({ functionKey }) => functionKey.endsWith(`/${name}`))?.inFlight ?? 0,
      );
    };
    const leave = async (name: string): Promise<void> => {
      await platform.deploy(name, code, spec);
      for (let calls = 0; calls < 4; calls += 1) await platform.client.invocations.invokeAsync(name, "{}");
    };
    await leave("one");
    await until(async () => (await running())[0] === 2);
    await leave("two");
    await until(async () => (await running())[1] === 2);
    await leave("three");
    expect(await platform.get("health")).toMatchObject({ asyncRunning: 4, asyncWaiting: 8 });
    expect(await running()).toEqual([2, 2, 0]);
  },
);

test("control plane and gateway keep to the file", async () => {
  using folder = new TemporaryFolder();
  writeFileSync(join(folder.path, "limits.json"), '{"functions": 1, "requestBytes": 2048}');
  const platform = await startPlatform({ dataDir: folder.path, isolation: "bare", poolSize: 0 });
  try {
    const client = officialClient(platform);
    const create = async (name: string) => client.createFunction({ body: await functionBody(name) } as never);
    await create("one");
    const functionUrn = `urn:fss:local:${platform.projectId}:function:default:one`;
    await expect(create("two")).rejects.toMatchObject({ errorCode: "FSS.1041" });
    const body = { text: "x".repeat(3000) };
    await expect(client.invokeFunction({ function_urn: functionUrn, body } as never)).rejects.toMatchObject({
      errorCode: "FSS.1201",
      errorMsg: expect.stringContaining("2048 bytes"),
    });
  } finally {
    await platform.close();
  }
});
