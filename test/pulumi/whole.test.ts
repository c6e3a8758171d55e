import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../../client/client.ts";
import { TestApi } from "../api/fixtures.ts";
import { missingEngine } from "./engine/binary.ts";
import { ended, TestStack } from "./stack.ts";
import { SECRETS, WHOLE_PROGRAM } from "./whole-program.ts";

/*
 * One of every kind on one stack, under the real engine. The control plane is the platform's own, without machines behind
 * it: networks and file systems are kept as those of a platform on Docker are.
 */

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const UP = ["up", "--yes", "--skip-preview"] as const;

/** What nobody may read anywhere: an address, and texts. */
function secretsOf(generation: "one" | "two"): string[] {
  const texts = Array.from({ length: SECRETS }, (_, number) => `hush-${generation}-${number}`);
  return texts.with(0, generation === "one" ? "10.77.11.1" : "10.77.22.2");
}

async function setSecrets(stack: TestStack, generation: "one" | "two"): Promise<void> {
  const pairs = secretsOf(generation).flatMap((value, number) => ["--secret", `s${number}=${value}`]);
  await stack.must("config", "set-all", ...pairs);
}

/** Every file below a folder, as text. */
function* textsIn(folder: string): Generator<[path: string, text: string]> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      yield [path, readFileSync(path, "latin1")];
    }
}

describe.skipIf(missing !== undefined)("a program with one of everything", { timeout: 480_000 }, () => {
  let api: TestApi;
  let client: Client;
  let stack: TestStack;
  beforeAll(async () => {
    api = await TestApi.start();
    client = new Client({ endpoint: api.url, ...api.credential });
    stack = new TestStack({
      program: WHOLE_PROGRAM,
      platform: { endpoint: api.url, region: "local", ...api.credential },
    });
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    stack.write("numbers/numbers.js", "exports.one = 1;\n");
    await stack.must("stack", "init", "test");
    await setSecrets(stack, "one");
  }, 120_000);
  afterAll(async () => {
    stack[Symbol.dispose]();
    client.close();
    await api[Symbol.asyncDispose]();
  });

  test("keeps all that is secret from every file and everything that is said, at first and when it changes", async () => {
    let said = await spoken("preview", "--json", "--save-plan", "plan.json");
    said += await spoken(...UP, "--diff", "--show-full-output");
    await setSecrets(stack, "two");
    said += await spoken("preview", "--diff", "--show-sames", "--show-full-output");
    said += await spoken(...UP, "--diff", "--show-full-output", "--logtostderr");
    said += await spoken("stack", "export");
    const hidden = [...secretsOf("one"), ...secretsOf("two")];
    expect(hidden.filter((secret) => said.includes(secret))).toEqual([]);
    // The platform itself has them.
    const { spec } = await client.functions.get("hello");
    expect(spec).toMatchObject({ description: "hush-two-2", environment: { TEXT: "hush-two-3" } });
    const base = join(stack.folder, "../..");
    const kept = ["examples", "state", "home"].flatMap((folder) => [...textsIn(join(base, folder))]);
    expect(kept.length).toBeGreaterThan(10);
    for (const [path, text] of kept)
      expect(
        hidden.filter((secret) => text.includes(secret)),
        path,
      ).toEqual([]);
  });

  test("shows in a refresh what was done through the API, kind by kind, and changes it back", async () => {
    await stack.must(...UP, "--expect-no-changes");
    const changed = await meddle();
    const drift = await spoken("refresh", "--yes", "--skip-preview", "--diff");
    expect(secretsOf("two").filter((secret) => drift.includes(secret))).toEqual([]);
    const planned = (await stack.preview()).map(({ op, urn, detailedDiff }) =>
      [op, urn.split("::").at(-1), ...Object.keys(detailedDiff ?? {})].join(" "),
    );
    expect(planned.sort()).toEqual(changed.sort());
    await stack.must(...UP);
    await stack.must(...UP, "--refresh", "--expect-no-changes");
    expect(await client.agencies.list()).toContainEqual({
      name: "helper",
      role: "FunctionGraph ReadOnlyAccess",
    });
  });

  test("goes as a whole", async () => {
    await stack.must("destroy", "--yes", "--skip-preview");
    expect((await stack.state()).size).toBe(0);
    expect(await client.functions.list()).toEqual([]);
    for (const left of [client.vpcs, client.natGateways, client.fileSystems])
      expect(await left.list()).toEqual([]);
  });

  /** All that a command prints, on both channels. */
  async function spoken(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await ended(stack.start(...args));
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}\n${stderr}`);
    return stdout + stderr;
  }

  /** Changes one of each kind that can be changed, and answers what an up has to do about it. */
  async function meddle(): Promise<string[]> {
    const state = await stack.state();
    const id = (name: string): string => state.get(name)?.id ?? "";
    const urn = api.urn("hello", "latest");
    const { functions, aliases, triggers } = client;
    const prod = await aliases.get(urn, "prod");
    await aliases.update(urn, { ...prod.spec, version: "latest" });
    await client.agencies.put({ name: "helper", role: "FunctionGraph FullAccess" });
    await client.tags.put(urn, { key: "team", value: "stock" });
    await client.reservedInstances.put(id("hello-prod-warm"), { count: 2, idleMode: false, policies: [] });
    await client.asyncSettings.delete(id("hello-prod-queue"));
    await client.fileSystems.update(id("files"), {
      name: "drawer",
      nfs: { server: "nfs.shop.internal", path: "/exports" },
    });
    const out = await client.natGateways.get(id("out"));
    await client.natGateways.update(out.id, { ...out.spec, address: "203.0.113.8" });
    const vpc = await client.vpcs.get(id("shop"));
    await client.vpcs.update(vpc.id, { ...vpc.spec, zones: [] });
    const { spec } = await functions.get(urn);
    const encryptedEnvironment = { TOKEN: "hush-two-4" };
    await functions.updateConfig(urn, {
      ...spec,
      memoryMb: 512,
      network: undefined,
      encryptedEnvironment,
    } as never);
    for (const trigger of await triggers.list(urn))
      if (trigger.spec.type === "SMN") await triggers.setStatus(urn, trigger, "DISABLED");
      else if (trigger.spec.type === "KAFKA") await triggers.delete(urn, "KAFKA", trigger.id);
    return [
      "update hello-prod version",
      "update helper role",
      "update hello memoryMb network tags.team",
      "update hello-prod-warm count",
      "create hello-prod-queue",
      "update files name",
      "update out address",
      "update shop zones",
      "update news enabled",
      "create kafka",
    ];
  }
});
