import { stripVTControlCharacters } from "node:util";
import { paint } from "./style.ts";

/** Rows under headings, in columns as wide as their widest cell. Cells may carry colour. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(width(heading), ...rows.map((row) => width(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join("  ")
      .trimEnd();
  return [line(headings.map((heading) => paint("dim", heading))), ...rows.map(line)].join("\n");
}

function width(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
