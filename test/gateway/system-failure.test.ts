import { expect, test } from "vitest";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { ask, codeOf, invoke } from "./caller.ts";
import { startStack } from "./stack.ts";

/** A machine on which nothing can be started. */
class BrokenDriver extends FakeDriver {
  override create(): Promise<never> {
    return Promise.reject(new Error("no more processes"));
  }
}

test("what the platform itself fails at is told from failures of functions: by status, by cause in the log, in metrics", async () => {
  await using stack = await startStack({ driver: new BrokenDriver() });
  const { key } = await stack.deploy({ "index.js": "" });
  stack.route(key, { path: "/" });
  const answer = await invoke(stack, `urn:fss:local:${key.projectId}:function:default:demo`, "{}");
  expect([answer.status, codeOf(answer)]).toEqual([500, "FSS.0500"]);
  expect(answer.body).toContain("The platform could not run the function");
  const behind = await ask(stack.origin);
  expect([behind.status, codeOf(behind)]).toEqual([503, "FSS.0503"]);
  const functionKey = `${key.projectId}/default/demo`;
  const ends = async (reason: "system" | "load") =>
    (await stack.telemetry.logs(functionKey, { reason })).entries.filter(({ kind }) => kind === "end");
  expect([(await ends("system")).length, (await ends("load")).length]).toEqual([2, 0]);
  await stack.telemetry.flush();
  const minutes = await stack.store.metrics.query(functionKey, 0, Number.MAX_SAFE_INTEGER);
  expect(minutes.reduce((sum, { systemFailCount }) => sum + systemFailCount, 0)).toBe(2);
});
