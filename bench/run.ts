// npm run bench -- [--rounds 3] [--seconds 4] [--write]: one table on standard output, with --write in README.md too.
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Engine } from "../platform/drivers/docker/engine.ts";
import { measureAsync } from "./async.ts";
import { measureBareStarts, measureColdCrowds } from "./cold-crowd.ts";
import { measureColdStarts } from "./cold-start.ts";
import { measureControlPlane } from "./control-plane.ts";
import { measureDensity } from "./density.ts";
import { measureResume } from "./idle-mode.ts";
import { BENCH_LANGUAGES, benchLanguage } from "./languages/index.ts";
import { measurePulumi } from "./pulumi.ts";
import { renderReport } from "./report.ts";
import { measureSynth } from "./synth.ts";
import { measureThroughput } from "./throughput.ts";

const README = new URL("README.md", import.meta.url);
const MARK = "<!-- results -->";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    write: { type: "boolean", default: false },
  },
});

function step(text: string): void {
  process.stderr.write(`${text} ...\n`);
}

step("requests per second");
const throughput = await measureThroughput(Number(values.rounds), Number(values.seconds));
step("asynchronous requests");
const asynchronous = await measureAsync(Number(values.rounds), Number(values.seconds));
const times = [];
for (const { family, name, goalMs } of BENCH_LANGUAGES) {
  step(`cold starts of ${name}`);
  const pooled = await measureColdStarts(family, 2, 15);
  times.push({ name: `cold start, ${name}, warm pool`, goal: `≤ ${goalMs.pooled}`, ms: pooled });
  const spawned = await measureColdStarts(family, 0, 15);
  times.push({ name: `cold start, ${name}, no pool`, goal: `≤ ${goalMs.spawned}`, ms: spawned });
}
for (const family of ["nodejs", "python"] as const) {
  const { name } = benchLanguage(family);
  step(`bare starts and crowds of ${name}`);
  times.push(
    {
      name: `cold start, ${name}, no pool, 8 functions at once`,
      goal: "",
      ms: await measureColdCrowds(family, 8, 3),
    },
    {
      name: `the interpreter of ${name} alone, doing nothing`,
      goal: "",
      ms: await measureBareStarts(family, 15),
    },
  );
}
step("cold starts in containers");
const inContainers = await hasEngine();
const contained = inContainers ? await measureColdStarts("nodejs", 2, 15, "docker") : [];
times.push({ name: "cold start, Node.js in a container, warm pool", goal: "≤ 40", ms: contained });
step("resume of paused instances");
times.push(
  { name: "resume of a paused instance", goal: "≤ 5", ms: await measureResume("process", 15) },
  {
    name: "resume of a paused instance in a container",
    goal: "≤ 40",
    ms: inContainers ? await measureResume("docker", 15) : [],
  },
);
step("1,000 idle functions");
const densityMb = await measureDensity(1000);
step("synth of 400 functions");
times.push({ name: "synth of 400 functions", goal: "≤ 2,000", ms: measureSynth(3) });
step("Pulumi");
times.push(...(await measurePulumi(Number(values.rounds))));
step("control plane with 400 functions");
const controlPlane = await measureControlPlane(Number(values.rounds), Number(values.seconds));
times.push(...controlPlane.times);

const report = renderReport({ throughput, asynchronous, times, bursts: controlPlane.bursts, densityMb });
process.stdout.write(report);
if (values.write) {
  const [head = ""] = readFileSync(README, "utf8").split(MARK);
  writeFileSync(README, `${head}${MARK}\n\n${report}`);
}

async function hasEngine(): Promise<boolean> {
  const engine = new Engine();
  try {
    await engine.ask({ method: "GET", path: "/info" });
    return true;
  } catch {
    return false;
  } finally {
    engine.close();
  }
}
