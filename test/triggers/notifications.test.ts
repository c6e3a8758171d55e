import { expect, test } from "vitest";
import type { Invocation, Outcome } from "../../platform/gateway/invoker.ts";
import { LIMITS } from "../../model/limits.ts";
import type { AsyncRequest } from "../../platform/store/async-requests.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { notificationsOf } from "../../platform/triggers/notification.ts";
import type { RunEnd } from "../../platform/triggers/run-rules.ts";
import { createFunction, HELLO, request, temporaryStore, until } from "./support.ts";

const HEARS = { ...HELLO, name: "hears" };
const TO_HEARS = { kind: "function", key: HEARS, qualifier: "latest", param: "{}" } as const;

interface Told {
  readonly request_context: Record<string, unknown>;
  readonly response_context: Record<string, unknown>;
  readonly response_payload: string;
}

function toldIn({ event }: { readonly event: Buffer }): Told {
  return JSON.parse(event.toString()) as Told;
}

/** What a destination hears of a request that ended so at its second try. */
function tell(run: RunEnd): Told {
  const now = Date.now();
  const ended: AsyncRequest = { ...request("r"), attempts: 2, acceptedAt: now, hops: 0 };
  const context = { region: "local", topics: { subscriptions: () => [] } };
  const [told] = notificationsOf(ended, run, TO_HEARS, context);
  if (told === undefined) throw new Error("nobody was told");
  return toldIn(told);
}

test.each([
  [undefined, 200, ""],
  ["code", 500, "UnhandledInvocationError"],
  ["timeout", 500, "UnhandledInvocationError"],
  ["system", 500, "SystemError"],
  ["missing", 500, "FunctionNotFound"],
  ["cancelled", 500, "Cancelled"],
] as const)("how it ended is told by status and condition: %s", (failure, status, condition) => {
  const told = tell({ failure, code: 0, payload: Buffer.from("result") });
  expect(told).toMatchObject({
    request_context: { condition, approximate_invoke_count: 2 },
    response_context: { status_code: status, function_error: "" },
    response_payload: "result",
  });
});

test("a result beyond 256 KB is cut, and the notification says so", () => {
  const payload = Buffer.alloc(LIMITS.asyncRequestBytes + 1, "x");
  const told = tell({ failure: undefined, code: 0, payload });
  expect(told.response_payload).toHaveLength(LIMITS.asyncRequestBytes);
  expect(told.response_context["function_error"]).toContain(
    `first ${LIMITS.asyncRequestBytes} of ${LIMITS.asyncRequestBytes + 1} bytes`,
  );
});

test("a destination hears once, of the end and not of tries, and of what grew too old", async () => {
  await using store = await temporaryStore();
  for (const key of [HELLO, HEARS]) createFunction(store, key);
  const settings = { maxRetries: 1, maxAgeSeconds: 60, statusLog: false };
  store.asyncConfigs.put(HELLO, "latest", { ...settings, onSuccess: TO_HEARS, onFailure: TO_HEARS });
  const told: Told[] = [];
  let tries = 0;
  const invoke = async ({ key, event }: Invocation): Promise<Outcome> => {
    if (key.name === HEARS.name) told.push(toldIn({ event }));
    const failure = key.name === HELLO.name && (tries += 1) === 1 ? "code" : undefined;
    return { failure, code: 0, payload: Buffer.from("done"), durationMs: 1 };
  };
  const queue = new DurableQueue({ store, invoker: { invoke, cancel: () => undefined }, retryMs: 1 });
  await queue.start();
  await queue.accept([request("second-try")]);
  await until(() => store.asyncRequests.count("success") === 2);
  await queue.accept([{ ...request("old"), acceptedAt: Date.now() - 61_000 }]);
  await until(() => store.asyncRequests.count("success") === 3);
  expect(told).toMatchObject([
    {
      request_context: { request_id: "second-try", condition: "", approximate_invoke_count: 2 },
      response_context: { status_code: 200 },
    },
    {
      request_context: { request_id: "old", condition: "MaximumEventAgeExceeded" },
      response_context: { status_code: 500 },
    },
  ]);
  await queue.close(1000);
});
