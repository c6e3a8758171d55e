import { expect, test } from "vitest";
import {
  checkReservedInstances,
  reservedCountAt,
  type ReservedInstancesPolicy,
} from "../../model/reserved-instances.ts";
import { short } from "../support/faults.ts";

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

const day = { name: "day", cron: "0 0 8 * * ?", count: 5, startTime: 100, expiredTime: 200 };

test("a policy has a window, a cron expression and no fewer instances than outside of it", () => {
  expect(checkReservedInstances({ count: 2, idleMode: false, policies: [day] }, 400)).toEqual([]);
  const wrong = [
    { ...day, name: "1", cron: "0 0 8", count: 1, expiredTime: 100 },
    { ...day, count: 401 },
    day,
  ];
  expect(short(checkReservedInstances({ count: 2, idleMode: true, policies: wrong }, 400))).toEqual([
    "policies[0].name FSS.0400",
    "policies[0].cron FSS.0400",
    "policies[0].expiredTime FSS.0400",
    "policies[0].count FSS.1076",
    "policies[1].count FSS.1076",
    "policies[2].name FSS.0400",
  ]);
});

test.each([
  [1000, -1, []],
  [1001, -1, ["count FSS.1076"]],
  [3, 3, []],
  [4, 3, ["count FSS.1076"]],
  [-1, 3, ["count FSS.1076"]],
])("%i of a function with at most %i", (count, maxInstances, expected) => {
  expect(short(checkReservedInstances({ count, idleMode: false, policies: [] }, maxInstances))).toEqual(
    expected,
  );
});
