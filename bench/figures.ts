import { cpus, release, totalmem } from "node:os";
import type { Throughput } from "./rounds.ts";
import { canPin } from "./server.ts";

/** The value below which `share` of the sorted ones are; 0 for none. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** A sorted copy. */
export function ascending(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}

/** The median; 0 of none. */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/** Median, least and most, for example `0.95 (0.90–1.02)`. */
export function spread(values: readonly number[]): string {
  const sorted = ascending(values);
  const [least = 0] = sorted;
  return `${quantile(sorted, 0.5).toFixed(2)} (${least.toFixed(2)}–${(sorted.at(-1) ?? 0).toFixed(2)})`;
}

/** A whole number with its thousands apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** What a figure was measured on. */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${first?.model.trim() ?? "an unknown processor"}, ${cpus().length} cores, ${memory} GB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}

/** Where servers and load ran. */
export function pinning(): string {
  return canPin
    ? "The server and all its instances on core 0, the load on core 1."
    : "Processes could not be held on cores here.";
}

/** How quiet the machine was. */
export function noise({ counted, quiet }: Throughput): string {
  const others = Math.max(...counted.map((round) => round.others)).toFixed(2);
  return quiet
    ? `Others used at most ${others} core meanwhile.`
    : `The machine was not quiet: others used up to ${others} cores meanwhile, so the ratios are rough and the CPU ratios say more.`;
}
