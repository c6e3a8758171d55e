import { cpus, release, totalmem } from "node:os";
import type { AsyncRound } from "./async.ts";
import type { BurstRound } from "./control-plane.ts";
import { loadName } from "./load.ts";
import { canPin } from "./server.ts";
import type { Throughput } from "./throughput.ts";
import { renderWarmth } from "./warmth.ts";

/** Times of one thing, in ms, sorted; none where it cannot be measured. */
export interface TimeRow {
  readonly name: string;
  readonly goal: string;
  readonly ms: readonly number[];
}

/** Everything a run measured; what it did not is left out. */
export interface Results {
  readonly throughput?: Throughput;
  readonly times: readonly TimeRow[];
  readonly bursts?: readonly BurstRound[];
  readonly asynchronous?: readonly AsyncRound[];
  /** MB of the platform's process with 1,000 idle functions. */
  readonly densityMb?: number;
}

/** The result as Markdown. */
export function renderReport({ throughput, asynchronous, times, bursts, densityMb }: Results): string {
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}.`,
    ...(throughput === undefined ? [""] : renderThroughput(throughput)),
    ...(asynchronous === undefined ? [] : [...renderAsync(asynchronous), ""]),
    ...(times.length === 0 ? [] : [...renderTimes(times), ""]),
    ...(densityMb === undefined ? [] : [...renderDensity(densityMb), ""]),
    ...(bursts === undefined ? [] : [...renderBursts(bursts), ""]),
  ].join("\n");
}

function renderThroughput(throughput: Throughput): string[] {
  return [
    `Load: ${loadName}, POST of 221 bytes of JSON over kept connections, 64 unless said otherwise. ${pinning()}`,
    `Rounds: ${throughput.counted.length}, interleaved, medians; ratios are to the bare echo of the same round, with their spread. ${noise(throughput)}`,
    "",
    "| path | requests/s | ratio | CPU µs | CPU ratio | p50 µs | p99 µs |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...throughput.rows.map((name) => renderRow(throughput, name)),
    "",
    "CPU µs is the time that the server and its instances used for one request; the CPU ratio is the bare echo's over it.",
    "",
  ];
}

function renderTimes(times: readonly TimeRow[]): string[] {
  return [
    "| time | p50 ms | p90 ms | runs | goal |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...times.map(({ name, goal, ms }) =>
      ms.length === 0
        ? `| ${name} | not here | | 0 | ${goal} |`
        : `| ${name} | ${quantile(ms, 0.5).toFixed(1)} | ${quantile(ms, 0.9).toFixed(1)} | ${ms.length} | ${goal} |`,
    ),
  ];
}

function renderDensity(densityMb: number): string[] {
  return [
    `The platform's own process has ${Math.round(densityMb)} MB with 1,000 functions that were called once and have no instance any more, goal ≤ 200.`,
    "",
    ...renderWarmth(),
  ];
}

function renderAsync(rounds: readonly AsyncRound[]): string[] {
  const middle = (pick: (round: AsyncRound) => number): number => quantile(ascending(rounds.map(pick)), 0.5);
  const count = (pick: (round: AsyncRound) => number): string =>
    Math.round(middle(pick)).toLocaleString("en");
  return [
    "| asynchronous requests, on the disk before the 202 | median | goal |",
    "| --- | ---: | ---: |",
    `| accepted a second, 64 connections, while earlier ones run | ${count((one) => one.accepted)} | ≥ 8,000 |`,
    `| run a second, from the first accepted to the last ended | ${count((one) => one.ran)} | ≥ 6,000 |`,
    `| signed call to 202, 1 connection, p50 | ${(middle((one) => one.single.p50Micros) / 1000).toFixed(2)} ms | ≤ 1.5 ms |`,
    `| SQLite alone on this disk: rows a second, 64 a commit | ${count((one) => one.control.rowsPerSecond)} | |`,
    `| SQLite alone on this disk: one commit, p50 | ${middle((one) => one.control.singleMs).toFixed(2)} ms | |`,
    `| 10,000 hourly timers, share of a core | ${(middle((one) => one.timerCores) * 100).toFixed(2)} % | ≤ 1 % |`,
  ];
}

function renderBursts(bursts: readonly BurstRound[]): string[] {
  const middle = (pick: (round: BurstRound) => number): number => quantile(ascending(bursts.map(pick)), 0.5);
  const row = (name: string, part: "alone" | "burst"): string =>
    `| ${name} | ${Math.round(middle((one) => one[part].p50Micros)).toLocaleString("en")} | ${Math.round(middle((one) => one[part].p99Micros)).toLocaleString("en")} |`;
  const calls = Math.round(middle((one) => one.callsPerSecond));
  return [
    "| 1,000 invocations a second, 20 connections | p50 µs | p99 µs |",
    "| --- | ---: | ---: |",
    row("alone", "alone"),
    row(`with a burst of ${calls} control-plane calls a second`, "burst"),
    "",
    `Ratio of the p99: ${spread(bursts.map(({ alone, burst }) => burst.p99Micros / alone.p99Micros))}, goal ≤ 1.5. Four callers list, create, update and delete without a pause, in a project of 400 functions with 10 versions and 10 aliases each, built through the API.`,
  ];
}

function renderRow(throughput: Throughput, name: string): string {
  const samples = throughput.counted.flatMap((round) => round.samples.get(name) ?? []);
  const bare = throughput.rows.findLast(
    (row, at) => row.startsWith("bare") && at <= throughput.rows.indexOf(name),
  );
  const controls = throughput.counted.flatMap((round) => round.samples.get(bare ?? "") ?? []);
  const pairs = samples.map((sample, at) => ({ sample, control: controls[at] ?? sample }));
  const speed = pairs.map(({ sample, control }) => sample.perSecond / control.perSecond);
  const cpu = pairs.map(({ sample, control }) => control.cpuMicros / sample.cpuMicros);
  const median = (pick: (sample: (typeof samples)[number]) => number): string =>
    Math.round(quantile(ascending(samples.map(pick)), 0.5)).toLocaleString("en");
  return `| ${name} | ${median((one) => one.perSecond)} | ${spread(speed)} | ${median((one) => one.cpuMicros)} | ${spread(cpu)} | ${median((one) => one.p50Micros)} | ${median((one) => one.p99Micros)} |`;
}

function spread(values: readonly number[]): string {
  const sorted = ascending(values);
  const [least = 0] = sorted;
  return `${quantile(sorted, 0.5).toFixed(2)} (${least.toFixed(2)}–${(sorted.at(-1) ?? 0).toFixed(2)})`;
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${first?.model.trim() ?? "an unknown processor"}, ${cpus().length} cores, ${memory} GB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}

function pinning(): string {
  return canPin
    ? "The server and all its instances on core 0, the load on core 1."
    : "Processes could not be held on cores here.";
}

function noise({ counted, quiet }: Throughput): string {
  const others = Math.max(...counted.map((round) => round.others)).toFixed(2);
  return quiet
    ? `Others used at most ${others} core meanwhile.`
    : `The machine was not quiet: others used up to ${others} cores meanwhile, so the ratios are rough and the CPU ratios say more.`;
}
