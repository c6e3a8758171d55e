import { expect, test } from "vitest";
import { FAILURES } from "../../model/failure.ts";
import { canFail, WAYS } from "../platform/ways-to-fail.ts";
import { caseIds, casesOf, hasCode, TOPICS, type ContractCase } from "./cases.ts";
import { LANGUAGES } from "./languages/index.ts";

const FAMILIES = LANGUAGES.map(({ family }) => family);
const HEADINGS: Readonly<Record<(typeof TOPICS)[number], string>> = {
  results: "Results",
  errors: "Errors",
  context: "Context and environment",
  logs: "Logs",
  life: "Life of an instance",
};

/** Every case that applies to a language passes (contract.test.ts); the table says which apply, and why not. */
test("the table of cases is fresh", async () => {
  const parts = TOPICS.map((topic) => `## ${HEADINGS[topic]}\n\n${table(topic)}\n`);
  parts.push(
    `## Failures, through the whole platform\n\nOf functions that are deployed and called through the API.\n\n${failures()}\n`,
  );
  const intro =
    "# The contract's cases\n\nGenerated from the files of this folder by `vitest run test/runtimes -u`. A test runs every case marked `yes` over real processes.\n";
  await expect([intro, ...parts].join("\n")).toMatchFileSnapshot("../../runtime-images/contract/CASES.md");
});

test.each(FAMILIES)("every case has %s code or says why not", (family) => {
  const wrong = TOPICS.flatMap((topic) => casesOf(topic, family))
    .filter(({ id, not }) => hasCode(id, family) === (not !== undefined))
    .map(({ id }) => id);
  expect(wrong).toEqual([]);
});

test("ids are unique", () => {
  const ids = caseIds();
  expect([...new Set(ids)]).toEqual(ids);
});

function table(topic: (typeof TOPICS)[number]): string {
  const columns = FAMILIES.map((family) => casesOf(topic, family));
  const cells = (columns[0] ?? []).map(({ name }, row) => [
    name,
    ...columns.map((cases) => applies(cases[row])),
  ]);
  return render([["case", ...FAMILIES], ...cells]);
}

/** How the platform tells failures apart; test/platform/failures.test.ts makes each happen in each language. */
function failures(): string {
  const cells = WAYS.map(({ name, kind }) => [
    `a function that ${name}`,
    FAILURES[kind].reason,
    String(FAILURES[kind].code),
    ...FAMILIES.map((family) => (canFail(family) ? "yes" : "no code to fail with")),
  ]);
  return render([["case", "reason in the log", "code", ...FAMILIES], ...cells]);
}

function render(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

function applies(one: ContractCase | undefined): string {
  return one?.not ?? (one?.since === undefined ? "yes" : `yes, from ${one.since} on`);
}
