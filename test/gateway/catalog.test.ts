import { expect, test } from "vitest";
import { LIMITS } from "../../model/limits.ts";
import { Catalog } from "../../platform/gateway/catalog.ts";
import { Lanes } from "../../platform/gateway/lanes.ts";
import { Resolution } from "../../platform/gateway/resolution.ts";
import type { Store } from "../../platform/store/store.ts";
import { deferred } from "../scheduler/fixtures.ts";
import { eventually } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

/** A catalog of the stack's functions whose code is unpacked when the gate opens. */
function catalogOf({ store, scheduler, telemetry }: Stack, gate: Promise<void>) {
  let asked = 0;
  const code = Object.create(store.code) as Store["code"];
  code.folder = async (...given) => {
    asked += 1;
    await gate;
    return store.code.folder(...given);
  };
  const { concurrentExecutions, queueLength, queueSeconds, idleSeconds } = LIMITS;
  const lanes = new Lanes({
    scheduler,
    telemetry,
    concurrentExecutions,
    queueLength,
    queueSeconds,
    idleSeconds,
    problem: (error) => void error,
  });
  const catalog = new Catalog({ store: { ...store, code }, scheduler, lanes, region: "local" });
  return { catalog, lanes, asked: () => asked };
}

test("what changes while a name is looked up is looked up again, for all who wait", async () => {
  await using stack = await startStack();
  const { key } = await stack.deploy({ "index.js": "" });
  for (const version of ["one", "two"]) stack.store.versions.publish(key, version, "");
  stack.store.aliases.create(key, { name: "live", version: "one", description: "" });
  const gate = deferred();
  const { catalog, lanes, asked } = catalogOf(stack, gate.promise);
  const before = [catalog.findTarget(key, "!live"), catalog.findTarget(key, "!live")];
  await eventually(() => asked() === 1);
  stack.store.aliases.update(key, { name: "live", version: "two", description: "" });
  catalog.changed(`${key.projectId}/${key.package}/${key.name}`);
  gate.resolve();
  for (const found of [...(await Promise.all(before)), await catalog.findTarget(key, "!live")])
    expect(found instanceof Resolution && found.pick().lane.target.version).toBe("two");
  await lanes.close(0);
});
