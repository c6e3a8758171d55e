import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect, test } from "vitest";

import { openStore } from "../../platform/store/sqlite/open.ts";
import { keyText } from "../../platform/store/function-key.ts";
import { StoreFullError } from "../../platform/store/errors.ts";
import { CODE, KEY, SmallDisk, spec, TemporaryFolder } from "./fixtures.ts";

const module = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Writes without pause and tells on its output what it was told is durable. */
const WRITER = `
import { writeSync } from "node:fs";
import { openStore } from ${module("../../platform/store/sqlite/open.ts")};
import { CODE, KEY, spec } from ${module("./fixtures.ts")};
const store = await openStore(process.argv[1]);
let record = store.functions.find(KEY) ?? store.functions.create({ key: KEY, spec: spec(), code: CODE });
for (let round = 0; ; round++) {
  const run = process.argv[2] + "-" + round;
  const environment = { A: run, B: run };
  record = store.functions.update(KEY, record.revision, { spec: spec({ environment, encryptedEnvironment: { C: run } }) });
  const ids = [0, 1, 2, 3].map((index) => run + "-" + index);
  await store.asyncRequests.accept(ids.map((id) => ({ id, key: KEY, qualifier: "latest", event: Buffer.from(id), acceptedAt: 1, dueAt: 1 })));
  writeSync(1, record.revision + " " + ids.join(",") + "\\n");
}
`;

test(
  "a writer killed at any moment leaves a whole state in which nothing it acknowledged is missing",
  { timeout: 120_000 },
  async () => {
    using folder = new TemporaryFolder();
    const accepted = new Set<string>();
    let revision = 0;
    for (let run = 0; run < 8; run++) {
      const writer = spawn(
        process.execPath,
        ["--input-type=module", "-e", WRITER, folder.path, String(run)],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      let told = "";
      writer.stdout.setEncoding("utf8").on("data", (text: string) => (told += text));
      await once(writer.stdout, "data");
      await new Promise((resolve) => setTimeout(resolve, 7 * run));
      writer.kill("SIGKILL");
      await once(writer, "close");

      for (const line of told.split("\n").slice(0, -1)) {
        const [number, ids] = line.split(" ");
        revision = Number(number);
        for (const id of (ids ?? "").split(",")) accepted.add(id);
      }
      const store = await openStore(folder.path);
      const record = store.functions.find(KEY);
      expect(record?.revision).toBeGreaterThanOrEqual(revision);
      expect(record?.spec.environment["A"]).toBe(record?.spec.environment["B"]);
      expect(record?.spec.encryptedEnvironment).toEqual({ C: record?.spec.environment["A"] });
      expect(store.asyncRequests.count("waiting")).toBeGreaterThanOrEqual(accepted.size);
      expect(store.asyncRequests.count("waiting") % 4).toBe(0);
      store.close();
    }
    const store = await openStore(folder.path);
    const taken = await store.asyncRequests.take(keyText(KEY), 1, 1_000_000);
    const found = taken.map((one) => one.id);
    expect(new Set(found).size).toBe(found.length);
    expect([...accepted].filter((id) => !found.includes(id))).toEqual([]);
    store.close();
  },
);

test.skipIf(!SmallDisk.possible)(
  "a full disk refuses the change cleanly and keeps what was there",
  async () => {
    using disk = new SmallDisk("2m");
    const store = await openStore(disk.path);
    const created = store.functions.create({ key: KEY, spec: spec(), code: CODE });
    let accepted = 0;
    const fill = async (): Promise<void> => {
      for (; accepted < 10_000; accepted++) {
        const id = String(accepted);
        const event = Buffer.alloc(10_000);
        await store.asyncRequests.accept([
          { id, key: KEY, qualifier: "latest", event, acceptedAt: 1, dueAt: 1 },
        ]);
      }
    };
    await expect(fill()).rejects.toThrow(StoreFullError);
    expect(accepted).toBeGreaterThan(10);
    expect(store.asyncRequests.count("waiting")).toBe(accepted);
    expect(store.functions.find(KEY)).toEqual(created);
    store.close();
    const again = await openStore(disk.path);
    expect(again.asyncRequests.count("waiting")).toBe(accepted);
    again.close();
  },
);
