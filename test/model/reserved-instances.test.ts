import { expect, test } from "vitest";
import { reservedCountAt, type ReservedInstancesPolicy } from "../../model/reserved-instances.ts";

const EIGHT = Date.UTC(2026, 0, 1, 8);
const DAY_S = 86_400;

function policy(more: Partial<ReservedInstancesPolicy>): ReservedInstancesPolicy {
  const window = { startTime: EIGHT / 1000, expiredTime: EIGHT / 1000 + 2 * DAY_S };
  return { name: "one", cron: "0 0 9 * * ?", count: 5, ...window, ...more };
}

function countAt(at: number, ...policies: ReservedInstancesPolicy[]): number {
  return reservedCountAt({ count: 1, idleMode: false, policies }, at).count;
}

test.each([
  ["before the window", EIGHT - 1, 1],
  ["in the window, before the first fire", EIGHT + 60_000, 1],
  ["at the first fire", EIGHT + 3_600_000, 5],
  ["a day after the fire", EIGHT + 24 * 3_600_000, 5],
  ["in the window's last second", EIGHT + 2 * DAY_S * 1000 + 999, 5],
  ["after the window", EIGHT + 2 * DAY_S * 1000 + 1000, 1],
])("%s", (_, at, count) => {
  expect(countAt(at, policy({}))).toBe(count);
});

test("of several policies the one that fired last holds; of equals the larger", () => {
  const noon = policy({ name: "noon", cron: "0 0 12 * * ?", count: 2 });
  expect(countAt(EIGHT + 3 * 3_600_000, policy({}), noon)).toBe(5);
  expect(countAt(EIGHT + 5 * 3_600_000, policy({}), noon)).toBe(2);
  expect(countAt(EIGHT + 5 * 3_600_000, policy({ count: 3 }), policy({ name: "two", count: 7 }))).toBe(7);
});

test("says until when a count holds, so that nobody has to ask before", () => {
  const spec = { count: 1, idleMode: false, policies: [policy({})] };
  expect(reservedCountAt({ ...spec, policies: [] }, EIGHT).until).toBe(Infinity);
  expect(reservedCountAt(spec, EIGHT - 5).until).toBe(EIGHT);
  expect(reservedCountAt(spec, EIGHT).until).toBe(EIGHT + 3_600_000);
  expect(reservedCountAt(spec, EIGHT + 40 * 3_600_000).until).toBe(EIGHT + 2 * DAY_S * 1000 + 1000);
});
