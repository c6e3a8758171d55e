import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { checkResponse } from "../../model/api/validate.ts";
import { PUBLIC_OWNER } from "../../model/dependency.ts";
import { LIMITS } from "../../model/limits.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { rawZip } from "../packaging/raw-zip.ts";
import { TestApi, zip } from "./fixtures.ts";

/** Base64 of an archive with these files. */
async function pack(files: Readonly<Record<string, string>>): Promise<string> {
  const bytes = await writeZip(
    Object.entries(files).map(([name, text]) => memoryFile(name, Buffer.from(text))),
  );
  return bytes.toString("base64");
}

const GREETER = { "node_modules/greeter/index.js": "exports.greet = (name) => `Hello, ${name}`;" };

function body(name: string, file: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    runtime: "Node.js20.15",
    depend_type: "zip",
    depend_file: file,
    description: "d",
    ...change,
  };
}

async function publish(api: TestApi, name: string, files: Readonly<Record<string, string>> = GREETER) {
  const { status, body: reply } = await api.call(
    "POST",
    "/dependencies/version",
    body(name, await pack(files)),
  );
  expect(status).toBe(200);
  return reply;
}

test("versions are numbered from 1, shown, listed newest first, downloaded and deleted with their dependency", async () => {
  await using api = await TestApi.start();
  const file = await pack(GREETER);
  const bytes = Buffer.from(file, "base64");
  const first = await api.call("POST", "/dependencies/version", body("greeter", file));
  expect(first).toMatchObject({
    status: 200,
    body: {
      name: "greeter",
      runtime: "Node.js20.15",
      description: "d",
      owner: "default",
      version: 1,
      size: bytes.length,
      etag: createHash("md5").update(bytes).digest("hex"),
      file_name: "greeter.zip",
      is_shared: false,
    },
  });
  const second = await publish(api, "greeter", { ...GREETER, "more.txt": "2" });
  expect(second["version"]).toBe(2);
  expect(second["dep_id"]).toBe(first.body["dep_id"]);
  const path = `/dependencies/${second["dep_id"]}/version`;

  const list = await api.call("GET", path);
  expect(list.body["dependencies"]?.map((one) => one["version"])).toEqual([2, 1]);
  expect(list.body).toMatchObject({ count: 2, next_marker: 2 });
  const page = await api.call("GET", `${path}?marker=1&maxitems=1`);
  expect(page.body["dependencies"]?.map((one) => one["id"])).toEqual([first.body["id"]]);

  const shown = await api.call("GET", `${path}/1`);
  expect(shown.body).toMatchObject(Object.assign({}, first.body, { link: shown.body["download_link"] }));
  const downloaded = await api.download(String(shown.body["download_link"]));
  expect(downloaded).toEqual(bytes);

  expect((await api.call("DELETE", `${path}/2`)).status).toBe(204);
  expect((await publish(api, "greeter"))["version"]).toBe(3);
  for (const version of [1, 3]) expect((await api.call("DELETE", `${path}/${version}`)).status).toBe(204);
  expect(await api.call("GET", path)).toMatchObject({ status: 404, body: { error_code: "FSS.1056" } });
  expect((await api.call("GET", "/dependencies")).body).toMatchObject({ dependencies: [], count: 0 });
});

test("the operations of older clients create, show, update, rename and delete a dependency", async () => {
  await using api = await TestApi.start();
  const created = await api.call("POST", "/dependencies", body("old", await pack(GREETER)));
  expect(created).toMatchObject({ status: 200, body: { name: "old", version: 1 } });
  const path = `/dependencies/${created.body["id"]}`;
  expect(await api.call("POST", "/dependencies", body("old", await pack(GREETER)))).toMatchObject({
    status: 409,
    body: { error_code: "FSS.1065" },
  });
  const updated = await api.call(
    "PUT",
    path,
    body("new", await pack({ "a.txt": "a" }), { description: "e" }),
  );
  expect(updated).toMatchObject({ status: 200, body: { name: "new", version: 2, description: "e" } });
  expect(await api.call("GET", path)).toMatchObject({ status: 200, body: updated.body });
  expect((await api.call("DELETE", path)).status).toBe(204);
  expect(await api.call("GET", path)).toMatchObject({ status: 404, body: { error_code: "FSS.1056" } });
});

