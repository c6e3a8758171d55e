import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { sign } from "../../model/signature.ts";
import { TemporaryFolder } from "../store/fixtures.ts";
import { functionBody, TestApi } from "./fixtures.ts";

const READ = "FunctionGraph ReadOnlyAccess";
const COMMON = "FunctionGraph CommonOperations";
const FULL = "FunctionGraph FullAccess";
const PASSWORD = "correct horse battery";

/** A project with a key pair of each role. */
async function team(api: TestApi) {
  const project = await api.send("POST", "/fungraph/v1/projects", { name: "team" });
  const id = String(project.body["id"]);
  const pair = async (role: string) => {
    const path = `/fungraph/v1/projects/${id}/credentials`;
    const { status, body } = await api.send("POST", path, { role });
    expect(status).toBe(201);
    return { accessKey: String(body["access_key"]), secretKey: String(body["secret_key"]) };
  };
  return {
    id,
    root: `/v2/${id}/fgs`,
    full: await pair(FULL),
    common: await pair(COMMON),
    read: await pair(READ),
  };
}

async function signIn(api: TestApi, identity: unknown, scope?: unknown) {
  return api.sendWith({}, "POST", "/v3/auth/tokens", {
    auth: { identity, ...(scope === undefined ? {} : { scope }) },
  });
}

function byPassword(name: string, password = PASSWORD) {
  return { methods: ["password"], password: { user: { name, password, domain: { name: "default" } } } };
}

test("projects keep their functions apart, and each key pair opens its own alone", async () => {
  await using api = await TestApi.start();
  const { id, root, full } = await team(api);
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect((await api.create("demo")).status).toBe(200);
  const created = await api.send("POST", `${root}/functions`, await functionBody("demo"), full);
  expect(created).toMatchObject({ status: 200, body: { namespace: id } });
  const list = await api.send("GET", `${root}/functions`, undefined, full);
  expect(list.body["functions"]?.map((one) => one["func_urn"])).toEqual([created.body["func_urn"]]);
  expect(await api.send("GET", `${api.root}/functions`, undefined, full)).toMatchObject({
    status: 403,
    body: { error_code: "FSS.0403" },
  });
  expect((await api.send("GET", `${root}/functions`)).status).toBe(403);
  expect(await api.send("POST", "/fungraph/v1/projects", { name: "team" })).toMatchObject({
    status: 409,
    body: { error_code: "FSS.0409" },
  });
});

test("each role may do what the table of guide 1.7 gives it, and nothing else", async () => {
  await using api = await TestApi.start();
  const { id, root, full, common, read } = await team(api);
  const functions = `${root}/functions`;
  const urn = `urn:fss:local:${id}:function:default:demo`;
  for (const pair of [read, common]) {
    const refused = await api.send("POST", functions, await functionBody("demo"), pair);
    expect(refused).toMatchObject({ status: 403, body: { error_code: "FSS.0403" } });
    expect(refused.body["error_msg"]).toContain(FULL);
  }
  expect((await api.send("POST", functions, await functionBody("demo"), full)).status).toBe(200);
  for (const pair of [read, common, full]) {
    expect((await api.send("GET", functions, undefined, pair)).status).toBe(200);
    expect((await api.send("GET", `${functions}/${urn}/config`, undefined, pair)).status).toBe(200);
    expect((await api.send("GET", `${root}/triggers/${urn}`, undefined, pair)).status).toBe(200);
  }
  for (const pair of [read, common]) {
    expect((await api.send("DELETE", `${functions}/${urn}`, undefined, pair)).status).toBe(403);
    expect((await api.send("PUT", `${functions}/${urn}/config`, {}, pair)).status).toBe(403);
  }
  expect((await api.send("DELETE", `${functions}/${urn}`, undefined, full)).status).toBe(204);
});

test("projects, users and key pairs are administrators' business", async () => {
  await using api = await TestApi.start();
  const { id, full } = await team(api);
  for (const path of [
    "/fungraph/v1/projects",
    "/fungraph/v1/users",
    `/fungraph/v1/projects/${id}/credentials`,
  ]) {
    const refused = await api.send("GET", path, undefined, full);
    expect(refused).toMatchObject({ status: 403, body: { error_code: "FSS.0403" } });
    expect((await api.send("GET", path)).status).toBe(200);
  }
  expect((await api.send("POST", "/fungraph/v1/projects", { name: "other" }, full)).status).toBe(403);
  const path = `/fungraph/v1/projects/team/credentials`;
  const list = await api.send("GET", path);
  expect(list.body["credentials"]).toHaveLength(3);
  expect(JSON.stringify(list.body)).not.toContain(full.secretKey);
  expect((await api.send("DELETE", `${path}/${full.accessKey}`)).status).toBe(204);
  expect(await api.send("GET", `/v2/${id}/fgs/functions`, undefined, full)).toMatchObject({
    status: 401,
    body: { error_code: "FSS.0401" },
  });
  expect((await api.send("DELETE", `${path}/${full.accessKey}`)).status).toBe(404);
  const own = `/fungraph/v1/projects/default/credentials/${api.credential.accessKey}`;
  expect((await api.send("DELETE", own)).status).toBe(403);
});

