// npm run bench -- [--rounds 3] [--seconds 4] [--only SECTION]... [--write]: tables on standard output, with --write in README.md too.
import { parseArgs } from "node:util";
import { Engine } from "../platform/drivers/docker/engine.ts";
import { measureAsync } from "./async.ts";
import { measureBareStarts, measureColdCrowds } from "./cold-crowd.ts";
import { measureColdStarts } from "./cold-start.ts";
import { measureControlPlane } from "./control-plane.ts";
import { measureDensity } from "./density.ts";
import { measureGateways } from "./gateways.ts";
import { measureResume } from "./idle-mode.ts";
import { BENCH_LANGUAGES, benchLanguage } from "./languages/index.ts";
import { measurePulumi } from "./pulumi.ts";
import { measureRemoteStarts } from "./remote-start.ts";
import { renderReport, type Results, type TimeRow } from "./report.ts";
import { measureSynth } from "./synth.ts";
import { writeSection } from "./readme.ts";
import { measureThroughput } from "./throughput.ts";

/** What is measured, in this order; each section tells its part of the report. */
const SECTIONS: Readonly<Record<string, () => Promise<Partial<Results>>>> = {
  throughput: async () => ({ throughput: await measureThroughput(rounds, seconds) }),
  gateways: async () => ({ gateways: await measureGateways(rounds, seconds) }),
  async: async () => ({ asynchronous: await measureAsync(rounds, seconds) }),
  starts: async () => ({
    times: [
      ...(await coldStarts()),
      ...(await remoteStarts()),
      ...(await crowds()),
      ...(await inContainers()),
    ],
  }),
  resume: async () => ({ times: await resumes() }),
  density: async () => ({ density: await measureDensity(1000) }),
  synth: async () => ({
    times: [{ name: "synth of 400 functions", goal: "≤ 2,000", ms: measureSynth(3) }],
  }),
  pulumi: async () => ({ times: await measurePulumi(rounds) }),
  "control-plane": () => measureControlPlane(rounds, seconds),
};

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "4" },
    only: { type: "string", multiple: true, default: Object.keys(SECTIONS) },
    write: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

const results: Results = { times: [] };
for (const name of values.only) {
  const measure = SECTIONS[name];
  if (measure === undefined)
    throw new Error(`--only ${name} is no section. Use one of ${Object.keys(SECTIONS).join(", ")}.`);
  step(name);
  try {
    const { times = [], ...rest } = await measure();
    Object.assign(results, rest, { times: [...results.times, ...times] });
  } catch (error) {
    // The other sections took long; they are told all the same.
    process.stderr.write(`${name} could not be measured: ${String(error)}\n`);
    process.exitCode = 1;
  }
}
const report = renderReport(results);
process.stdout.write(report);
const isWhole = values.only.length >= Object.keys(SECTIONS).length;
if (values.write && isWhole) writeSection("results", report);
else if (values.write)
  process.stderr.write(
    "README.md is as it was: --write takes a whole run, and these are some sections of one.\n",
  );

function step(text: string): void {
  process.stderr.write(`${text} ...\n`);
}

async function coldStarts(): Promise<TimeRow[]> {
  const times: TimeRow[] = [];
  for (const { family, name, goalMs } of BENCH_LANGUAGES) {
    step(`cold starts of ${name}`);
    const pooled = await measureColdStarts(family, 2, 15);
    times.push({ name: `cold start, ${name}, warm pool`, goal: `≤ ${goalMs.pooled}`, ms: pooled });
    const spawned = await measureColdStarts(family, 0, 15);
    times.push({ name: `cold start, ${name}, no pool`, goal: `≤ ${goalMs.spawned}`, ms: spawned });
  }
  return times;
}

async function remoteStarts(): Promise<TimeRow[]> {
  step("starts by a scheduler in another process");
  const { own, remote } = await measureRemoteStarts(25);
  return [
    { name: "start without pool, scheduler in the gateway's process", goal: "", ms: own },
    { name: "start without pool, scheduler in another process", goal: "", ms: remote },
  ];
}

async function crowds(): Promise<TimeRow[]> {
  const times: TimeRow[] = [];
  for (const family of ["nodejs", "python"] as const) {
    const { name } = benchLanguage(family);
    step(`bare starts and crowds of ${name}`);
    const crowd = await measureColdCrowds(family, 8, 3);
    times.push({ name: `cold start, ${name}, no pool, 8 functions at once`, goal: "", ms: crowd });
    const bare = await measureBareStarts(family, 15);
    times.push({ name: `the interpreter of ${name} alone, doing nothing`, goal: "", ms: bare });
  }
  return times;
}

async function inContainers(): Promise<TimeRow[]> {
  step("cold starts in containers");
  const ms = (await hasEngine()) ? await measureColdStarts("nodejs", 2, 15, "docker") : [];
  return [{ name: "cold start, Node.js in a container, warm pool", goal: "≤ 40", ms }];
}

async function resumes(): Promise<TimeRow[]> {
  const contained = (await hasEngine()) ? await measureResume("docker", 15) : [];
  return [
    { name: "resume of a paused instance", goal: "≤ 5", ms: await measureResume("process", 15) },
    { name: "resume of a paused instance in a container", goal: "≤ 40", ms: contained },
  ];
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
