import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DOOR } from "../../platform/drivers/machine/door.ts";
import type { Peer } from "../../platform/drivers/remote/peer.ts";
import { RemoteInstance } from "../../platform/drivers/remote/remote-instance.ts";

/** A scheduler, as far as it knows the way in. */
function scheduler(folder: string): Peer {
  const ask = (what: string): Promise<unknown> =>
    what === "way" ? Promise.resolve({ folder }) : Promise.reject(new Error(what));
  return { ask } as unknown as Peer;
}

/** Descriptors of this process that lead there. */
function heldOpen(folder: string): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false;
    }
  }).length;
}

test.skipIf(process.platform !== "linux")(
  "an instance is gone into by one open folder, whoever runs it, and by none when it has ended",
  async () => {
    const root = mkdtempSync(join(tmpdir(), "fungraph-door-"));
    const names = ["first", "second", "third"].map((name) => join(root, name));
    const [first = "", second = "", third = ""] = names;
    mkdirSync(first);
    const server = createServer((socket) => void socket.end());
    await new Promise<void>((resolve) => server.listen(join(first, DOOR), resolve));
    const instance = new RemoteInstance({ id: "one", runtime: "http" }, scheduler(first));
    (await instance.connect()).destroy();
    renameSync(first, second);
    instance.movedTo(scheduler(second));
    (await instance.connect()).destroy();
    renameSync(second, third);
    instance.movedTo(scheduler(third));
    (await instance.connect()).destroy();
    expect(heldOpen(root)).toBe(1);
    instance.ended({ code: 0, signal: null, outOfMemory: false, temporaryFull: false });
    await expect.poll(() => heldOpen(root)).toBe(0);
    server.close();
    rmSync(root, { recursive: true, force: true });
  },
);
