// The yardstick of the queue: rows of the same size into SQLite on the same disk, nothing else. Prints its result as JSON.
import { mkdtempSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequestId } from "../platform/gateway/request-id.ts";

/** Rows of one commit: as many as there are connections. */
const GROUP = 64;

const folder = mkdtempSync(join(tmpdir(), "fungraph-bench-"));
const db = new DatabaseSync(join(folder, "control.db"));
db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
db.exec("CREATE TABLE queue (seq INTEGER PRIMARY KEY, id TEXT, function TEXT, event BLOB)");
const insert = db.prepare("INSERT INTO queue (id, function, event) VALUES (?, 'project/default/echo', ?)");
const event = Buffer.alloc(221, "a");

/** Commits of `rows` rows for one second: how long each took, in ms and sorted. */
function commits(rows: number): number[] {
  const times: number[] = [];
  for (const end = performance.now() + 1000; performance.now() < end;) {
    const began = performance.now();
    db.exec("BEGIN IMMEDIATE");
    for (let row = 0; row < rows; row++) insert.run(createRequestId(), event);
    db.exec("COMMIT");
    times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other);
}

const groups = commits(GROUP);
const singles = commits(1);
db.close();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  JSON.stringify({ rowsPerSecond: groups.length * GROUP, singleMs: singles[singles.length >> 1] ?? 0 }),
);
