// Writes docs/components.md from the doc comments in components/. A test fails while the page is stale.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EventSource } from "../model/event-source.ts";
import { EVENT_SOURCES } from "../model/event-sources.ts";
import {
  type Declared,
  type DeclaredArgs,
  type DeclaredChoice,
  type DeclaredClass,
  type Member,
  readComponents,
} from "./component-sources.ts";

const FOLDER = fileURLToPath(new URL("../components", import.meta.url));

/** The page of all components. */
export function renderComponents(declared: readonly Declared[] = readComponents(FOLDER)): string {
  const classes = declared.filter((one) => one.kind === "class");
  const args = new Map(declared.filter((one) => one.kind === "args").map((one) => [one.name, one]));
  const own = new Set(classes.map((one) => one.args));
  const parts = [...args.values()].filter(({ name }) => !own.has(name));
  const choices = declared.filter((one) => one.kind === "choice");
  const contents = classes.map(
    ({ name, about }) => `| [${name}](#${anchor(name)})${markOf(name)} | ${cell(firstSentence(about))} |`,
  );
  return [
    INTRODUCTION,
    `| component | is |\n| --- | --- |\n${contents.join("\n")}`,
    ...classes.map((one) => renderClass(one, args.get(one.args))),
    "# Parts of arguments",
    ...parts.map(renderArgs),
    "# Values to choose from",
    ...choices.map(renderChoice),
  ]
    .join("\n\n")
    .concat("\n");
}

const INTRODUCTION = `# Components

What a program declares with \`import * as fg from "fungraph"\`. Every argument may be an output of another resource; the
*plain* ones may not, because they decide what is declared. Arguments with a star are needed. Beside its arguments every
component takes Pulumi's resource options.

Triggers with a † are checked, kept, listed, switched on and off and deleted, but this version of the platform has no such
event source: nothing calls the function for them yet, and a preview says so.

Made by \`node scripts/generate-components.ts\` from the comments in \`components/\`; change it there.`;

function renderClass(
  { name, about, outputs, methods, file }: DeclaredClass,
  args: DeclaredArgs | undefined,
): string {
  return [
    `## ${name}`,
    about,
    ...(args === undefined ? [] : [table("argument", args.members)]),
    ...(outputs.length === 0 ? [] : [table("output", outputs)]),
    ...(methods.length === 0 ? [] : [table("method", methods)]),
    `Source: [${file}](../components/${file})`,
  ].join("\n\n");
}

function renderArgs({ name, about, members }: DeclaredArgs): string {
  return [`## ${name}`, about, table("argument", members)].join("\n\n");
}

function renderChoice({ name, about, values }: DeclaredChoice): string {
  const rows = values.map((one) => `| \`${name}.${one.name}\` | \`${one.type}\` | ${cell(one.about)} |`);
  return [`## ${name}`, about, `| value | text | means |\n| --- | --- | --- |\n${rows.join("\n")}`].join(
    "\n\n",
  );
}

function table(title: string, members: readonly Member[]): string {
  const star = title === "argument";
  const rows = members.map(
    ({ name, type, about, optional }) =>
      `| \`${name}\`${star && !optional ? " *" : ""} | ${typeCell(type, star)} | ${cell(about)} |`,
  );
  return `| ${title} | type | means |\n| --- | --- | --- |\n${rows.join("\n")}`;
}

/** Says of an argument whether it is plain, and leaves out what Pulumi wraps types into. */
function typeCell(type: string, argument: boolean): string {
  const bare = type
    .replaceAll(/pulumi\.(Input|Output)<([^<>]*)>/g, "$2")
    .replaceAll(/pulumi\.(Input|Output)<(.*)>/g, "$2");
  const plain = argument && !type.includes("pulumi.Input") && !type.includes("Args");
  return `\`${bare.replaceAll("|", "\\|")}\`${plain ? " *plain*" : ""}`;
}

function cell(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|").trim();
}

function firstSentence(about: string): string {
  return /^.*?\.(?=\s|$)/s.exec(about)?.[0] ?? about;
}

const WITHOUT_SOURCE = new Set(
  Object.values<EventSource>(EVENT_SOURCES)
    .filter(({ isHere }) => isHere !== true)
    .map(({ component }) => component),
);

function markOf(name: string): string {
  return WITHOUT_SOURCE.has(name) ? " †" : "";
}

function anchor(name: string): string {
  return name.toLowerCase();
}

if (import.meta.main) writeFileSync(new URL("../docs/components.md", import.meta.url), renderComponents());
