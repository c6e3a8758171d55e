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

test("callers of one turn share a commit, and hear of it once the disk has it", async () => {
  const commits: string[][] = [];
  const { call, told, disk } = setUp((requests) => void commits.push(requests.map(({ id }) => id)));
  call("a");
  call("b");
  await turn();
  expect([commits, told]).toEqual([[["a", "b"]], []]);
  disk.resolve();
  await turn();
  expect(told).toEqual(["a accepted", "b accepted"]);
});

test("a function whose part of the queue is full keeps nobody else out", async () => {
  const { call, told, disk } = setUp(() => undefined);
  disk.resolve();
  call("a");
  call("h", hog);
  await turn();
  await turn();
  expect(told).toEqual(["h Error: full", "a accepted"]);
});

test("a commit or a disk that fails is told to everyone who waits for it", async () => {
  const refused = setUp(() => {
    throw new Error("no commit");
  });
  refused.call("a");
  refused.call("b");
  await turn();
  expect(refused.told).toEqual(["a Error: no commit", "b Error: no commit"]);
  const lost = setUp(() => undefined);
  lost.call("a");
  await turn();
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