test("lists are filtered by owner, runtime and name", async () => {
  await using api = await TestApi.start();
  await publish(api, "mine");
  await api.call(
    "POST",
    "/dependencies/version",
    body("snake", await pack({ "a.py": "" }), { runtime: "Python3.9" }),
  );
  const stored = await api.store.code.put(Buffer.from(await pack({ "b.txt": "b" }), "base64"));
  const spec = { name: "everyones", runtime: "Node.js20.15", description: "" };
  const shared = api.store.dependencies.publish({ owner: PUBLIC_OWNER, spec, ...stored, etag: "e" });
  const other = { ...spec, name: "foreign" };
  const foreign = api.store.dependencies.publish({ owner: "another", spec: other, ...stored, etag: "e" });

  const names = async (query: string): Promise<unknown> => {
    const { body: reply } = await api.call("GET", `/dependencies${query}`);
    return reply["dependencies"]?.map((one) => `${one["name"]} ${one["owner"]}`);
  };
  expect(await names("")).toEqual(["everyones public", "mine default", "snake default"]);
  expect(await names("?ispublic=true")).toEqual(["everyones public"]);
  expect(await names("?dependency_type=private&runtime=Python3.9")).toEqual(["snake default"]);
  expect(await names("?name=mine")).toEqual(["mine default"]);
  expect(await names("?limit=1&marker=1")).toEqual(["mine default"]);
  // As one client writes it.
  expect(await names("?maxitems=100&&marker=3")).toEqual([]);

  expect(await api.call("DELETE", `/dependencies/${shared.dependencyId}/version/1`)).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1046" },
  });
  expect((await api.call("GET", `/dependencies/${foreign.dependencyId}`)).status).toBe(404);
  const used = await api.create("demo", { depend_version_list: [foreign.id] });
  expect(used).toMatchObject({ status: 400, body: { error_code: "FSS.1024" } });
});

test.each([
  ["no archive", { depend_file: undefined }, 400, "FSS.1011"],
  ["no Base64", { depend_file: "%%%" }, 400, "FSS.1011"],
  ["bytes that are no archive", { depend_file: Buffer.alloc(64, 7).toString("base64") }, 400, "FSS.1011"],
  ["another kind", { depend_type: "tar" }, 400, "FSS.1032"],
  ["no name", { name: undefined }, 400, "FSS.1024"],
  ["a name with a slash", { name: "a/b" }, 400, "FSS.1024"],
  ["a name of 97 characters", { name: "a".repeat(97) }, 400, "FSS.1024"],
  ["an unknown runtime", { runtime: "Node.js99" }, 400, "FSS.1005"],
  ["a link to elsewhere", { depend_type: "obs", depend_link: "https://example.com/a.zip" }, 400, "FSS.1010"],
  ["more than 40 MB", { depend_file: Buffer.alloc(40 * 2 ** 20 + 1).toString("base64") }, 413, "FSS.1071"],
])("fails on %s", async (_what, change, status, code) => {
  await using api = await TestApi.start();
  const answer = await api.call("POST", "/dependencies/version", body("x", await pack(GREETER), change));
  expect([answer.status, answer.body["error_code"]]).toEqual([status, code]);
  expect(api.store.dependencies.list([api.credential.projectId])).toEqual([]);
  expect(api.log).toEqual([]);
});

test("fails on file names that end in ~, and tells all faults at once", async () => {
  await using api = await TestApi.start();
  const file = await pack({ "lib/a.js~": "", "lib/b.js~": "" });
  const answer = await api.call("POST", "/dependencies/version", body("x", file));
  expect(answer.body).toMatchObject({ error_code: "FSS.1011" });
  expect(answer.body["error_msg"]).toMatch(/lib\/a\.js~[^]*lib\/b\.js~/);
  const shape = await api.call("POST", "/dependencies/version", body("-", "%%%", { runtime: "None" }));
  for (const part of ["name", "runtime", "depend_file"])
    expect(shape.body["error_msg"]).toContain(`${part}:`);
});

test.each([
  ["a path out of the folder", rawZip([{ name: "../evil.js" }]), "leaves its folder"],
  ["a symbolic link", rawZip([{ name: "link", mode: 0o120777 }]), "symbolic link"],
  [
    "more than 30,000 files",
    rawZip(Array.from({ length: 30_001 }, (_, index) => ({ name: `f${index}`, method: 0 }))),
    "at most 30000 files",
  ],
  ["bytes that are other than packed", rawZip([{ name: "a.js", declaredCrc: 1 }]), "damaged"],
])("fails on an archive with %s", async (_what, archive, told) => {
  await using api = await TestApi.start();
  const answer = await api.call("POST", "/dependencies/version", body("x", archive.toString("base64")));
  expect(answer).toMatchObject({ status: 400, body: { error_code: "FSS.1011" } });
  expect(answer.body["error_msg"]).toContain(told);
});

test.each([["text"], [{ a: 1 }], [[1]], [[null]], [[["deep"]]], [7]])(
  "fails on the list of dependencies %j",
  async (list) => {
    await using api = await TestApi.start();
    const { status, body: reply } = await api.create("demo", { depend_version_list: list });
    expect([status, reply["error_code"]]).toEqual([400, "FSS.1024"]);
  },
);