test("fails to make what has a bad name, role or password, telling the rule", async () => {
  await using api = await TestApi.start();
  const fail = async (path: string, body: unknown) => {
    const answer = await api.send("POST", `/fungraph/v1/${path}`, body);
    expect(answer.status).toBe(400);
    return answer.body["error_msg"];
  };
  expect(await fail("projects", { name: "1" })).toContain("must start with a letter");
  expect(await fail("projects", undefined)).toContain("body");
  expect(await fail("projects/default/credentials", { role: "root" })).toContain("role");
  const all = await fail("users", { name: "?", password: "short", grants: [{ project: "x", role: "y" }] });
  for (const property of ["name", "password", "grants"]) expect(all).toContain(property);
  expect(
    await fail("users", { name: "ann", password: PASSWORD, grants: [{ project: "nowhere", role: FULL }] }),
  ).toContain('no project "nowhere"');
  expect((await api.send("POST", "/fungraph/v1/projects/none/credentials", {})).status).toBe(404);
});

test("a user signs in by password; the token opens what the user's role opens, until the user changes", async () => {
  await using api = await TestApi.start();
  const { id, root } = await team(api);
  const user = { name: "ann", password: PASSWORD, grants: [{ project: "team", role: READ }] };
  expect(await api.send("POST", "/fungraph/v1/users", user)).toMatchObject({
    status: 201,
    body: { name: "ann", administrator: false, grants: [{ project: id, role: READ }] },
  });
  expect((await api.send("POST", "/fungraph/v1/users", user)).status).toBe(409);

  const signedIn = await signIn(api, byPassword("ann"), { project: { name: "team" } });
  expect(signedIn).toMatchObject({
    status: 201,
    body: { token: { methods: ["password"], project: { id, name: "team" }, user: { name: "ann" } } },
  });
  const token = signedIn.headers.get("x-subject-token") ?? "";
  expect(JSON.stringify(signedIn.body)).not.toContain(token);
  const headers = { "x-auth-token": token };
  expect((await api.sendWith(headers, "GET", `${root}/functions`)).status).toBe(200);
  expect((await api.sendWith(headers, "GET", `${api.root}/functions`)).status).toBe(403);
  expect((await api.sendWith(headers, "POST", `${root}/functions`, {})).status).toBe(403);
  expect((await api.sendWith(headers, "GET", "/fungraph/v1/users")).status).toBe(403);
  expect((await api.sendWith({ "x-auth-token": `${token}A` }, "GET", `${root}/functions`)).status).toBe(401);

  const grants = [{ project: "team", role: FULL }];
  const put = await api.send("PUT", "/fungraph/v1/users/ann", { password: `${PASSWORD}!`, grants });
  expect(put.status).toBe(200);
  expect(await api.sendWith(headers, "GET", `${root}/functions`)).toMatchObject({
    status: 401,
    body: { error_code: "FSS.0401" },
  });
  expect((await signIn(api, byPassword("ann"))).status).toBe(401);
  const again = await signIn(api, byPassword("ann", `${PASSWORD}!`));
  const anew = { "x-auth-token": again.headers.get("x-subject-token") ?? "" };
  const created = await api.sendWith(anew, "POST", `${root}/functions`, await functionBody("demo"));
  expect(created.status).toBe(200);
  expect((await api.send("DELETE", "/fungraph/v1/users/ann")).status).toBe(204);
  expect((await api.sendWith(anew, "GET", `${root}/functions`)).status).toBe(401);
});

test("a key pair signs in too, as clients of the identity service do", async () => {
  await using api = await TestApi.start();
  const { accessKey, secretKey } = api.credential;
  const identity = (secret: string) => ({
    methods: ["hw_ak_sk"],
    hw_ak_sk: { access: { key: accessKey }, secret: { key: secret } },
  });
  const answer = await signIn(api, identity(secretKey), { project: { name: "local" } });
  expect(answer).toMatchObject({ status: 201, body: { token: { methods: ["hw_ak_sk"] } } });
  const token = answer.headers.get("x-subject-token") ?? "";
  expect((await api.sendWith({ "x-auth-token": token }, "GET", `${api.root}/functions`)).status).toBe(200);
  expect((await signIn(api, identity("wrong"))).status).toBe(401);
  expect((await signIn(api, identity(secretKey), { project: { name: "elsewhere" } })).status).toBe(403);
});

