import { afterAll, beforeAll, expect, test } from "vitest";

import { OPERATION_IDS, operationRow } from "../../model/api/operations.ts";
import { functions } from "../sdk/functions.ts";
import { invocations } from "../sdk/invocations.ts";
import { observation } from "../sdk/observation.ts";
import { renderOperations } from "../sdk/page.ts";
import { parts } from "../sdk/parts.ts";
import { settings } from "../sdk/settings.ts";
import { Stage } from "../sdk/stage.ts";
import { triggers } from "../sdk/triggers.ts";
import { versions } from "../sdk/versions.ts";
import { workflows } from "../sdk/workflows.ts";

// One platform, driven through all its operations by the official client with nothing changed but the endpoint.
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(async () => {
  await stage[Symbol.asyncDispose]();
});

for (const family of [functions, versions, triggers, invocations, parts, observation, settings, workflows])
  family(() => stage);

test("the official client has driven every operation it has, and docs/api.md says so (else run with -u)", async () => {
  const all = OPERATION_IDS.filter((id) => operationRow(id).extra === undefined);
  expect(all).toHaveLength(92);
  expect([...stage.effects.keys()].toSorted()).toEqual(all.toSorted());
  await expect(renderOperations(stage.effects)).toMatchFileSnapshot("../../docs/api.md");
});
