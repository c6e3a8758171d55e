// Builds the images that tests run in, one after the other: node test/images/prepare.ts. Tests build what is missing themselves, but two of
// them at a time. With --write the sizes go to runtime-images/SIZES.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { IMAGES } from "../runtimes/languages/language.ts";
import { runtimeImage, unbuildable } from "./runtime-image.ts";
import { RUNTIMES_IN_IMAGES } from "./subjects.ts";

const INTRO = `# Sizes of images

Written by \`node test/images/prepare.ts --write\`: on bases made of Debian's own packages, for linux/amd64, unpacked. What a layer of ours adds
is the same on an official base.

`;
const MB = 1_000_000;

const rows: string[][] = [["image of", "MB", "of which its base", "times its base"]];
const engine = new Engine();
for (const runtime of [...RUNTIMES_IN_IMAGES, "Custom", "http", "fonts", "gateway"]) {
  const why = await unbuildable(runtime);
  if (why === undefined) rows.push(await build(runtime));
  else console.log(`${runtime}: cannot be built here: ${why}`);
}
engine.close();
if (process.argv.includes("--write")) writeFileSync(join(IMAGES, "SIZES.md"), INTRO + table());

async function build(runtime: string): Promise<string[]> {
  const began = performance.now();
  const { tag, size, baseSize } = await runtimeImage(engine, runtime);
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${runtime}: ${tag}, ${Math.round(size / MB)} MB, ${seconds} s`);
  // Fonts are all that is in their image.
  const base = runtime === "fonts" ? 0 : baseSize;
  const ratio = base === 0 ? "" : (size / base).toFixed(2);
  return [runtime, (size / MB).toFixed(1), (base / MB).toFixed(1), ratio];
}

function table(): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [heading = [], ...body] = rows;
  return `${[line(heading), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n")}\n`;
}
