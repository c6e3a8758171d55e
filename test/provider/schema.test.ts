import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { packageSchema } from "../../provider/plugin/schema.ts";
import { resources } from "../../provider/resources.ts";

interface Property {
  readonly description?: string;
  readonly secret?: boolean;
  readonly replaceOnChanges?: boolean;
}

interface Described {
  readonly description?: string;
  readonly properties: Record<string, Property>;
  readonly inputProperties?: Record<string, Property>;
  readonly requiredInputs: readonly string[];
}

const schema = packageSchema(packageFile.version) as unknown as {
  readonly resources: Record<string, Described>;
  readonly types: Record<string, Described>;
};

test("docs/schema.json is fresh: `npm run generate` writes it", () => {
  const file = readFileSync(new URL("../../docs/schema.json", import.meta.url), "utf8");
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(schema)));
});

describe.each(Object.entries({ ...schema.resources, ...schema.types }))("%s", (_token, described) => {
  test("has a sentence for itself and for every property", () => {
    const { description, properties, inputProperties = {} } = described;
    for (const [name, text] of [
      ["itself", description],
      ...Object.entries({ ...properties, ...inputProperties }).map(([each, one]) => [each, one.description]),
    ])
      expect(text, name).toMatch(/^[A-Z].*\.$/);
  });
});

test.each(Object.entries(resources))("%s says what is secret and what makes a new one", (token, logic) => {
  const { inputProperties = {}, properties = {} } = schema.resources[token] ?? {};
  expect(named("secret", properties).sort()).toEqual([...logic.secrets].sort());
  expect(named("replaceOnChanges", inputProperties).sort()).toEqual([...logic.fixed].sort());
});

/** Names of the properties that have a mark. */
function named(mark: keyof Property, among: Record<string, Property>): string[] {
  return Object.keys(among).filter((name) => among[name]?.[mark] === true);
}
