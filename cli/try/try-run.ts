import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { formatBytes, formatDuration } from "../terminal/measure.ts";
import { displayPath } from "../terminal/path.ts";
import { during, print } from "../terminal/screen.ts";
import { paint } from "../terminal/style.ts";
import type { TryStep } from "./expectations.ts";
import { send, shorten, type TryPlace } from "./send.ts";
import { differences, type Answer } from "./verdict.ts";

/**
 * Sends every step in order, prints what was sent and what came back, and saves the answers that are to be saved.
 * @returns whether every answer was right
 */
export async function tryAll(steps: readonly TryStep[], place: TryPlace): Promise<boolean> {
  let right = 0;
  for (const step of steps) {
    place.signal.throwIfAborted();
    if (await during(`Trying: ${step.name}`, () => tryOne(step, place))) right += 1;
  }
  const all = right === steps.length;
  print(paint(all ? "green" : "red", `${right} of ${steps.length} answers right`));
  return all;
}

async function tryOne(step: TryStep, place: TryPlace): Promise<boolean> {
  const began = performance.now();
  const { asked, answer } = await send(step, place);
  const milliseconds = performance.now() - began;
  const wrong = differences(answer, step.expect);
  print(`${wrong.length === 0 ? paint("green", "✓") : paint("red", "✗")} ${paint("bold", step.name)}`);
  print(`  ${asked} → ${summary(answer)} in ${formatDuration(milliseconds)}`);
  if (step.save !== undefined) print(`  saved as ${await save(step.save, place.folder, answer.body)}`);
  for (const line of answer.log.split("\n")) if (line !== "") print(paint("dim", `  | ${line}`));
  for (const difference of wrong) print(paint("red", `  ${difference}`));
  return wrong.length === 0;
}

async function save(file: string, folder: string, body: Buffer): Promise<string> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, body);
  return displayPath(path);
}

function summary(answer: Answer): string {
  const type = answer.headers["content-type"];
  if (type !== undefined) return `${answer.status} ${type}, ${formatBytes(answer.body.length)}`;
  const text =
    answer.body.length === 0
      ? answer.status === 202
        ? "accepted"
        : "an empty answer"
      : shorten(answer.body.toString("utf8"));
  return answer.failed ? `failed: ${text}` : text;
}