test("a link that the platform gave stands for its archive", async () => {
  await using api = await TestApi.start();
  const first = await publish(api, "greeter");
  const linked = body("copy", "", { depend_type: "obs", depend_link: first["link"], depend_file: undefined });
  const copy = await api.call("POST", "/dependencies/version", linked);
  expect(copy).toMatchObject({ status: 200, body: { name: "copy", version: 1, etag: first["etag"] } });
});

test("functions use versions: merged folder, replies, snapshots, refusal while in use", async () => {
  await using api = await TestApi.start();
  const greeter = await publish(api, "greeter");
  const created = await api.create("demo", { depend_version_list: [greeter["id"]] });
  expect(created).toMatchObject({
    status: 200,
    body: {
      depend_version_list: [greeter["id"]],
      depend_list: [greeter["dep_id"]],
      dependencies: [{ id: greeter["id"], dep_id: greeter["dep_id"], name: "greeter", version: 1 }],
    },
  });
  const key = { projectId: api.credential.projectId, package: "default", name: "demo" };
  const record = api.store.functions.find(key);
  const digests = record?.dependencies.map((one) => one.digest) ?? [];
  const folder = await api.store.code.folder(record?.code.digest ?? "", digests);
  expect(readFileSync(join(folder, "node_modules/greeter/index.js"), "utf8")).toContain("Hello");
  expect(readFileSync(join(folder, "index.js"), "utf8")).toContain("exports.handler");

  const version = await api.call("POST", `/functions/${api.urn("demo")}/versions`, { version: "v1" });
  expect(version.body["depend_version_list"]).toEqual([greeter["id"]]);
  expect(version.body["digest"]).toBe(created.body["digest"]);

  const config = {
    func_name: "demo",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 3,
    memory_size: 128,
  };
  const path = `/functions/${api.urn("demo")}/config`;
  const kept = await api.call("PUT", path, { ...config, timeout: 9 });
  expect(kept.body["depend_version_list"]).toEqual([greeter["id"]]);
  const cleared = await api.call("PUT", path, { ...config, depend_version_list: [] });
  expect(cleared.body).toMatchObject({ depend_version_list: [], dependencies: [] });

  // The published version keeps its own.
  const deletion = `/dependencies/${greeter["dep_id"]}/version/1`;
  expect(await api.call("DELETE", deletion)).toMatchObject({
    status: 412,
    body: { error_code: "FSS.1033", error_msg: expect.stringContaining("default/demo") },
  });
  expect((await api.call("DELETE", `/dependencies/${greeter["dep_id"]}`)).status).toBe(412);
  expect((await api.call("DELETE", `/functions/${api.urn("demo", "v1")}`)).status).toBe(204);
  expect((await api.call("DELETE", deletion)).status).toBe(204);
});

test("code and dependencies are replaced together; older clients name the dependency itself", async () => {
  await using api = await TestApi.start();
  const first = await publish(api, "greeter");
  const created = await api.create("demo", { depend_list: [first["dep_id"]] });
  expect(created.body["depend_version_list"]).toEqual([first["id"]]);
  const second = await publish(api, "greeter", { "other.txt": "2" });
  const code = { code_type: "zip", func_code: { file: await zip("exports.handler = async () => 1;") } };
  const path = `/functions/${api.urn("demo")}/code`;
  const same = await api.call("PUT", path, { ...code, depend_version_list: [first["id"]] });
  expect(same.body).toMatchObject({ error_code: "FSS.0409" });
  const changed = await api.call("PUT", path, { ...code, depend_version_list: [second["id"], first["id"]] });
  expect(changed).toMatchObject({
    status: 200,
    body: { depend_version_list: [second["id"], first["id"]], digest: created.body["digest"] },
  });
});

test("fails on a path that code and a dependency fill differently, and names both", async () => {
  await using api = await TestApi.start();
  const clashing = await publish(api, "clash", { "index.js": "different", lib: "a file" });
  const folder = await publish(api, "folder", { "lib/a.js": "in a folder" });
  const { body: reply } = await api.create("demo", { depend_version_list: [clashing["id"], folder["id"]] });
  expect(reply["error_code"]).toBe("FSS.0424");
  expect(reply["error_msg"]).toContain(
    `"index.js" is in the function's code and in the dependency "clash" (version 1).`,
  );
  expect(reply["error_msg"]).toContain(
    `"lib" is in the dependency "clash" (version 1) and in the dependency "folder" (version 1).`,
  );
  expect(api.store.functions.count(api.credential.projectId)).toBe(0);
  await api.create("demo");
  const code = { code_type: "zip", func_code: { file: await zip("exports.handler = 1") } };
  const late = { ...code, depend_version_list: [clashing["id"]] };
  expect((await api.call("PUT", `/functions/${api.urn("demo")}/code`, late)).status).toBe(424);
});

