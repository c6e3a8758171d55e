import { expect, test } from "vitest";
import type { Outcome } from "../../platform/gateway/invoker.ts";
import { notificationsOf } from "../../platform/triggers/notification.ts";
import type { RunEnd } from "../../platform/triggers/run-rules.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { createFunction, HELLO, request, temporaryStore, until } from "./support.ts";

const HEAR = { ...HELLO, name: "hear" };
const CONTEXT = { region: "local", topics: { subscriptions: () => [] } };

/** What a function is told of an end. */
function told(failure: RunEnd["failure"], payload = "why"): Record<string, unknown> {
  const ended = { hops: 3, ...request("a"), attempts: 2, cuts: 0 };
  const outcome = { failure, code: 1, payload: Buffer.from(payload) };
  const destination = { kind: "function", key: HEAR, qualifier: "!live", param: "{}" } as const;
  const [one, ...others] = notificationsOf(ended, outcome, destination, CONTEXT);
  expect([one?.key, one?.qualifier, one?.hops, others]).toEqual([HEAR, "!live", 4, []]);
  return JSON.parse(one?.event.toString() ?? "") as Record<string, unknown>;
}

test.each([
  [undefined, "", 200],
  ["code", "UnhandledInvocationError", 500],
  ["timeout", "UnhandledInvocationError", 500],
  ["system", "SystemError", 500],
  ["overload", "MaximumEventAgeExceeded", 500],
  ["missing", "FunctionNotFound", 500],
  ["cancelled", "Cancelled", 500],
] as const)("the end %s is told as %j with status %i", (failure, condition, status) => {
  expect(told(failure)).toMatchObject({
    request_context: { request_id: "a", condition, approximate_invoke_count: 2 },
    request_payload: '{"id":"a"}',
    response_context: { status_code: status, function_error: "" },
    response_payload: "why",
  });
});

test("a long result is cut, and it is said", () => {
  const body = told(undefined, "x".repeat(300_000)) as {
    response_context: { function_error: string };
    response_payload: string;
  };
  expect(body.response_payload).toHaveLength(262_144);
  expect(body.response_context.function_error).toContain("first 262144 of 300000 bytes");
});

test("the destination of failures hears of those that grew too old, and of none that is tried again", async () => {
  await using store = await temporaryStore();
  for (const key of [HELLO, HEAR]) createFunction(store, key);
  store.asyncConfigs.put(HELLO, "latest", {
    maxRetries: 1,
    maxAgeSeconds: 60,
    statusLog: false,
    onFailure: { kind: "function", key: HEAR, qualifier: "latest", param: "{}" },
  });
  const heard: string[] = [];
  const end: Outcome = { failure: "code", code: 4002, payload: Buffer.from("boom"), durationMs: 1 };
  const queue = new DurableQueue({
    store,
    retryMs: 1,
    invoker: {
      invoke: async ({ key, event }) => {
        if (key.name !== HEAR.name) return end;
        const { request_context: context } = JSON.parse(event.toString()) as {
          request_context: { request_id: string; condition: string };
        };
        heard.push(`${context.request_id} ${context.condition}`);
        return { ...end, failure: undefined };
      },
      cancel: () => undefined,
    },
  });
  await queue.accept([{ ...request("old"), acceptedAt: Date.now() - 61_000 }, request("twice")]);
  await queue.start();
  await until(() => store.asyncRequests.count("success") === 2);
  expect(heard.toSorted()).toEqual(["old MaximumEventAgeExceeded", "twice UnhandledInvocationError"]);
  await queue.close(1000);
});
