import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { formatSdkDate, sign, type SignedRequest } from "../../model/signature.ts";
import { Authenticator } from "../../platform/auth/authenticator.ts";
import { Credentials } from "../../platform/auth/credentials.ts";
import { Identities } from "../../platform/auth/identities.ts";
import { checkProject } from "../../platform/auth/principal.ts";
import { AuthRefusal, unauthorized } from "../../platform/auth/refusal.ts";
import type { Credential } from "../../platform/store/credentials.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import { TemporaryFolder } from "../store/fixtures.ts";

const AT = new Date("2026-11-21T18:03:24Z");
const PAIR: Credential = {
  accessKey: "AKTEST",
  secretKey: "SKTEST",
  projectId: "pid1",
  projectName: "default",
  role: "FunctionGraph FullAccess",
  administrator: true,
};
const credentials = new Credentials({ list: () => [PAIR], add: () => {}, delete: () => {} });
const tokens = { principal: () => unauthorized("no token") };
const agencies = { signer: () => undefined };
const authenticator = new Authenticator({ credentials, agencies, tokens }, { now: () => AT.getTime() });

const REQUEST = {
  method: "POST",
  path: "/v2/pid1/fgs/functions/urn:fss:r:pid1:function:default:demo:!prod/invocations",
  query: "b=2&a=%20",
  headers: { host: "127.0.0.1:1234", "content-type": "application/json" },
  body: Buffer.from('{"a":"中"}'),
};

function signed(change: Partial<SignedRequest> = {}, at = AT) {
  const request = { ...REQUEST, ...change };
  return { ...request, headers: { ...request.headers, ...sign(request, PAIR, at) } };
}

function refusal(request: SignedRequest): string {
  const answer = authenticator.authenticate(request);
  if (!(answer instanceof AuthRefusal)) throw new Error("The request was let in.");
  return `${answer.status} ${answer.code} ${answer.message}`;
}

test("every vector of real clients is let in", () => {
  const file = new URL("../model/signature-vectors.json", import.meta.url);
  const vectors = JSON.parse(readFileSync(file, "utf8")) as (SignedRequest & {
    query: string;
    path: string;
  })[];
  expect(vectors.length).toBeGreaterThan(3);
  for (const vector of vectors) {
    const url = vector.query === "" ? vector.path : `${vector.path}?${vector.query}`;
    expect(authenticator.verify({ ...vector, url }, "pid1")).toBeUndefined();
  }
});

test("who signed is known, headers added after signing do no harm", () => {
  const request = signed();
  const late = {
    ...request,
    headers: { ...request.headers, "x-project-id": "pid1", "x-security-token": "t" },
  };
  expect(authenticator.authenticate(late)).toMatchObject({ accessKey: "AKTEST", projectId: "pid1" });
});

test.each([
  ["method", { method: "PUT" }],
  ["path", { path: REQUEST.path.replace("demo", "other") }],
  ["query", { query: "b=2&a=%21" }],
  ["body", { body: Buffer.from("{}") }],
  ["header", { headers: { ...REQUEST.headers, "content-type": "text/plain" } }],
  ["host", { headers: { ...REQUEST.headers, host: "elsewhere" } }],
])("fails when the %s was changed after signing", (_what, change) => {
  const { headers } = signed();
  const { authorization, "x-sdk-date": date } = headers;
  const changed = { ...REQUEST, ...change };
  expect(refusal({ ...changed, headers: { ...changed.headers, authorization, "x-sdk-date": date } })).toMatch(
    /^401 FSS\.0401 The signature does not fit the request/,
  );
});

const AUTHORIZATION = signed().headers.authorization;

test.each([
  ["nothing", undefined, "The request is not signed"],
  ["another scheme", "Bearer abc", 'uses "Bearer"'],
  ["the derived scheme", AUTHORIZATION.replace("SDK-HMAC", "V11-HMAC"), 'uses "V11-HMAC-SHA256"'],
  ["no access key", AUTHORIZATION.replace("Access=AKTEST, ", ""), "lacks Access"],
  ["no names", AUTHORIZATION.replace(/SignedHeaders=[^,]*, /, ""), "lacks SignedHeaders"],
  ["no signature", AUTHORIZATION.replace(/, Signature=.*/, ""), "lacks Signature"],
  ["an empty field", AUTHORIZATION.replace("Access=AKTEST", "Access="), "lacks a value"],
  ["a short signature", AUTHORIZATION.slice(0, -1), "another form than 64 hexadecimal digits"],
  ["an unsigned host", AUTHORIZATION.replace("host;", ""), "The header host is not signed"],
  ["an unsigned date", AUTHORIZATION.replace(";x-sdk-date", ""), "The header x-sdk-date is not signed"],
  ["a header that is not there", AUTHORIZATION.replace("host;", "host;x-none;"), 'names "x-none"'],
  [
    "a name that every object has",
    AUTHORIZATION.replace("host;", "host;constructor;"),
    'names "constructor"',
  ],
  ["an unknown key", AUTHORIZATION.replace("AKTEST", "AKOTHER"), 'The access key "AKOTHER" is not known'],
])("fails with its own sentence on %s", (_what, authorization, sentence) => {
  const { headers } = signed();
  expect(refusal({ ...REQUEST, headers: { ...headers, authorization } })).toContain(sentence);
});

test("a date is taken up to 15 minutes either way", () => {
  for (const minutes of [-15, 15]) {
    const at = new Date(AT.getTime() + minutes * 60_000);
    expect(authenticator.authenticate(signed({}, at))).toMatchObject({ projectId: "pid1" });
  }
  for (const seconds of [-901, 901]) {
    const at = new Date(AT.getTime() + seconds * 1000);
    expect(refusal(signed({}, at))).toContain("more than 15 minutes apart");
  }
  const headers = { ...signed().headers, "x-sdk-date": formatSdkDate(AT).slice(0, 8) };
  expect(refusal({ ...REQUEST, headers })).toContain("is not a date");
});

test("another project's path is forbidden, not unauthorized", () => {
  const principal = { ...PAIR, name: PAIR.accessKey };
  const refused = checkProject(principal, "pid2");
  expect(refused).toMatchObject({ status: 403, code: "FSS.0403" });
  expect(checkProject(principal, "pid1")).toBeUndefined();
});

test("the first start makes a project with a key pair, and every later one finds it", async () => {
  using folder = new TemporaryFolder();
  const first = await openStore(folder.path);
  const made = new Identities(first).credentials.default;
  first.close();
  const second = await openStore(folder.path);
  const known = new Identities(second);
  second.close();
  expect(known.credentials.default).toEqual(made);
  expect(made.projectId).toMatch(/^[0-9a-f]{32}$/);
  expect(made.accessKey).toMatch(/^[A-Z2-7]{20}$/);
  expect(made.secretKey).toMatch(/^[A-Z2-7]{40}$/);
  const request = { ...REQUEST, headers: { ...REQUEST.headers, ...sign(REQUEST, made, AT) } };
  expect(new Authenticator(known, { now: () => AT.getTime() }).authenticate(request)).toMatchObject({
    projectId: made.projectId,
  });
});
