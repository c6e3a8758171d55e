import { kindOf, type Step } from "../apply/step.ts";
import { formatDuration } from "../terminal/measure.ts";
import { print } from "../terminal/screen.ts";
import { paint } from "../terminal/style.ts";
import { renderTable } from "../terminal/table.ts";

const MARKS = {
  created: () => paint("green", "+ created"),
  updated: () => paint("yellow", "~ updated"),
  replaced: () => paint("yellow", "± replaced"),
  deleted: () => paint("red", "- deleted"),
  unchanged: () => paint("dim", "= unchanged"),
} satisfies Record<Step["action"], () => string>;

/** Prints all resources with what happened to them. */
export function printTable(steps: readonly Step[]): void {
  const rows = steps
    .toSorted((a, b) => compare(a.type, b.type) || compare(a.name, b.name))
    .map((step) => [kindOf(step.type), step.name, MARKS[step.action]() + changesOf(step), timeOf(step)]);
  print(
    rows.length === 0
      ? "The program declares no resources."
      : renderTable(["Resource", "Name", "What happened", "Time"], rows),
  );
}

/** Prints one line for each resource that changed. */
export function printChanges(steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.action === "unchanged") continue;
    print(
      `${MARKS[step.action]()} ${kindOf(step.type)} ${step.name}${changesOf(step)}  ${paint("dim", timeOf(step))}`,
    );
  }
}

function changesOf(step: Step): string {
  if (step.action !== "updated" && step.action !== "replaced") return "";
  const told = step.changes.map((change) => (change.startsWith("code") ? "code" : change));
  return told.length === 0 ? "" : ` (${[...new Set(told)].join(", ")})`;
}

function timeOf(step: Step): string {
  return step.action === "unchanged" ? "" : formatDuration(step.milliseconds);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
