import * as fc from "fast-check";
import { expect, test } from "vitest";
import { keyText } from "../../platform/store/function-key.ts";
import { bucketKey, topicKey } from "../../platform/triggers/delivery-key.ts";
import { Pool } from "../../platform/triggers/pool.ts";
import { Pools } from "../../platform/triggers/pools.ts";

/** Takes turns over keys with this many requests each; answers the keys in the order their requests started. */
function serve(pool: Pool, waiting: Map<string, number>, now = 0): string[] {
  const started: string[] = [];
  pool.turns(now, (key, count) => {
    const left = waiting.get(key) ?? 0;
    const taken = Math.min(left, count);
    waiting.set(key, left - taken);
    for (let one = 0; one < taken; one++) {
      pool.begin(key);
      started.push(key);
    }
    return left > taken ? now : undefined;
  });
  return started;
}

test("one request behind a hundred thousand of another key has its turn at the next end", () => {
  const pool = new Pool({ running: 4, runningPerKey: 4 });
  const waiting = new Map([["hog", 100_000]]);
  pool.add("hog", 0, 0);
  expect(serve(pool, waiting)).toEqual(["hog", "hog", "hog", "hog"]);
  waiting.set("small", 1);
  pool.add("small", 0, 0);
  expect(serve(pool, waiting)).toEqual([]);
  pool.end("hog");
  pool.end("hog");
  expect(serve(pool, waiting)).toEqual(["hog", "small"]);
  pool.end("hog");
  expect(serve(pool, waiting)).toEqual(["hog"]);
});

test("of keys with long queues the one that had its turn goes to the back, also when one slot becomes free at a time", () => {
  const pool = new Pool({ running: 1, runningPerKey: 1 });
  const waiting = new Map([
    ["a", 9],
    ["b", 9],
    ["c", 9],
  ]);
  for (const key of waiting.keys()) pool.add(key, 0, 0);
  const started: string[] = [];
  for (let slots = 0; slots < 7; slots += 1) {
    const [one = ""] = serve(pool, waiting);
    started.push(one);
    pool.end(one);
  }
  expect(started.join("")).toBe("abcabca");
});

test("a key that runs as many as it may is passed over and keeps its place", () => {
  const pool = new Pool({ running: 8, runningPerKey: 2 });
  const waiting = new Map([
    ["a", 5],
    ["b", 5],
  ]);
  pool.add("a", 0, 0);
  pool.add("b", 0, 0);
  expect(serve(pool, waiting)).toEqual(["a", "a", "b", "b"]);
  expect(pool.open("a")).toBe(false);
  expect(pool.open("c")).toBe(true);
  pool.end("b");
  expect(serve(pool, waiting)).toEqual(["b"]);
  pool.end("a");
  expect(serve(pool, waiting)).toEqual(["a"]);
});

test("a key comes up when it is due, and sooner when something sooner is added", () => {
  const pool = new Pool({ running: 8, runningPerKey: 8 });
  const waiting = new Map([["a", 1]]);
  expect(pool.open("a")).toBe(true);
  pool.add("a", 500, 0);
  pool.add("a", 900, 0);
  pool.add("a", 100, 0);
  expect(pool.nextDue).toBe(100);
  pool.add("b", 0, 0);
  // What comes for a key goes behind what waits for it.
  expect([pool.open("b"), pool.open("c")]).toEqual([false, true]);
  expect(serve(pool, waiting, 99)).toEqual([]);
  expect(serve(pool, waiting, 100)).toEqual(["a"]);
  // The later times were of the same key: whoever takes asks the store for what comes next.
  expect(pool.nextDue).toBeUndefined();
});

test("deliveries have places of their own: endpoints that hang hold up no function, and one of them not the others", () => {
  const pools = new Pools({ running: 4, runningPerKey: 4 });
  const [hanging, other] = ["one", "two"].map((topic) => keyText(topicKey("p", topic)));
  const bucket = keyText(bucketKey("p", "results"));
  for (const key of [hanging ?? "", other ?? "", bucket, "p/default/work"]) pools.of(key).add(key, 0, 0);
  const started = new Map<string, number>();
  pools.turns(0, (key, count, pool) => {
    for (let one = 0; one < count; one++) pool.begin(key);
    started.set(key, (started.get(key) ?? 0) + count);
    return 0;
  });
  expect(started).toEqual(
    new Map([
      ["p/default/work", 4],
      [hanging, 8],
      [other, 8],
      [bucket, 8],
    ]),
  );
  expect(pools.total).toBe(28);
});

test("whatever comes and goes, slots are never exceeded and nobody who waits is forgotten", () => {
  const step = fc.oneof(
    fc.record({ key: fc.constantFrom("a", "b", "c"), add: fc.integer({ min: 1, max: 9 }) }),
    fc.record({ end: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pool = new Pool({ running: 5, runningPerKey: 3 });
      const waiting = new Map<string, number>();
      const running: string[] = [];
      for (const one of steps) {
        if ("add" in one) {
          waiting.set(one.key, (waiting.get(one.key) ?? 0) + one.add);
          pool.add(one.key, 0, 0);
        } else if (running.length > 0)
          for (const key of running.splice(one.end % running.length, 1)) pool.end(key);
        running.push(...serve(pool, waiting));
        expect(pool.total).toBe(running.length);
        expect(running.length).toBeLessThanOrEqual(5);
        for (const [key, left] of waiting) {
          const own = running.filter((other) => other === key).length;
          expect(own).toBeLessThanOrEqual(3);
          // Work is conserved: who waits is at its limit, or all slots are taken.
          if (left > 0) expect(own === 3 || running.length === 5).toBe(true);
        }
      }
    }),
  );
});
