import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  longerThanGateway,
  movingAlias,
  overBudget,
  plainSecrets,
  publicTrigger,
} from "../../policy/rules.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const PACK = fileURLToPath(new URL("../../policy", import.meta.url));
const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const URN = "urn:fss:region:project:function:default:hello";

function declared(inputs: Record<string, unknown>): {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
} {
  return { type: "", name: "hello", inputs };
}

describe("the rules of the policy pack", () => {
  test.each([
    ["NONE", [], true],
    ["NONE", ["hello"], false],
    ["IAM", [], false],
  ])("a trigger with auth %s, allowed %j", (auth, allowed, wrong) => {
    expect(publicTrigger(declared({ auth }), allowed) !== undefined).toBe(wrong);
  });

  test.each([
    ["prod", "latest", true],
    ["prod", "v1", false],
    ["test", "latest", false],
  ])("the alias %s on %s", (name, version, wrong) => {
    expect(movingAlias(declared({ name, version }), "^prod") !== undefined).toBe(wrong);
  });

  test.each([
    [{ API_KEY: "1" }, true],
    [{ DB_PASSWORD: "1" }, true],
    [{ TOKEN: "1" }, true],
    [{ KEYBOARD: "1", MONKEY: "1", TOKENIZER: "1" }, false],
    [undefined, false],
  ])("variables %j", (environment, wrong) => {
    expect(plainSecrets(declared({ environment })) !== undefined).toBe(wrong);
  });

  test.each([
    [91, `${URN}:!prod`, true],
    [90, `${URN}:!prod`, false],
    [900, `${URN}2:latest`, false],
  ])("a function of %d s and a trigger on %s", (timeoutSeconds, functionUrn, wrong) => {
    const hello = declared({ timeoutSeconds, functionUrn: `${URN}:latest` });
    expect(longerThanGateway(hello, [declared({ functionUrn })]) !== undefined).toBe(wrong);
  });

  test("reserved instances count with the most of their policies", () => {
    const reserved = [declared({ count: 1, policies: [{ count: 5 }] }), declared({ count: 3 })];
    expect(overBudget(reserved, 8)).toBeUndefined();
    expect(overBudget(reserved, 7)).toContain("up to 8 instances, its budget is 7");
  });
});

const PROGRAM = `
import * as fg from "fungraph";
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  timeoutSeconds: 100,
  environment: { API_TOKEN: "abc" },
});
const prod = hello.alias("prod", { version: "latest" });
prod.onHttp("open", { path: "/open", auth: fg.HttpAuth.None });
prod.reserve("warm", { count: 21 });
`;

describe.skipIf(missing !== undefined)("the policy pack under Pulumi's engine", { timeout: 120_000 }, () => {
  test("fails a preview that breaks every rule, with a sentence for each", async () => {
    using stack = new TestStack({ program: PROGRAM });
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    await stack.must("stack", "init", "test");
    await stack.must("config", "set", "fungraph:projectId", "project");
    await stack.must("config", "set", "fungraph:region", "region");
    await stack.must("preview");
    const { code, stdout } = await stack.run("preview", "--policy-pack", PACK);
    expect(code, stdout).not.toBe(0);
    for (const sentence of [
      'Everybody may call the HTTP trigger "hello-prod-open"',
      'The alias "prod" points to latest',
      'The function "hello" shows API_TOKEN in clear',
      'The function "hello" may run 100 s',
      "The stack reserves up to 21 instances, its budget is 20",
    ])
      expect(stdout).toContain(sentence);
  });

  test("takes settings, and how hard each rule is", async () => {
    using stack = new TestStack({ program: PROGRAM });
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    await stack.must("stack", "init", "test");
    const settings = {
      "no-public-http-trigger": { allowed: ["hello-prod-open"] },
      "no-latest-behind-production": { pattern: "^live" },
      "no-plain-secrets": { enforcementLevel: "advisory" },
      "timeout-within-gateway": { enforcementLevel: "disabled" },
      "reserved-instances-within-budget": { budget: 21 },
    };
    stack.write("policy.json", JSON.stringify(settings));
    const shown = await stack.must("preview", "--policy-pack", PACK, "--policy-pack-config", "policy.json");
    expect(shown).toContain('The function "hello" shows API_TOKEN in clear');
    expect(shown).not.toContain("Everybody may call");
  });
});
