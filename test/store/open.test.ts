import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect, test } from "vitest";

import { openStore } from "../../platform/store/sqlite/open.ts";
import { DataFolderInUseError } from "../../platform/store/errors.ts";
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

test("fails on a file of a newer schema and leaves it as it is", async () => {
  using folder = new TemporaryFolder();
  (await openStore(folder.path)).close();
  const db = new DatabaseSync(join(folder.path, "store.db"));
  db.exec("PRAGMA user_version = 999");
  db.close();
  await expect(openStore(folder.path)).rejects.toThrow(/was written by a newer Fungraph \(schema 999/);
});
