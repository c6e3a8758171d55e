import * as fc from "fast-check";

import { parseField } from "../../model/api/notation.ts";
import { OPERATION_IDS, operationRow, type OperationId } from "../../model/api/operations.ts";
import { pathParameters } from "../../model/api/paths.ts";
import { valuesOf } from "../model/api-arbitraries.ts";

/** A request that is wrong in some way, or in several. */
export interface Malformed {
  readonly method: string;
  /** Path and query, escaped. */
  readonly target: string;
  readonly body: Buffer;
  /** Sent instead of a signature. */
  readonly headers: Record<string, string> | undefined;
}

const NAMES = [
  "",
  "latest",
  "!prod",
  "demo",
  "..",
  "null",
  "constructor",
  "__proto__",
  "toString",
  "-1",
  "1e999",
];

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(...NAMES),
  // Several of them still fit into what Node takes as the head of a request.
  fc.constant("x".repeat(1500)),
);

const nested = fc.integer({ min: 2, max: 3000 }).map((depth) => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
});

const junk = fc.oneof(
  { weight: 6, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 6, arbitrary: text },
  { weight: 3, arbitrary: fc.oneof(fc.double(), fc.integer(), fc.constant(null)) },
  { weight: 1, arbitrary: nested },
);

/** Fields with which a body gets past the first checks. */
const GOOD: Readonly<Record<string, unknown>> = {
  func_name: "demo",
  package: "default",
  runtime: "Node.js20.15",
  handler: "index.handler",
  timeout: 3,
  memory_size: 128,
  code_type: "zip",
  version: "v1",
  name: "prod",
  content: "e30=",
  trigger_type_code: "APIG",
  event_data: { path: "/x" },
  max_instance_num: 1,
  func_code: { file: "UEsDBA==" },
  depend_type: "zip",
  depend_file: "UEsDBA==",
  start: "s1",
  template_id: "web-site",
};

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? "");
}

/** The value with something wrong at a place that the picks lead to. */
function spoil(value: unknown, [pick = 0, ...rest]: readonly number[], wrong: unknown): unknown {
  if (typeof value !== "object" || value === null || pick % 4 === 0) return wrong;
  const keys = Object.keys(value);
  const key = keys[pick % keys.length];
  if (key === undefined) return wrong;
  const copy = { ...value, [key]: spoil((value as Record<string, unknown>)[key], rest, wrong) };
  return Array.isArray(value) ? Object.values(copy) : copy;
}

const picks = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 });

function improve(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const known = Object.entries(GOOD).filter(([key]) => key in value);
  return { ...value, ...Object.fromEntries(known) };
}

function bodyOf(notation: string | undefined): fc.Arbitrary<Buffer> {
  const whatever = fc.oneof(fc.constant(Buffer.alloc(0)), junk.map(json));
  if (notation === undefined) return whatever;
  const { type } = parseField(notation);
  const spoiled = fc
    .tuple(valuesOf(type), fc.boolean(), picks, junk)
    .map(([value, good, path, wrong]) => json(spoil(good ? improve(value) : value, path, wrong)));
  const bytes = fc.uint8Array({ maxLength: 60 }).map((given) => Buffer.from(given));
  const cut = spoiled.map((whole) => whole.subarray(0, whole.length >> 1));
  return fc.oneof(
    { weight: 12, arbitrary: spoiled },
    { weight: 2, arbitrary: whatever },
    { weight: 1, arbitrary: bytes },
    { weight: 1, arbitrary: cut },
  );
}

function escaped(given: string): string {
  return encodeURIComponent(given.toWellFormed());
}

function targetOf(id: OperationId, known: Readonly<Record<string, string>>): fc.Arbitrary<string> {
  const { path, query = {} } = operationRow(id);
  const values = pathParameters(path).map((name) => {
    const good = fc.constant(known[name] ?? "demo");
    return name === "project_id" ? good : fc.oneof({ weight: 3, arbitrary: good }, text);
  });
  const names = fc.constantFrom("marker", "limit", ...Object.keys(query));
  const pairs = fc.dictionary(names, text, { maxKeys: 4 });
  return fc.tuple(fc.tuple(...values), pairs).map(([given, asked]) => {
    let index = 0;
    const filled = path.replaceAll(/\{\w+\}/g, () => escaped(given[index++] ?? ""));
    const search = Object.entries(asked).map(([name, value]) => `${name}=${escaped(value)}`);
    return search.length === 0 ? filled : `${filled}?${search.join("&")}`;
  });
}

const headers = fc.oneof(
  { weight: 12, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        authorization: fc.oneof(
          fc.string(),
          fc.string().map((more) => `SDK-HMAC-SHA256 Access=a, ${more}`),
        ),
        "x-sdk-date": fc.oneof(fc.string(), fc.constant("20260101T000000Z")),
        "x-auth-token": fc.string(),
        "x-project-id": fc.string(),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
);

/** Malformed requests to operations, where `known` values of paths lead to something that is there. */
export function malformedRequests(
  operations: readonly OperationId[],
  known: Readonly<Record<string, string>>,
): fc.Arbitrary<Malformed> {
  return fc.oneof(
    ...operations.map((id) => {
      const row = operationRow(id);
      const other = fc.constantFrom("GET", "PUT", "POST", "DELETE", "PATCH");
      const method = fc.oneof({ weight: 20, arbitrary: fc.constant(row.method as string) }, other);
      return fc
        .tuple(method, targetOf(id, known), bodyOf(row.body), headers)
        .map(([sent, target, body, instead]) => ({
          method: sent,
          target,
          // The client of this test sends no body with GET.
          body: sent === "GET" ? Buffer.alloc(0) : body,
          headers: instead,
        }));
    }),
  );
}

/** All operations of the control plane; those that run functions are the gateway's. */
export const MANAGED: readonly OperationId[] = OPERATION_IDS.filter((id) => !/^(Async)?Invoke/.test(id));
