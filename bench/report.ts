import type { AsyncRound, QueueSpeed } from "./async.ts";
import type { BurstRound } from "./control-plane.ts";
import type { Density } from "./density.ts";
import { machine, median, noise, pinning, quantile, spread, whole } from "./figures.ts";
import type { GatewaysRound, GatewaysSample } from "./gateways.ts";
import { loadName } from "./load.ts";
import type { Sample, Throughput } from "./rounds.ts";
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
  readonly gateways?: readonly GatewaysRound[];
  readonly asynchronous?: readonly AsyncRound[];
  /** Memory of the platform's process with 1,000 idle functions. */
  readonly density?: Density;
}

/** The result as Markdown. */
export function renderReport(results: Results): string {
  const { throughput, gateways = [], asynchronous, times, bursts, density } = results;
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} on ${machine()}.`,
    ...(throughput === undefined ? [""] : renderThroughput(throughput)),
    ...(gateways.length === 0 ? [] : [...renderGateways(gateways), ""]),
    ...(asynchronous === undefined ? [] : [...renderAsync(asynchronous), ""]),
    ...(times.length === 0 ? [] : [...renderTimes(times), ""]),
    ...(density === undefined ? [] : [...renderDensity(density), ""]),
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

function renderGateways(rounds: readonly GatewaysRound[]): string[] {
  const row = (name: string, part: "one" | "two"): string => {
    const middle = (pick: (sample: GatewaysSample) => number): string =>
      whole(median(rounds.map((round) => pick(round[part]))));
    const ratio = rounds.map((round) => round[part].perSecond / round.one.perSecond);
    return `| ${name} | ${middle((one) => one.perSecond)} | ${spread(ratio)} | ${middle((one) => one.cpuMicros)} |`;
  };
  return [
    "| one platform of several processes, 64 connections in all | requests/s | ratio | CPU µs |",
    "| --- | ---: | ---: | ---: |",
    row("one gateway and a scheduler", "one"),
    row("two gateways and a scheduler", "two"),
    "",
    "All of these processes and their instances may use every core, and the load has one of the same cores.",
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

function renderDensity({ endedMb, restMb }: Density): string[] {
  return [
    `The platform's own process has ${Math.round(restMb)} MB with 1,000 functions that were called once and have no instance, after two minutes without work, goal ≤ 200; it had ${Math.round(endedMb)} when the last instance ended.`,
    "",
    ...renderWarmth(),
  ];
}

function renderAsync(rounds: readonly AsyncRound[]): string[] {
  const middle = (pick: (round: AsyncRound) => number): number => median(rounds.map(pick));
  const count = (pick: (round: AsyncRound) => number): string => whole(middle(pick));
  return [
    "| asynchronous requests, on the disk before the 202 | median | goal |",
    "| --- | ---: | ---: |",
    `| accepted a second, 64 connections, while earlier ones run | ${count((one) => one.accepted)} | ≥ 8,000 |`,
    `| run a second, from the first accepted to the last ended | ${count((one) => one.ran)} | ≥ 6,000 |`,
    `| signed call to 202, 1 connection, p50 | ${(middle((one) => one.single.p50Micros) / 1000).toFixed(2)} ms | ≤ 1.5 ms |`,
    ...renderShared(rounds.flatMap(({ shared }) => shared ?? [])),
    `| SQLite alone on this disk: rows a second, 64 a commit | ${count((one) => one.control.rowsPerSecond)} | |`,
    `| SQLite alone on this disk: one commit, p50 | ${middle((one) => one.control.singleMs).toFixed(2)} ms | |`,
    `| 10,000 hourly timers, share of a core | ${(middle((one) => one.timerCores) * 100).toFixed(2)} % | ≤ 1 % |`,
  ];
}

/** A gateway, a scheduler and PostgreSQL, all on the one core that the embedded platform has alone. */
function renderShared(rounds: readonly QueueSpeed[]): string[] {
  if (rounds.length === 0) return [];
  const middle = (pick: (round: QueueSpeed) => number): number => median(rounds.map(pick));
  return [
    `| over PostgreSQL, which has the same core: accepted a second | ${whole(middle((one) => one.accepted))} | |`,
    `| over PostgreSQL: run a second | ${whole(middle((one) => one.ran))} | |`,
    `| over PostgreSQL: signed call to 202, p50 | ${(middle((one) => one.single.p50Micros) / 1000).toFixed(2)} ms | |`,
  ];
}

function renderBursts(bursts: readonly BurstRound[]): string[] {
  const middle = (pick: (round: BurstRound) => number): number => median(bursts.map(pick));
  const row = (name: string, part: "alone" | "burst"): string =>
    `| ${name} | ${whole(middle((one) => one[part].p50Micros))} | ${whole(middle((one) => one[part].p99Micros))} |`;
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
  const middle = (pick: (sample: Sample) => number): string => whole(median(samples.map(pick)));
  return `| ${name} | ${middle((one) => one.perSecond)} | ${spread(speed)} | ${middle((one) => one.cpuMicros)} | ${spread(cpu)} | ${middle((one) => one.p50Micros)} | ${middle((one) => one.p99Micros)} |`;
}
