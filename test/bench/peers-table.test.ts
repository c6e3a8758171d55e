import { describe, expect, test } from "vitest";
import { median, spread, whole } from "../../bench/figures.ts";
import type { QueueSample } from "../../bench/peers/peer.ts";
import { renderLatencies, renderQueues, renderServers } from "../../bench/peers/table.ts";
import { withSection } from "../../bench/readme.ts";
import type { Sample, Throughput } from "../../bench/rounds.ts";

function sample(perSecond: number, cpuMicros: number, p50Micros = 100): Sample {
  return { perSecond, cpuMicros, p50Micros, p99Micros: p50Micros * 10 };
}

function throughput(rounds: Readonly<Record<string, Sample>>[]): Throughput {
  const counted = rounds.map((samples) => ({ samples: new Map(Object.entries(samples)), others: 0 }));
  return { rows: Object.keys(rounds[0] ?? {}), counted, quiet: true };
}

function queued(accepted: number, ran: number): QueueSample {
  return { accepted, ran, p50Micros: 9000, cpuMicros: 120 };
}

function cells(line: string | undefined): string[] {
  return (line ?? "")
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe("figures", () => {
  test("a median of an even count is the upper one; a spread has its ends", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(3);
    expect(median([])).toBe(0);
    expect(spread([1.5, 0.5, 1])).toBe("1.00 (0.50–1.50)");
    expect(whole(12_345.6)).toBe("12,346");
  });
});

describe("the table of servers", () => {
  const measured = throughput([
    { many: sample(20_000, 50), one: sample(15_000, 70), peer: sample(4000, 200), bare: sample(20_000, 40) },
    { many: sample(30_000, 40), one: sample(15_000, 60), peer: sample(5000, 200), bare: sample(25_000, 40) },
    { many: sample(10_000, 60), one: sample(10_000, 80), peer: sample(5000, 240), bare: sample(20_000, 30) },
  ]);
  const entries = [
    { name: "peer", goal: 3.5 },
    { name: "bare", goal: undefined },
  ];
  const lines = renderServers(measured, entries, { many: "many", one: "one" });

  test("ratios are of the same round, not of medians", () => {
    const [name, perSecond, p50, p99, cpu, ratio, goal, cpuRatio, single] = cells(lines[4]);
    expect([name, perSecond, p50, p99, cpu]).toEqual(["peer", "5,000", "100", "1,000", "200"]);
    expect(ratio).toBe("5.00 (2.00–6.00)");
    expect(goal).toBe("≥ 3.5");
    expect(cpuRatio).toBe("4.00 (4.00–5.00)");
    expect(single).toBe("3.00 (2.00–3.75)");
  });

  test("what is only shown has no goal, and Fungraph no ratio to itself", () => {
    expect(cells(lines[5])[6]).toBe("");
    expect(cells(lines[2])).toEqual(["many", "20,000", "100", "1,000", "50", "", "", "", ""]);
    expect(cells(lines[3])[0]).toBe("one");
  });

  test("every line has as many cells as the head", () => {
    for (const line of lines) expect(cells(line)).toHaveLength(9);
  });
});

test("latencies are told beyond the yardstick's of the same round", () => {
  const measured = throughput([
    { bare: sample(1000, 10, 100), ours: sample(900, 10, 150) },
    { bare: sample(1000, 10, 200), ours: sample(900, 10, 260) },
    { bare: sample(1000, 10, 300), ours: sample(900, 10, 310) },
  ]);
  const lines = renderLatencies(measured, "bare");
  expect(cells(lines[2]).at(-1)).toBe("0");
  expect(cells(lines[3])).toEqual(["ours", "900", "260", "2,600", "10", "50"]);
});

test("queues are told as they accept, run and answer one", () => {
  const single: QueueSample = { accepted: 900, ran: 900, p50Micros: 1234, cpuMicros: 400 };
  const lines = renderQueues([
    { name: "ours", many: [queued(8000, 6000), queued(6000, 6000)], single: [single, single] },
    { name: "theirs", many: [queued(4000, 2000), queued(4000, 3000)], single: [single, single] },
  ]);
  expect(cells(lines[2])).toEqual(["ours", "8,000", "6,000", "120", "1.23", "", ""]);
  expect(cells(lines[3])).toEqual([
    "theirs",
    "4,000",
    "3,000",
    "120",
    "1.23",
    "2.00 (1.50–2.00)",
    "3.00 (2.00–3.00)",
  ]);
});

describe("a section of a document", () => {
  const document = "# Head\n\n<!-- a -->\n\nold\n\n<!-- end of a -->\n\n<!-- b -->\n<!-- end of b -->\n";

  test("is replaced between its marks, and nothing else is", () => {
    const changed = withSection(document, "a", "new\n");
    expect(changed).toBe(document.replace("old", "new"));
    expect(withSection(changed, "a", "old")).toBe(document);
    expect(withSection(document, "b", "there")).toContain("old");
  });

  test("is refused when a mark is missing", () => {
    expect(() => withSection(document, "c", "text")).toThrow("<!-- c -->");
  });
});
