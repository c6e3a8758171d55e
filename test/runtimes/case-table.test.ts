import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FAILURES } from "../../model/failure.ts";
import { WAYS, whyNot } from "../platform/ways-to-fail.ts";
import { caseIds, casesOf, hasCode, TOPICS, type ContractCase } from "./cases.ts";
import { LANGUAGES } from "./languages/index.ts";
import { IMAGES } from "./languages/language.ts";

const FAMILIES = LANGUAGES.map(({ family }) => family);
const HEADINGS: Readonly<Record<(typeof TOPICS)[number], string>> = {
  results: "Results",
  errors: "Errors",
  context: "Context and environment",
  logs: "Logs",
  life: "Life of an instance",
};

/** What is said before each language's first function. */
const FIRST = {
  nodejs: {
    ending: "js",
    title:
      "Node.js: `index.js`, handler `index.handler`; `async` functions may return instead of calling back.",
  },
  python: { ending: "py", title: "Python: `index.py`, handler `index.handler`." },
  java: { ending: "java", title: "Java: `demo/Index.java` in a jar, handler `demo.Index.handler`." },
  go: { ending: "go", title: "Go: a module with this `main`, handler the program's name." },
  csharp: { ending: "cs", title: "C#: an assembly `index`, handler `index::Example.Program::Handler`." },
  php: { ending: "php", title: "PHP: `index.php`, handler `index.handler`." },
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

/** The same at a glance in the README of the room, and the case that a reader meets first, as each language has it. */
test("the README has the table and the first functions, fresh", async () => {
  const file = join(IMAGES, "README.md");
  const text = filled(
    filled(readFileSync(file, "utf8"), "cases", glance()),
    "first functions",
    firstFunctions(),
  );
  await expect(text).toMatchFileSnapshot(file);
});

/** What stands between two lines of a text is generated. */
function filled(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  return `${before}\n\n${content}\n\n${text.slice(text.indexOf(end))}`;
}

function firstFunctions(): string {
  return Object.entries(FIRST)
    .map(([family, { title, ending }]) => {
      const code = readFileSync(join(IMAGES, "contract", family, `a-first-function.${ending}`), "utf8");
      return `${title}\n\n\`\`\`${ending === "cs" ? "csharp" : ending}\n${code}\`\`\``;
    })
    .join("\n\n");
}

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

/** All topics in one table, with marks instead of reasons. */
function glance(): string {
  const rows = TOPICS.flatMap((topic) => {
    const columns = FAMILIES.map((family) => casesOf(topic, family));
    const cases = (columns[0] ?? []).map(({ name }, row) => [name, ...columns.map((all) => mark(all[row]))]);
    return [[`**${HEADINGS[topic]}**`, ...FAMILIES.map(() => "")], ...cases];
  });
  return render([["case", ...FAMILIES], ...rows]);
}

function mark(one: ContractCase | undefined): string {
  if (one?.not !== undefined) return "n/a";
  return one?.since === undefined ? "✓" : `✓ from ${one.since}`;
}

/** How the platform tells failures apart; test/platform/failures.test.ts makes each happen in each language. */
function failures(): string {
  const cells = WAYS.map((way) => [
    `a function that ${way.name}`,
    FAILURES[way.kind].reason,
    String(FAILURES[way.kind].code),
    ...FAMILIES.map((family) => whyNot(family, way) ?? "yes"),
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
