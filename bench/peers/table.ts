import { median, spread, whole } from "../figures.ts";
import type { Sample, Throughput } from "../rounds.ts";
import type { QueueSample } from "./peer.ts";

/** One peer of a table, and what is wanted. */
export interface Entry {
  readonly name: string;
  /** Least ratio of Fungraph's figure to the peer's; undefined: none is wanted. */
  readonly goal: number | undefined;
}

/** The rows of Fungraph itself. */
export interface Own {
  readonly many: string;
  readonly one: string;
}

/**
 * A table of servers under the same load. A ratio is Fungraph's requests a second over the peer's in the same round, as
 * median with least and most; the CPU ratio is the peer's time for one request over Fungraph's.
 */
export function renderServers(throughput: Throughput, entries: readonly Entry[], own: Own): string[] {
  const many = samplesOf(throughput, own.many);
  const one = samplesOf(throughput, own.one);
  return [
    "| server | requests/s | p50 µs | p99 µs | CPU µs | Fungraph : it | goal | CPU, it : Fungraph | Fungraph at 1 : it |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...[own.many, own.one].map((name) => `${figures(name, samplesOf(throughput, name))} | | | | |`),
    ...entries.map(({ name, goal }) => {
      const theirs = samplesOf(throughput, name);
      const speed = ratios(many, theirs, (ours, its) => ours.perSecond / its.perSecond);
      const cpu = ratios(many, theirs, (ours, its) => its.cpuMicros / ours.cpuMicros);
      const single = ratios(one, theirs, (ours, its) => ours.perSecond / its.perSecond);
      return `${figures(name, theirs)} | ${speed} | ${goal === undefined ? "" : `≥ ${goal}`} | ${cpu} | ${single} |`;
    }),
  ];
}

/** A table of latencies with one connection: what a request takes beyond one to the yardstick, in the same round. */
export function renderLatencies(throughput: Throughput, yardstick: string): string[] {
  const bare = samplesOf(throughput, yardstick);
  return [
    "| one connection | requests/s | p50 µs | p99 µs | CPU µs | p50 beyond the bare echo, µs |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...throughput.rows.map((name) => {
      const samples = samplesOf(throughput, name);
      const beyond = samples.map(({ p50Micros }, at) => p50Micros - (bare[at]?.p50Micros ?? p50Micros));
      return `${figures(name, samples)} | ${whole(median(beyond))} |`;
    }),
  ];
}

/** One queue and its samples, a round each. */
export interface QueueEntry {
  readonly name: string;
  readonly many: readonly QueueSample[];
  readonly single: readonly QueueSample[];
}

/** A table of queues; the first is Fungraph's, to which ratios are. */
export function renderQueues(entries: readonly QueueEntry[]): string[] {
  const [ours] = entries;
  return [
    "| queue | accepted/s | run/s | CPU µs | one at a time, p50 ms | accepted, Fungraph : it | run, Fungraph : it |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...entries.map((entry) => {
      const { name, many, single } = entry;
      const middle = (pick: (one: QueueSample) => number): string => whole(median(many.map(pick)));
      const latency = (median(single.map((one) => one.p50Micros)) / 1000).toFixed(2);
      const against = (pick: (one: QueueSample) => number): string =>
        entry === ours ? "" : ratios(ours?.many ?? [], many, (one, its) => pick(one) / pick(its));
      return `| ${name} | ${middle((one) => one.accepted)} | ${middle((one) => one.ran)} | ${middle((one) => one.cpuMicros)} | ${latency} | ${against((one) => one.accepted)} | ${against((one) => one.ran)} |`;
    }),
  ];
}

function samplesOf(throughput: Throughput, name: string): Sample[] {
  return throughput.counted.flatMap((round) => round.samples.get(name) ?? []);
}

function figures(name: string, samples: readonly Sample[]): string {
  const middle = (pick: (sample: Sample) => number): string => whole(median(samples.map(pick)));
  return `| ${name} | ${middle((one) => one.perSecond)} | ${middle((one) => one.p50Micros)} | ${middle((one) => one.p99Micros)} | ${middle((one) => one.cpuMicros)}`;
}

/** Ratios of samples of the same round. */
function ratios<T>(ours: readonly T[], theirs: readonly T[], ratio: (ours: T, its: T) => number): string {
  return spread(theirs.flatMap((its, at) => (ours[at] === undefined ? [] : [ratio(ours[at], its)])));
}
