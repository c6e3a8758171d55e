import { expect, test } from "vitest";
import { Acceptance } from "../../platform/gateway/acceptance.ts";
import { hopsOf, HOPS_HEADER } from "../../platform/gateway/hops.ts";
import type { Refusal } from "../../platform/gateway/refusal.ts";
import type { NewAsyncRequest } from "../../platform/store/async-requests.ts";

const key = { projectId: "p", package: "default", name: "free" };
const hog = { ...key, name: "hog" };
const event = Buffer.from("{}");

function refusalOf(error: unknown): Refusal {
  return { status: 500, code: "FSS.0500", message: String(error) };
}

function full({ name }: { name: string }): Error | undefined {
  return name === "hog" ? new Error("full") : undefined;
}

/** A queue that is full for the hog, and a disk that is done when the test says so. */
function setUp(accept: (requests: readonly NewAsyncRequest[]) => void) {
  const disk = Promise.withResolvers<void>();
  const keep = (requests: readonly NewAsyncRequest[]): Promise<void> => {
    accept(requests);
    return disk.promise;
  };
  const acceptance = new Acceptance({ full, accept: keep }, refusalOf);
  const told: string[] = [];
  const call = (id: string, of = key): void =>
    acceptance.accept({ id, key: of, qualifier: "latest", event }, (refusal) => {
      told.push(`${id} ${refusal?.message ?? "accepted"}`);
    });
  return { call, told, disk };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** As long as it takes until nothing more is gathered. */
async function turns(): Promise<void> {
  for (let left = 4; left > 0; left--) await turn();
}

test("callers who come close together share a commit, and hear of it once the disk has it", async () => {
  const commits: string[][] = [];
  const { call, told, disk } = setUp((requests) => void commits.push(requests.map(({ id }) => id)));
  call("a");
  call("b");
  expect(commits).toEqual([]);
  await turns();
  expect([commits, told]).toEqual([[["a", "b"]], []]);
  call("c");
  await turns();
  disk.resolve();
  await turn();
  expect(commits).toEqual([["a", "b"], ["c"]]);
  expect(told).toEqual(["a accepted", "b accepted", "c accepted"]);
});

test("callers without end do not put the commit off", async () => {
  const commits: number[] = [];
  const { call } = setUp((requests) => void commits.push(requests.length));
  let called = 0;
  for (; commits.length < 3; await turn()) call(String(called++));
  expect(Math.max(...commits)).toBeGreaterThan(1);
  await turns();
  expect(commits.reduce((sum, count) => sum + count, 0)).toBe(called);
});

test("a function whose part of the queue is full keeps nobody else out", async () => {
  const { call, told, disk } = setUp(() => undefined);
  disk.resolve();
  call("a");
  call("h", hog);
  await turns();
  expect(told).toEqual(["h Error: full", "a accepted"]);
});

test("a commit or a disk that fails is told to everyone who waits for it", async () => {
  const refused = setUp(() => {
    throw new Error("no commit");
  });
  refused.call("a");
  refused.call("b");
  await turns();
  expect(refused.told).toEqual(["a Error: no commit", "b Error: no commit"]);
  const lost = setUp(() => undefined);
  lost.call("a");
  await turns();
  lost.disk.reject(new Error("no disk"));
  await turn();
  expect(lost.told).toEqual(["a Error: no disk"]);
});

test.each([
  [undefined, 0],
  ["3", 3],
  ["0", 0],
  ["-1", 0],
  ["1.5", 0],
  ["many", 0],
  ["999999999999", 1000],
])("hops of %s are %i", (given, hops) => {
  expect(hopsOf({ [HOPS_HEADER]: given })).toBe(hops);
});