test("the same file twice, and npm's notes, are no clash", async () => {
  await using api = await TestApi.start();
  const notes = "node_modules/.package-lock.json";
  const one = await publish(api, "one", { ...GREETER, [notes]: "1" });
  const two = await publish(api, "two", { ...GREETER, [notes]: "2", "two.txt": "" });
  const { status } = await api.create("demo", { depend_version_list: [one["id"], two["id"]] });
  expect(status).toBe(200);
});

test("fails on too many, unknown and foreign-language dependencies", async () => {
  await using api = await TestApi.start();
  const many = Array.from({ length: LIMITS.dependenciesPerFunction + 1 }, (_, index) => `d${index}`);
  expect(await api.create("demo", { depend_version_list: many })).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1045", error_msg: expect.stringContaining("at most 20") },
  });
  const file = await pack({ "lib.py": "" });
  const python = await api.call("POST", "/dependencies/version", body("py", file, { runtime: "Python3.9" }));
  const { body: reply } = await api.create("demo", { depend_version_list: ["nothing", python.body["id"]] });
  expect(reply["error_code"]).toBe("FSS.1024");
  expect(reply["error_msg"]).toContain('"nothing" — is no dependency version of this project');
  expect(reply["error_msg"]).toContain("for Python3.9, the function runs on Node.js20.15");
});

test("fails beyond the total of code, which dependencies are part of", async () => {
  await using api = await TestApi.start({ limits: { totalCodeBytes: 2000 } });
  const greeter = await publish(api, "greeter");
  expect(api.store.code.totalBytes(api.credential.projectId)).toBe(greeter["size"]);
  const file = await pack(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}.txt`, `${i}`])));
  expect(await api.call("POST", "/dependencies/version", body("big", file))).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1042" },
  });
});

test("replies are what the models say", async () => {
  await using api = await TestApi.start();
  const file = await pack(GREETER);
  const created = await api.call("POST", "/dependencies/version", body("one", file));
  expect(checkResponse("CreateDependencyVersion", created.body)).toEqual([]);
  const path = `/dependencies/${created.body["dep_id"]}`;
  const older = await api.call("POST", "/dependencies", body("two", file));
  expect(checkResponse("CreateDependency", older.body)).toEqual([]);
  const updated = await api.call("PUT", path, body("one", file));
  expect(checkResponse("UpdateDependcy", updated.body)).toEqual([]);
  for (const [operation, where] of [
    ["ListDependencies", "/dependencies"],
    ["ListDependencyVersion", `${path}/version`],
    ["ShowDependencyVersion", `${path}/version/1`],
    ["ShowDependcy", path],
  ] as const) {
    const { body: reply } = await api.call("GET", where);
    expect([operation, checkResponse(operation, reply)]).toEqual([operation, []]);
  }
  const made = await api.create("demo", { depend_version_list: [created.body["id"]] });
  expect(checkResponse("CreateFunction", made.body)).toEqual([]);
});

test("a dependency that is deleted while a function is created with it is in use, or not used", async () => {
  await using api = await TestApi.start();
  for (const name of ["a", "b", "c", "d"]) {
    const greeter = await publish(api, name);
    const [created, deleted] = await Promise.all([
      api.create(name, { depend_version_list: [greeter["id"]] }),
      api.call("DELETE", `/dependencies/${greeter["dep_id"]}`),
    ]);
    expect([
      [200, 412],
      [400, 204],
    ]).toContainEqual([created.status, deleted.status]);
  }
  expect((await api.call("GET", "/functions")).status).toBe(200);
  expect(api.log).toEqual([]);
});

test("an exported function names its dependencies, which are found by their names elsewhere", async () => {
  await using here = await TestApi.start();
  const greeter = await publish(here, "greeter");
  await here.create("demo", { depend_version_list: [greeter["id"]] });
  const archive = await here.download(`${here.url}${here.root}/functions/${here.urn("demo")}/export`);
  const imported = {
    func_name: "copy",
    file_name: "demo.zip",
    file_type: "zip",
    file_code: archive.toString("base64"),
  };
  await using there = await TestApi.start();
  const early = await there.call("POST", "/functions/import", imported);
  expect(early.body["error_msg"]).toContain('"greeter:1" — is no dependency version of this project');
  const own = await publish(there, "greeter");
  const late = await there.call("POST", "/functions/import", imported);
  expect(late).toMatchObject({ status: 200, body: { depend_version_list: [own["id"]] } });
});
