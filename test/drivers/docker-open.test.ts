import { createServer } from "node:http";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";

const FACTS = { ID: "x", OSType: "linux", Architecture: "x86_64", KernelVersion: "6", SecurityOptions: [] };

/** An engine that has no address left for one more network. */
function crowdedEngine() {
  const connections = { open: 0 };
  const server = createServer(({ url = "" }, response) => {
    const path = url.replace(/^\/v[\d.]+/, "").replace(/\?.*/, "");
    const [status, body] =
      path === "/info"
        ? [200, { ...FACTS, PidsLimit: true, MemoryLimit: true }]
        : path === "/images/json"
          ? [200, []]
          : path === "/networks/create"
            ? [500, { message: "no free address pool" }]
            : [404, { message: "no such thing" }];
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  });
  server.on("connection", (socket) => {
    connections.open += 1;
    socket.on("close", () => (connections.open -= 1));
  });
  return { server, connections };
}

test("a driver that cannot be opened leaves no folder and no connection, however often it is tried", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fungraph-open-"));
  const runDir = join(folder, "run");
  await mkdir(runDir);
  const { server, connections } = crowdedEngine();
  await new Promise<void>((resolve) => server.listen(join(folder, "engine"), resolve));
  try {
    for (let times = 0; times < 3; times += 1)
      await expect(DockerDriver.open({ runDir, host: `unix://${join(folder, "engine")}` })).rejects.toThrow(
        "no free address pool",
      );
    expect(await readdir(runDir)).toEqual([]);
    await expect.poll(() => connections.open).toBe(0);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
});
