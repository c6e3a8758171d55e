import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as fg from "../../components/index.ts";
import { readComponents } from "../../scripts/component-sources.ts";
import { renderComponents } from "../../scripts/generate-components.ts";

const declared = readComponents(fileURLToPath(new URL("../../components", import.meta.url)));

test("docs/components.md is fresh: `npm run generate` writes it", () => {
  const page = readFileSync(new URL("../../docs/components.md", import.meta.url), "utf8");
  expect(page).toBe(renderComponents());
});

test("tells of everything that programs can use", () => {
  const named = declared.filter(({ kind }) => kind !== "args").map(({ name }) => name);
  expect(named.sort()).toEqual(Object.keys(fg).sort());
});

describe.each(declared.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  test("has a sentence for itself and for every part", () => {
    expect(one.about).toMatch(/^[A-Z][^]*[.`]$/);
    const parts = one.kind === "class" ? [...one.outputs, ...one.methods] : [];
    const members = one.kind === "args" ? one.members : parts;
    for (const { name, about } of members) expect(about, name).toMatch(/^[A-Z][^]*\.$/);
  });

  test("states the default of what may be left out", () => {
    if (one.kind !== "args") return;
    for (const { name, about, optional } of one.members)
      if (optional) expect(about, name).toMatch(/Defaults to\s|left out/i);
  });
});
