import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Member, Members } from "../../platform/cluster/members.ts";
import { Shares } from "../../platform/cluster/shares.ts";

const NOBODY = (): void => undefined;

/** What one process sees of the cluster. */
function viewOf(id: string) {
  let told = NOBODY;
  const seen = { id, joined: false, list: (): readonly Member[] => [] };
  const onChange: Members["onChange"] = (listener) => (told = listener);
  const shares = new Shares(Object.assign(seen, { onChange }) as Members);
  return {
    part: (whole: number): number => shares.part(whole),
    sees(members: readonly Member[], joined = true): void {
      seen.list = () => members;
      seen.joined = joined;
      told();
    },
  };
}

function member(id: string, role: Member["role"] = "gateway"): Member {
  return { id, number: 1, role, addresses: {} };
}

test("the parts of all gateways add up to the whole, and none is two larger than another", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 1000 }), (gateways, whole) => {
      const members = Array.from({ length: gateways }, (_, at) => member(String(at)));
      const list = [member("scheduler", "scheduler"), ...members];
      const parts = members.map(({ id }) => {
        const view = viewOf(id);
        view.sees(list);
        return view.part(whole);
      });
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(whole);
      expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
    }),
  );
});

test("a gateway alone has all, and one that lost the others keeps its part until it is back among them", () => {
  const view = viewOf("b");
  expect(view.part(100)).toBe(100);
  view.sees([member("a"), member("b")]);
  expect([view.part(100), view.part(7)]).toEqual([50, 3]);
  view.sees([], false);
  expect(view.part(100)).toBe(50);
  view.sees([member("b")]);
  expect(view.part(100)).toBe(100);
});
