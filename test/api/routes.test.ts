import { expect, test } from "vitest";

import { OPERATION_IDS } from "../../model/api/operations.ts";
import { ROUTES } from "../../platform/api/routes.ts";

// The calls that run functions; the gateway's tests show them.
const INVOCATIONS = ["InvokeFunction", "AsyncInvokeFunction", "AsyncInvokeReservedFunction"];

test("every operation of the table has a route, once, and the rest is Fungraph's own or the notification service's", () => {
  const ids = ROUTES.flatMap(({ id }) => id ?? []);
  expect([...ids, ...INVOCATIONS].toSorted()).toEqual(OPERATION_IDS.toSorted());
  const own = ROUTES.filter(({ id }) => id === undefined).map(({ path }) => path);
  for (const path of own) expect(path).toMatch(/^\/fungraph\/v1\/|\/archive$|\/notifications\/topics\//);
});
