import { describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { type StoredResource, TestStack } from "./stack.ts";

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

/** One of each kind that needs no machine of its own; with ids in the settings, each of them is imported. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const ids = new pulumi.Config().getObject<Record<string, string>>("ids");
pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
  const id = ids?.[name];
  return id === undefined ? undefined : { props, opts: { ...opts, import: id } };
});

const helper = new fg.Agency("helper", { role: fg.Role.ReadOnly });
const numbers = new fg.Dependency("numbers", { code: "./numbers", runtime: fg.Runtime.NodeJs20 });
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  memoryMb: 256,
  environment: { TEXT: "hello" },
  initializer: { handler: "index.handler", timeoutSeconds: 5 },
  executionAgency: helper.agencyName,
  dependencies: [numbers.versionId],
});
hello.testEvent("order", { event: JSON.stringify({ order: 1 }) });
const first = hello.publish("first", { versionName: "v1", description: "the first" });
const prod = hello.alias("prod", { version: first.version, description: "what customers use" });
const { aliasUrn: functionUrn } = prod;
prod.onHttp("greet", { path: "/greet/{name}", method: fg.HttpMethod.Get, auth: fg.HttpAuth.None });
prod.onTimer("hourly", { every: "1h", userEvent: "tick", enabled: false });
prod.onAsync("queue", { maxRetries: 2, statusLog: true });
prod.reserve("warm", { count: 1 });
new fg.LtsTrigger("lines", { functionUrn, logGroupId: "group-1", logTopicId: "topic-1" });
new fg.ObsTrigger("uploads", { functionUrn, bucket: "uploads", events: [fg.ObsEvent.CreatedByPut] });
new fg.SmnTrigger("news", { functionUrn, topicUrn: "urn:smn:local:shop:news" });
`;

const UP = ["up", "--yes", "--skip-preview"] as const;

/** What \`import\` wants to know: a trigger's id does not say whose it is. */
function importId({ type, id = "", inputs }: StoredResource): string {
  return type.endsWith("Trigger") ? `${String(inputs?.["functionUrn"])}/${id}` : id;
}

async function idsIn(stack: TestStack): Promise<Record<string, string>> {
  const own = [...(await stack.state())].filter(([, { type }]) => type.startsWith("fungraph:"));
  return Object.fromEntries(own.map(([name, resource]) => [name, importId(resource)]));
}

describe.skipIf(missing !== undefined)("the import option", { timeout: 240_000 }, () => {
  test("takes over each kind of resource as it is, and nothing is left to change", async () => {
    await using platform = await TestPlatform.start();
    using stack = new TestStack({ program: PROGRAM, platform: platform.running });
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    stack.write("numbers/numbers.js", "exports.one = 1;\n");
    await stack.must("stack", "init", "first");
    await stack.must(...UP);
    const ids = await idsIn(stack);
    expect(Object.keys(ids)).toHaveLength(13);
    await stack.must("stack", "init", "second");
    await stack.must("config", "set", "ids", JSON.stringify(ids));
    const planned = await stack.preview();
    expect(planned.map(({ op }) => op)).toEqual(planned.map(() => "import"));
    expect(planned).toHaveLength(13);
    await stack.must(...UP);
    await stack.must("config", "rm", "ids");
    // What was imported is protected by nothing, and is what the program says.
    await stack.must(...UP, "--refresh", "--expect-no-changes");
    await stack.must("destroy", "--yes", "--skip-preview");
    expect(await platform.client.functions.list()).toEqual([]);
  });

  test("tells what does not fit before anything is done", async () => {
    await using platform = await TestPlatform.start();
    using stack = new TestStack({ program: PROGRAM, platform: platform.running });
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    stack.write("numbers/numbers.js", "exports.one = 1;\n");
    await stack.must("stack", "init", "test");
    await stack.must("config", "set", "ids", JSON.stringify({ hello: platform.urn("nobody") }));
    const gone = await stack.run("preview");
    expect(gone.code).not.toBe(0);
    expect(gone.stdout).toContain("does not exist");
  });
});
