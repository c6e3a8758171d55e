import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseField } from "../../model/api/notation.ts";
import { type OperationId, OPERATION_IDS, operationRow } from "../../model/api/operations.ts";
import { checkParameters } from "../../model/api/parameters.ts";
import { pathParameters } from "../../model/api/paths.ts";
import { checkBody } from "../../model/api/validate.ts";
import { officialClient } from "../support/sdk.ts";
import { valuesOf } from "./api-arbitraries.ts";

// Shows that the table and the official client mean the same requests and replies; what they do is shown elsewhere.
const IN_SDK = OPERATION_IDS.filter((id) => operationRow(id).extra === undefined);
const PROJECT = "0".repeat(32);

interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

let server: Server;
let client: Record<string, (request: object) => Promise<Record<string, unknown>>>;
let seen: Seen | undefined;
let answer: { status: number; body: unknown };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const length = Number(request.headers["content-length"] ?? 0);
    seen = {
      method: request.method ?? "",
      url: new URL(request.url ?? "/", "http://localhost"),
      headers: request.headers,
      body: length > 0 ? await json(request) : undefined,
    };
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = officialClient({ endpoint, projectId: PROJECT, accessKey: "A", secretKey: "S" }) as never;
});

afterAll(() => {
  server.close();
});

function sample(notation: string): unknown {
  const [value] = fc.sample(valuesOf(parseField(notation).type), { numRuns: 1, seed: 7 });
  return value === "" ? "text" : value;
}

function samples(group: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(group).map(([name, notation]) => [name, String(sample(notation))]),
  );
}

test.each(IN_SDK)("%s is the official client's", async (id: OperationId) => {
  const row = operationRow(id);
  const names = pathParameters(row.path).filter((name) => name !== "project_id");
  const parameters = { ...Object.fromEntries(names.map((name) => [name, name])), ...samples(row.parameters) };
  const [query, headers] = [samples(row.query), samples(row.headers)];
  const body = row.body === "any" ? { a: 1 } : row.body === undefined ? undefined : sample(row.body);
  // Replies without a body and archives are read as empty objects.
  answer = {
    status: row.status,
    body: row.reply === "archive" || !row.reply ? undefined : sample(row.reply),
  };

  const call = client[id.charAt(0).toLowerCase() + id.slice(1)];
  const { function_urn } = parameters as Record<string, string>;
  const result = await call?.call(client, {
    ...parameters,
    func_urn: function_urn,
    ...query,
    ...headers,
    body,
  });

  const path = row.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    name === "project_id" ? PROJECT : ((parameters as Record<string, string>)[name] ?? ""),
  );
  expect([seen?.method, seen?.url.pathname]).toEqual([row.method, path]);
  expect(Object.fromEntries(seen?.url.searchParams ?? [])).toEqual(query);
  for (const [name, value] of Object.entries(headers))
    expect(seen?.headers[name.toLowerCase()]).toBe(value.trim());
  expect(seen?.body).toEqual(JSON.parse(JSON.stringify(body ?? null)) ?? undefined);
  const request = {
    parameters,
    query: seen?.url.searchParams ?? new URLSearchParams(),
    headers: seen?.headers ?? {},
  };
  expect([...checkParameters(id, request), ...checkBody(id, seen?.body)]).toEqual([]);
  expect(result).toMatchObject({ ...(answer.body as object), httpStatusCode: row.status });
});
