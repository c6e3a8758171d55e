import { expect, test } from "vitest";

import { ReplayGuard } from "../../platform/auth/replay-guard.ts";

const START = Date.parse("2026-11-21T18:00:00Z");
const AGE_MS = 900_000;

test("a signature is good for 5 s after its first sight", () => {
  const guard = new ReplayGuard(AGE_MS, START);
  expect(guard.check("a", START, START)).toBeUndefined();
  expect(guard.check("a", START, START + 5000)).toBeUndefined();
  expect(guard.check("a", START, START + 5001)).toMatchObject({ status: 401, code: "FSS.0401" });
  expect(guard.check("b", START, START + 5001)).toBeUndefined();
});

test("what was signed before the start could be a replay of what an earlier run let in", () => {
  const guard = new ReplayGuard(AGE_MS, START);
  expect(guard.check("a", START - 4000, START)).toBeUndefined();
  expect(guard.check("b", START - 5000, START)?.message).toContain("sign again");
});

test("the memory is bounded, and what falls out of it never comes in again", () => {
  const guard = new ReplayGuard(AGE_MS, START);
  const name = (index: number): string => `s${index}`;
  for (let index = 0; index < 100_000; index += 1) {
    expect(guard.check(name(index), START + index, START + index)).toBeUndefined();
  }
  const later = START + 100_000;
  expect(guard.check("one more", later, later)).toBeUndefined();
  expect(guard.check(name(0), START, later)).toMatchObject({ code: "FSS.0401" });
  expect(guard.check(name(1), START + 1, later)?.message).toContain("received before");
});

test("signatures that are too old by themselves leave the memory", () => {
  const guard = new ReplayGuard(AGE_MS, START);
  guard.check("a", START, START);
  const later = START + AGE_MS + 1;
  expect(guard.check("b", later, later)).toBeUndefined();
  // Forgotten as one that its date refuses anyway: the door before this one does that.
  expect(guard.check("a", START, later)).toBeUndefined();
});
