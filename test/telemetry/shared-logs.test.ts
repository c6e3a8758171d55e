import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SharedLogs } from "../../platform/telemetry/shared-logs.ts";

const KEY = "project/default/hello";
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fungraph-shared-logs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Lines of one process, each `TIME TEXT`, in the order in which it wrote them. */
async function write(name: string, lines: readonly string[]): Promise<void> {
  const path = join(folder, name, encodeURIComponent(KEY));
  await mkdir(path, { recursive: true });
  const entries = lines.map((line) => {
    const [at, text] = line.split(" ");
    const who = { version: "latest", requestId: "r", instanceId: "i", level: 2 };
    return `${JSON.stringify({ kind: "line", at: Number(at), ...who, text })}\n`;
  });
  await writeFile(join(path, "00000001.ndjson"), entries.join(""));
}

/** Texts of all pages, read one after the other from the beginning. */
async function readAll(limit: number): Promise<string[]> {
  const own = { problems: () => ({ droppedBytes: 0, lastError: undefined }) };
  const logs = new SharedLogs({ folder, flush: () => Promise.resolve(), own });
  const texts: string[] = [];
  for (let cursor = "0.0"; ;) {
    const page = await logs.logs(KEY, { cursor, limit });
    if (page.entries.length === 0) return texts;
    texts.push(...page.entries.map((entry) => (entry.kind === "line" ? entry.text : entry.kind)));
    cursor = page.cursor;
  }
}

test("page by page, the entries of all processes come once each, in the order of their times", async () => {
  await write("a", ["10 a1", "30 a2", "50 a3"]);
  await write("b", ["20 b1", "40 b2", "60 b3"]);
  await write("c", []);
  for (const limit of [1, 2, 3, 4, 10])
    expect(await readAll(limit)).toEqual(["a1", "b1", "a2", "b2", "a3", "b3"]);
});

test("entries that a process wrote out of the order of their times come once each, too", async () => {
  await write("a", ["10 a1", "31 a2", "30 a3", "50 a4"]);
  await write("b", ["30 b1", "32 b2"]);
  for (const limit of [1, 2, 3, 4, 10])
    expect(await readAll(limit)).toEqual(["a1", "b1", "a2", "a3", "b2", "a4"]);
});
