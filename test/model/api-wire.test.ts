import { describe, expect, test } from "vitest";
import type { OperationId } from "../../model/api/operations.ts";
import { checkBody, checkResponse } from "../../model/api/validate.ts";
import { normalizeFunction } from "../../model/function.ts";
import { aliasToBody, aliasToWire } from "../../model/wire/alias.ts";
import { updateCodeToWire } from "../../model/wire/code.ts";
import { createFunctionToWire, updateConfigToWire } from "../../model/wire/function-config.ts";
import { codeToWire, functionToWire } from "../../model/wire/function.ts";
import { triggerToBody, triggerToWire } from "../../model/wire/trigger.ts";

const SPEC = normalizeFunction({ name: "demo", runtime: "Node.js20.15", handler: "index.handler" });
const CODE = { type: "zip" as const, file: Buffer.from("PK"), filename: "index.zip" };
const PLACE = { region: "local", domainId: "domain" };
const KEY = { projectId: "p1", package: "default", name: "demo" };
const VIEW = {
  key: KEY,
  id: "0f7e",
  version: "latest",
  versionDescription: "first",
  spec: { ...SPEC, initializer: { handler: "index.init", timeoutSeconds: 10 } },
  code: { type: "zip" as const, size: 2, digest: "ab", filename: "index.zip" },
  dependencies: [],
  modifiedAt: 0,
};
const ALIAS = { spec: { name: "live", version: "v1", description: "" }, modifiedAt: 0 };
const TIMER = {
  type: "TIMER" as const,
  status: "ACTIVE" as const,
  eventData: { name: "t", schedule_type: "Rate", schedule: "3m", user_event: "" } as const,
};

describe("what our clients send is what the table takes", () => {
  test.each<[OperationId, unknown]>([
    ["CreateFunction", createFunctionToWire(SPEC, CODE)],
    ["UpdateFunctionConfig", updateConfigToWire(SPEC)],
    ["UpdateFunctionCode", updateCodeToWire(CODE)],
    ["UpdateFunctionCode", updateCodeToWire({ type: "obs", link: "http://localhost/code.zip" })],
    ["CreateVersionAlias", aliasToBody(ALIAS.spec)],
    ["UpdateVersionAlias", aliasToBody(ALIAS.spec)],
    ["CreateFunctionTrigger", triggerToBody(TIMER)],
  ])("%s", (id, body) => {
    expect(checkBody(id, body)).toEqual([]);
  });
});

describe("what the platform answers is what the table promises", () => {
  const shown = functionToWire(VIEW, PLACE);
  const published = functionToWire({ ...VIEW, version: "v1" }, PLACE);
  const trigger = triggerToWire({ id: "t1", spec: TIMER, createdAt: 0, modifiedAt: 0 });
  const alias = aliasToWire(ALIAS, KEY, "local");
  test.each<[OperationId, unknown]>([
    ["CreateFunction", shown],
    ["ShowFunctionConfig", shown],
    ["ShowFunctionConfig", published],
    ["UpdateFunctionConfig", shown],
    ["UpdateFunctionMaxInstanceConfig", shown],
    ["CreateFunctionVersion", published],
    ["ListFunctions", { functions: [shown], next_marker: 1, count: 1 }],
    ["ListFunctionVersions", { versions: [shown, published], next_marker: 2, count: 2 }],
    ["ShowFunctionCode", codeToWire(VIEW, PLACE, btoa("PK"))],
    ["UpdateFunctionCode", codeToWire(VIEW, PLACE)],
    ["ShowVersionAlias", alias],
    ["ListVersionAliases", [alias]],
    ["CreateFunctionTrigger", trigger],
    ["ListFunctionTriggers", [trigger]],
    ["ExportFunction", Buffer.from("PK")],
  ])("%s", (id, body) => {
    expect(checkResponse(id, body)).toEqual([]);
  });
});
