import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import * as fc from "fast-check";
import { expect, test } from "vitest";

import { TestApi } from "./fixtures.ts";
import { MANAGED, type Malformed, malformedRequests } from "./malformed.ts";

const AT_ONCE = 10;
const ROUNDS = 1000;
/** What all requests together may leave behind, in signatures seen and things created: below two kilobytes each. */
const GROWTH_BYTES = 16 * 1024 * 1024;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

async function prepare(api: TestApi): Promise<void> {
  const urn = api.urn("demo");
  await api.create("demo");
  await api.call("POST", `/functions/${urn}/versions`, { version: "v1" });
  await api.call("POST", `/functions/${urn}/aliases`, { name: "prod", version: "v1" });
}

async function send(api: TestApi, { method, target, body, headers }: Malformed): Promise<void> {
  // A URL of two slashes or dots is rewritten by the client before it is signed and sent.
  const { pathname, search } = new URL(api.url + target);
  const path = pathname + search;
  const answer =
    headers === undefined
      ? await api.send(method, path, body)
      : await api.sendWith(headers, method, path, body);
  if (answer.status < 400) return;
  const { error_code: code, error_msg: words } = answer.body;
  const told = /^FSS\.\d{4}$/.test(code ?? "") && String(words).length > 20;
  if (answer.status >= 500 || !told)
    throw new Error(`${method} ${path} with ${body.toString("latin1")}: ${answer.status} ${code} ${words}`);
}

test("ten thousand malformed requests get no 5xx, no hang, no entry in the platform's log, and leave no memory", async () => {
  await using api = await TestApi.start();
  await prepare(api);
  const demo = { projectId: api.credential.projectId, package: "default", name: "demo" };
  const known = {
    project_id: demo.projectId,
    function_urn: api.urn("demo"),
    alias_name: "prod",
    version: "v1",
    trigger_type_code: "TIMER",
    resource_type: "functions",
    resource_id: api.urn("demo"),
  };
  const requests = fc.array(malformedRequests(MANAGED, known), { minLength: AT_ONCE, maxLength: AT_ONCE });
  let rounds = 0;
  let settled = 0;
  await fc.assert(
    fc.asyncProperty(requests, async (some) => {
      await Promise.all(some.map((one) => send(api, one)));
      expect(api.log).toEqual([]);
      if (api.store.functions.find(demo) === undefined) await prepare(api);
      // The first tenth fills caches.
      if (++rounds === ROUNDS / 10) settled = heapBytes();
    }),
    // Requests change what the next ones meet, so smaller ones would not show the same.
    { numRuns: ROUNDS, seed: 20_260_101, endOnFailure: true },
  );
  expect(rounds).toBe(ROUNDS);
  expect(heapBytes() - settled).toBeLessThan(GROWTH_BYTES);
}, 120_000);
