import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect, test } from "vitest";

import { openStore } from "../../platform/store/sqlite/open.ts";
import { MIGRATIONS } from "../../platform/store/sqlite/schema.ts";
import { DataFolderError, DataFolderInUseError } from "../../platform/store/errors.ts";
import { CODE, KEY, spec, TemporaryFolder } from "./fixtures.ts";

const OPENER = `
import { openStore } from ${JSON.stringify(new URL("../../platform/store/sqlite/open.ts", import.meta.url).href)};
await openStore(process.argv[1]);
process.stdout.write("open");
setInterval(() => {}, 1000);
`;

test("fails while another process works on the folder, and opens once that one is killed", async () => {
  using folder = new TemporaryFolder();
  const other = spawn(process.execPath, ["--input-type=module", "-e", OPENER, folder.path]);
  try {
    await once(other.stdout, "data");
    const refused = openStore(folder.path);
    await expect(refused).rejects.toThrow(DataFolderInUseError);
    await expect(refused).rejects.toThrow(
      `The data folder ${folder.path} is in use by another platform (process ${other.pid}). Stop that one, or choose another data folder.`,
    );
  } finally {
    other.kill("SIGKILL");
    await once(other, "exit");
  }
  const store = await openStore(folder.path);
  store.close();
});

test("fails on a second store in the same process", async () => {
  using folder = new TemporaryFolder();
  const store = await openStore(folder.path);
  await expect(openStore(folder.path)).rejects.toThrow(DataFolderInUseError);
  store.close();
});

test("fails with a reason on secrets of another key file, and on a key file of another size", async () => {
  using folder = new TemporaryFolder();
  const key = join(folder.path, "key");
  const first = await openStore(folder.path);
  first.functions.create({ key: KEY, spec: spec({ encryptedEnvironment: { S: "x" } }), code: CODE });
  first.close();
  const bytes = readFileSync(key);
  writeFileSync(
    key,
    bytes.map((byte) => byte ^ 1),
  );
  const second = await openStore(folder.path);
  expect(() => second.functions.find(KEY)).toThrow(/Put back the file "key" that belongs to "store.db"/);
  second.close();
  writeFileSync(key, "short");
  await expect(openStore(folder.path)).rejects.toThrow(/has 5 bytes, it must have 32/);
});

test("a file of the first schema is brought up to date, with what it holds", async () => {
  using folder = new TemporaryFolder();
  const db = new DatabaseSync(join(folder.path, "store.db"));
  db.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1`);
  db.exec(`INSERT INTO async_requests (id, function_key, qualifier, status, attempts, accepted_at, due_at, event)
    VALUES ('r1', 'p1/default/demo', 'latest', 0, 0, 1, 1, x'7b7d')`);
  db.exec(`INSERT INTO async_requests (id, function_key, qualifier, status, attempts, accepted_at, due_at, finished_at, error_code, event)
    VALUES ('r0', 'p1/default/demo', 'latest', 2, 1, 1, 1, 2, 0, x'')`);
  db.exec(
    `INSERT INTO functions (id, uuid, project, package, name) VALUES (7, 'u', 'p1', 'default', 'demo')`,
  );
  const told =
    '{"key":{"projectId":"p1","package":"default","name":"other"},"qualifier":"latest","param":"{}"}';
  const config = `{"maxRetries":1,"maxAgeSeconds":60,"statusLog":false,"onFailure":${told}}`;
  db.prepare("INSERT INTO async_configs VALUES (7, 'latest', ?, 1, 1)").run(config);
  db.close();
  const store = await openStore(folder.path);
  const key = { projectId: "p1", package: "default", name: "demo" };
  expect(store.asyncConfigs.find(key, "latest")?.config).toMatchObject({
    onFailure: { kind: "function", key: { name: "other" } },
  });
  expect(store.asyncConfigs.find(key, "latest")?.config).not.toHaveProperty("onSuccess");
  expect(store.asyncRequests.count("success")).toBe(1);
  const range = { from: 0, to: 9, offset: 0, limit: 9 };
  expect((await store.asyncRequests.records(key, { ...range, statuses: ["success"] })).records).toMatchObject(
    [{ id: "r0" }],
  );
  const [request] = await store.asyncRequests.take("p1/default/demo", 2, 10);
  expect(request).toMatchObject({ id: "r1", attempts: 1, memoryMb: undefined });
  expect(request?.event.toString()).toBe("{}");
  store.close();
});

test("what ran under a schema that counted no cut runs is cut for the first time", async () => {
  using folder = new TemporaryFolder();
  const db = new DatabaseSync(join(folder.path, "store.db"));
  const before = MIGRATIONS.findIndex((step) => step.includes("ADD COLUMN cuts"));
  db.exec(`${MIGRATIONS.slice(0, before).join(";")}; PRAGMA user_version = ${before}`);
  db.exec(`INSERT INTO async_queue (seq, id, function_key, qualifier, status, attempts, hops, accepted_at, due_at, event)
    VALUES (1, 'ran', 'p1/default/demo', 'latest', 1, 3, 0, 1, 1, x'7b7d')`);
  db.close();
  const store = await openStore(folder.path);
  await store.asyncRequests.recover();
  expect(await store.asyncRequests.take("p1/default/demo", 1, 9)).toMatchObject([
    { id: "ran", attempts: 4, cuts: 1 },
  ]);
  store.close();
});

test.each(["/proc/nothing/here", "/dev/null/data"])(
  "fails at once with a sentence on %s, where no folder can be made",
  async (folder) => {
    const refused = openStore(folder);
    await expect(refused).rejects.toThrow(DataFolderError);
    await expect(refused).rejects.toThrow(`The data folder ${folder} cannot be used: `);
  },
);

test("fails on a file of a newer schema and leaves it as it is", async () => {
  using folder = new TemporaryFolder();
  (await openStore(folder.path)).close();
  const db = new DatabaseSync(join(folder.path, "store.db"));
  db.exec("PRAGMA user_version = 999");
  db.close();
  await expect(openStore(folder.path)).rejects.toThrow(/was written by a newer Fungraph \(schema 999/);
});
