import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { OPERATION_IDS } from "../../model/api/operations.ts";
import { packageVersion, renderOpenApi } from "../../scripts/generate-openapi.ts";

test("docs/openapi.json is fresh (else run: node scripts/generate-openapi.ts)", () => {
  const text = readFileSync(new URL("../../docs/openapi.json", import.meta.url), "utf8");
  expect(text === renderOpenApi(packageVersion())).toBe(true);
});

test("the document is OpenAPI 3.1, and every reference in it leads somewhere", async () => {
  const validator = new Validator();
  const result = await validator.validate(renderOpenApi("1.0.0"));
  expect(result.errors).toBeUndefined();
  expect([result.valid, validator.version]).toEqual([true, "3.1"]);
  const document = JSON.stringify(validator.resolveRefs());
  expect(document).not.toContain('"$ref"');
});

test("the document has every operation once, and says who may call it", () => {
  const text = renderOpenApi("1.0.0");
  const ids = Array.from(text.matchAll(/"operationId": "(\w+)"/g), ([, id]) => id);
  expect(new Set(ids)).toEqual(new Set(OPERATION_IDS));
  expect(text.match(/For (everybody|(FunctionGraph \w+(, )?)+)\./g)).toHaveLength(ids.length);
});
