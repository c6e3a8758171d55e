import { expect, test } from "vitest";
import { TestEvents } from "../../client/test-events.ts";
import { Paths } from "../../client/paths.ts";
import { Transport } from "../../client/transport.ts";
import { DoubleServer, json } from "./double-server.ts";

const ALL = ["a", "b", "c", "d", "e"].map((name) => ({ id: `id-${name}`, name }));

async function names(answer: (marker: number) => unknown): Promise<{ names: string[]; calls: number }> {
  await using server = await DoubleServer.start((response, heard) => {
    const marker = Number(new URL(heard.url, "http://x").searchParams.get("marker"));
    json(response, 200, answer(marker));
  });
  const transport = new Transport({
    endpoint: server.endpoint,
    projectId: "p",
    accessKey: "a",
    secretKey: "s",
  });
  const list = await new TestEvents(transport, new Paths("p")).list("hello");
  return { names: list.map(({ name }) => name), calls: server.heard.length };
}

test("a list is read to its end", async () => {
  const found = await names((marker) => ({
    events: ALL.slice(marker, marker + 2),
    next_marker: marker + 2,
    count: ALL.length,
  }));
  expect(found).toEqual({ names: ["a", "b", "c", "d", "e"], calls: 3 });
});

test.each([
  ["without a marker", () => ({ events: ALL.slice(0, 2) }), 1],
  [
    "whose marker does not move",
    (marker: number) => ({ events: ALL.slice(0, 2), next_marker: marker, count: 9 }),
    1,
  ],
  ["that is empty", () => ({ events: [], count: 0 }), 1],
])("a list %s comes to an end", async (_what, answer, calls) => {
  expect((await names(answer)).calls).toBe(calls);
});

test("an item that is none is said", async () => {
  await expect(names(() => ({ events: [{ id: 7 }], count: 1 }))).rejects.toThrow(
    "the answer is not one of this API: id:",
  );
});
