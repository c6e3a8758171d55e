import { expect, test } from "vitest";

import { ReplayGuard } from "../../platform/auth/replay-guard.ts";

const START = Date.parse("2026-11-21T18:00:00Z");

function name(index: number): string {
  return `s${index}`;
}

test("a signature is good for 5 s after its first sight", () => {
  const guard = new ReplayGuard(START);
  expect(guard.check("a", START, START)).toBeUndefined();
  expect(guard.check("a", START, START + 5000)).toBeUndefined();
  expect(guard.check("a", START, START + 5001)).toMatchObject({ status: 401, code: "FSS.0401" });
  expect(guard.check("b", START, START + 5001)).toBeUndefined();
});

test("what was signed before the start could be a replay of what an earlier run let in", () => {
  const guard = new ReplayGuard(START);
  expect(guard.check("a", START - 4000, START)).toBeUndefined();
  expect(guard.check("b", START - 5000, START)?.message).toContain("sign again");
});

test("what was signed before it took over from another process could be a replay of what that one let in", () => {
  const guard = new ReplayGuard(START);
  const later = START + 600_000;
  expect(guard.check("a", later - 6000, later - 6000)).toBeUndefined();
  guard.forget(later);
  expect(guard.check("b", later - 5000, later)?.message).toContain("sign again");
  expect(guard.check("c", later - 4000, later)).toBeUndefined();
  expect(guard.check("a", later - 6000, later)?.message).toContain("received before");
});

test("the memory is bounded, and what falls out of it never comes in again", () => {
  const guard = new ReplayGuard(START);
  const count = 100_001;
  for (let index = 0; index < count; index += 1) {
    if (guard.check(name(index), START + index, START + index) !== undefined) throw new Error(name(index));
  }
  const later = START + count + 5000;
  const outcomes = new Set<string | undefined>();
  for (let index = 0; index < count; index += 1) {
    const refusal = guard.check(name(index), START + index, later);
    outcomes.add(refusal?.message.replace(/.* and the platform/, "The platform"));
  }
  expect([...outcomes]).toEqual([
    expect.stringContaining("cannot tell any more"),
    expect.stringContaining("received before"),
  ]);
  expect(guard.check("new", later, later)).toBeUndefined();
});
