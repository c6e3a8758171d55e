import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

import { Turns } from "../../platform/api/turns.ts";

test("operations begin in order, and one that is done lets the next one begin", async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    seen.push(`${name} begins`);
    await sleep(1);
    seen.push(`${name} ends`);
    return name;
  };
  const names = await Promise.all(["a", "b", "c"].map((name) => turns.run(work(name))));
  expect(names).toEqual(["a", "b", "c"]);
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("one that fails, or takes long, keeps nobody waiting", async () => {
  const turns = new Turns();
  const { promise, resolve } = Promise.withResolvers<string>();
  const slow = turns.run(() => promise);
  const failed = turns.run(() => {
    throw new Error("refused");
  });
  const next = turns.run(() => "next");
  await expect(failed).rejects.toThrow("refused");
  expect(await next).toBe("next");
  resolve("slow");
  expect(await slow).toBe("slow");
});
