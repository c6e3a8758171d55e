import { runLoad, type Load } from "./load.ts";
import { machineCpuMs, treeCpuMs } from "./process-cpu.ts";
import type { BenchServer } from "./server.ts";

/** Cores that others may use in a round that counts as quiet. */
const QUIET_CORES = 0.12;

/** How long each row runs before it is measured. */
const WARM_UP_SECONDS = 8;

/** 221 bytes of JSON, as every figure here is measured with. */
export const BODY: string = JSON.stringify({ id: 1_234_567, ok: true, text: "a".repeat(184) });

/** One measurement of one row. */
export interface Sample {
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** CPU time of the server and its instances per request. */
  readonly cpuMicros: number;
}

/** The samples of all rows that were taken one after the other. */
export interface Round {
  readonly samples: ReadonlyMap<string, Sample>;
  /** Cores that neither servers nor load used. */
  readonly others: number;
}

/** What is asked of which server. */
export interface Row {
  readonly name: string;
  readonly server: BenchServer;
  readonly load: Load;
}

/** All rounds, and which of them count. */
export interface Throughput {
  readonly rows: readonly string[];
  readonly counted: readonly Round[];
  /** False when fewer quiet rounds than wanted were had, and noisy ones stand in. */
  readonly quiet: boolean;
}

/**
 * Measures every row in every round, after a run of each that does not count. It takes some hundred thousand requests until the compilers
 * of code have done their work; whoever has more code waits longer for them.
 */
export async function measureRounds(rows: readonly Row[], rounds: number): Promise<Throughput> {
  for (const { load } of rows) await runLoad({ ...load, seconds: Math.max(load.seconds, WARM_UP_SECONDS) });
  const all: Round[] = [];
  // Noisy rounds are measured again, three times as many at most.
  while (all.filter(isQuiet).length < rounds && all.length < rounds * 3) all.push(await measureRound(rows));
  const quiet = all.filter(isQuiet);
  const enough = quiet.length >= rounds;
  const counted = enough ? quiet : all.toSorted((one, other) => one.others - other.others).slice(0, rounds);
  return { rows: rows.map((row) => row.name), counted, quiet: enough };
}

function isQuiet(round: Round): boolean {
  return round.others <= QUIET_CORES;
}

async function measureRound(rows: readonly Row[]): Promise<Round> {
  const samples = new Map<string, Sample>();
  const beganAt = performance.now();
  const machine = machineCpuMs() - process.cpuUsage().user / 1000;
  let ours = 0;
  for (const { name, server, load } of rows) {
    const before = treeCpuMs(server.pid);
    const result = await runLoad(load);
    const used = treeCpuMs(server.pid) - before;
    ours += used + result.cpuMs;
    if (result.failed > 0) throw new Error(`${name}: ${result.failed} requests failed`);
    const { perSecond, p50Micros, p99Micros, requests } = result;
    samples.set(name, { perSecond, p50Micros, p99Micros, cpuMicros: (used * 1000) / Math.max(1, requests) });
  }
  const spent = machineCpuMs() - process.cpuUsage().user / 1000 - machine;
  return { samples, others: Math.max(0, spent - ours) / (performance.now() - beganAt) };
}
