import { expect, test, vi } from "vitest";
import { Homeless } from "../../platform/drivers/remote/homeless.ts";
import type { Place } from "../../platform/drivers/remote/place.ts";
import type { RemoteInstance } from "../../platform/drivers/remote/remote-instance.ts";

/** As far as homeless ones are concerned. */
function instance() {
  const told: string[] = [];
  const one = {
    held: { request: { id: "one", runtime: "Node.js20.15" } },
    stream: undefined,
    orphaned: () => void told.push("lost"),
    destroy: async () => void told.push("destroyed"),
  };
  return { one: one as unknown as RemoteInstance, told };
}

/** A scheduler that answers when the test says so. */
function scheduler() {
  const offered: ((taken: boolean) => void)[] = [];
  const adopt = (): Promise<boolean> => new Promise((resolve) => offered.push(resolve));
  return { place: { open: true, adopt } as unknown as Place, offered };
}

test("an instance is offered to the next scheduler while another one does not answer", async () => {
  const homeless = new Homeless(60_000);
  const { one, told } = instance();
  const [stuck, able] = [scheduler(), scheduler()];
  homeless.add([one], [stuck.place]);
  await expect.poll(() => stuck.offered.length).toBe(1);
  homeless.offer(able.place);
  await expect.poll(() => able.offered.length).toBe(1);
  able.offered[0]?.(true);
  await new Promise(setImmediate);
  stuck.offered[0]?.(false);
  homeless.close();
  expect(told).toEqual([]);
});

test("a scheduler is offered an instance again only after its answer, and not when it has taken it", async () => {
  const homeless = new Homeless(60_000);
  const { one } = instance();
  const { place, offered } = scheduler();
  homeless.add([one], [place]);
  homeless.offer(place);
  await expect.poll(() => offered.length).toBe(1);
  await new Promise(setImmediate);
  expect(offered.length).toBe(1);
  offered[0]?.(true);
  await new Promise(setImmediate);
  expect(offered.length).toBe(1);
  homeless.close();
});

test("an instance that is taken over after it was given up is ended", async () => {
  const homeless = new Homeless(1);
  const { one, told } = instance();
  const { place, offered } = scheduler();
  homeless.add([one], [place]);
  await expect.poll(() => told).toEqual(["lost"]);
  offered[0]?.(true);
  await expect.poll(() => told).toEqual(["lost", "destroyed"]);
});

test("an instance whose next scheduler ends too, before it said whether it takes it, waits anew", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const homeless = new Homeless(60_000);
    const { one, told } = instance();
    homeless.add([one], [scheduler().place]);
    vi.advanceTimersByTime(40_000);
    homeless.add([one], []);
    vi.advanceTimersByTime(40_000);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(20_000);
    expect(told).toEqual(["lost"]);
  } finally {
    vi.useRealTimers();
  }
});