test("wrong sign-ins all read alike, bad bodies tell what is wrong, and five wrong passwords lock for a while", async () => {
  await using api = await TestApi.start();
  const user = { name: "bob", password: PASSWORD, grants: [] };
  await api.send("POST", "/fungraph/v1/users", user);
  const unknown = await signIn(api, byPassword("nobody"));
  const wrong = await signIn(api, byPassword("bob", "wrong password"));
  expect(unknown).toMatchObject({ status: 401, body: { error_code: "FSS.0401" } });
  expect(wrong.body).toEqual(unknown.body);
  expect((await signIn(api, byPassword("bob"))).body["error_msg"]).toContain("0 projects");
  expect((await signIn(api, { methods: ["totp"] })).status).toBe(400);
  expect((await api.sendWith({}, "POST", "/v3/auth/tokens", {})).status).toBe(400);
  await Promise.all(Array.from({ length: 5 }, () => signIn(api, byPassword("bob", "wrong password"))));
  expect((await signIn(api, byPassword("bob"))).status).toBe(401);
  const long = { auth: { identity: "x".repeat(20_000) } };
  expect((await api.sendWith({}, "POST", "/v3/auth/tokens", long)).status).toBe(413);
  expect(api.log).toEqual([]);
});

test("of two that make one user at the same time one succeeds", async () => {
  await using api = await TestApi.start();
  const user = { name: "ann", password: PASSWORD, grants: [] };
  const both = await Promise.all([1, 2].map(() => api.send("POST", "/fungraph/v1/users", user)));
  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
});

test("companion calls tell project, account and API groups", async () => {
  await using api = await TestApi.start();
  const project = { id: api.credential.projectId };
  const names = async (name: string) => (await api.send("GET", `/v3/projects?name=${name}`)).body["projects"];
  expect(await names("default")).toMatchObject([{ ...project, name: "default" }]);
  expect(await names("local")).toMatchObject([{ ...project, name: "local" }]);
  expect(await names("mars")).toEqual([]);
  expect((await api.send("GET", "/v3/auth/domains")).body["domains"]).toMatchObject([{ id: "default" }]);
  const groups = await api.send("GET", "/v1.0/apigw/api-groups");
  expect(groups.body).toMatchObject({ total: 1, groups: [{ id: "DEFAULT" }] });
  const made = await api.send("POST", "/v1.0/apigw/api-groups", { name: "shop" });
  expect(made).toMatchObject({
    status: 201,
    body: { name: "shop", id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  });
  expect((await api.sendWith({}, "GET", "/v3/projects")).status).toBe(401);
});

test("no secret key and no password stands in any file or in the log", async () => {
  using folder = new TemporaryFolder();
  const secrets: string[] = [PASSWORD];
  {
    await using api = await TestApi.start({ dataDir: folder.path });
    const { full, read } = await team(api);
    await api.send("POST", "/fungraph/v1/users", { name: "ann", password: PASSWORD, grants: [] });
    secrets.push(full.secretKey, read.secretKey, api.credential.secretKey);
    await signIn(api, byPassword("ann"));
    expect(api.log).toEqual([]);
  }
  for (const file of readdirSync(folder.path, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const bytes = readFileSync(join(file.parentPath, file.name));
    for (const secret of secrets) expect(bytes.includes(secret)).toBe(false);
  }
});

test("a captured change cannot be sent again later, though equal ones of one moment may", async () => {
  const clock = { now: Date.now() };
  await using api = await TestApi.start({ now: () => clock.now });
  const path = "/fungraph/v1/projects";
  const body = Buffer.from(JSON.stringify({ name: "once" }));
  const headers = { host: api.host, "content-type": "application/json" };
  const signed = { ...sign({ method: "POST", path, query: "", headers, body }, api.credential) };
  expect((await api.sendWith(signed, "POST", path, body)).status).toBe(201);
  expect((await api.sendWith(signed, "POST", path, body)).status).toBe(409);
  clock.now += 6000;
  const replayed = await api.sendWith(signed, "POST", path, body);
  expect(replayed).toMatchObject({ status: 401, body: { error_code: "FSS.0401" } });
  expect(replayed.body["error_msg"]).toContain("received before");
});
