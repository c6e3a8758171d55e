import { expect, test } from "vitest";
import { casesOf, TOPICS, type ContractCase, type Family } from "./cases.ts";

const FAMILIES: readonly Family[] = ["nodejs", "python"];
const HEADINGS: Readonly<Record<(typeof TOPICS)[number], string>> = {
  results: "Results",
  errors: "Errors",
  context: "Context and environment",
  logs: "Logs",
  life: "Life of an instance",
};

/** Every case that applies to a language passes (contract.test.ts); the table says which apply, and why not. */
test("the table of cases is fresh", async () => {
  const parts = TOPICS.map((topic) => `## ${HEADINGS[topic]}\n\n${table(casesOf(topic))}\n`);
  const intro =
    "# The contract's cases\n\nGenerated from the JSON files of this folder by `vitest run test/runtimes -u`. A test runs every case marked `yes` over real processes.\n";
  await expect([intro, ...parts].join("\n")).toMatchFileSnapshot("../../runtime-images/contract/CASES.md");
});

test("every case has code for a language or says why not", () => {
  const silent = TOPICS.flatMap((topic) => casesOf(topic)).filter((one) =>
    FAMILIES.some((family) => (one.code[family] === undefined) === (one.not?.[family] === undefined)),
  );
  expect(silent.map((one) => one.name)).toEqual([]);
});

function table(cases: readonly ContractCase[]): string {
  const rows = [
    ["case", ...FAMILIES],
    ...cases.map((one) => [one.name, ...FAMILIES.map((family) => one.not?.[family] ?? "yes")]),
  ];
  const widths = [0, ...FAMILIES.map((_, i) => i + 1)].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}
