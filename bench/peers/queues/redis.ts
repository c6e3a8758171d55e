import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pinned } from "../../server.ts";
import { MissingPeer } from "../peer.ts";
import { end } from "../port-server.ts";
import type { JobStore } from "../queue-server.ts";

/** A Redis of its own on core 0, in a temporary folder and on a Unix socket; it writes each change to its file before or within a second. */
export async function startRedis(fsync: "always" | "everysec"): Promise<JobStore> {
  if (spawnSync("redis-server", ["--version"]).error !== undefined)
    throw new MissingPeer("it needs Debian's package redis-server");
  const folder = mkdtempSync(join(tmpdir(), "fungraph-redis-"));
  const url = join(folder, "socket");
  const durable = ["--appendonly", "yes", "--appendfsync", fsync, "--save", ""];
  const [program, args] = pinned(0, [
    "redis-server",
    "--port",
    "0",
    "--unixsocket",
    url,
    "--dir",
    folder,
    ...durable,
  ]);
  const server = spawn(program, args, { stdio: "ignore" });
  const close = async (): Promise<void> => {
    await end(server);
    rmSync(folder, { recursive: true, force: true });
  };
  while (!existsSync(url)) {
    if (server.exitCode !== null) {
      await close();
      throw new Error("Redis ended at its start");
    }
    await sleep(20);
  }
  return { url, pid: server.pid ?? 0, [Symbol.asyncDispose]: close };
}
