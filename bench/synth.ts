import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../cli/fungraph.mjs", import.meta.url));
const PROGRAM = fileURLToPath(new URL("many-functions", import.meta.url));

/** Milliseconds that `fungraph synth` takes for a program of 400 functions, sorted; throws when it fails. */
export function measureSynth(count: number): number[] {
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const began = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [CLI, "synth", PROGRAM], {
      maxBuffer: 64 * 1024 * 1024,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`synth ended with ${status}: ${stderr}`);
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other);
}
