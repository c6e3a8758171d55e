import { deployQueue, drained } from "../../async.ts";
import { clientOf } from "../../deployment.ts";
import { runLoad } from "../../load.ts";
import { treeCpuMs } from "../../process-cpu.ts";
import { BODY } from "../../rounds.ts";
import { startServer } from "../../server.ts";
import type { QueuePeer, QueueSample } from "../peer.ts";

/** An asynchronous HTTP trigger: each 202 is sent after the request is on the disk, and the function is a process of its own. */
export const fungraph: QueuePeer = {
  name: "Fungraph, asynchronous HTTP trigger",
  start: async () => {
    const server = await startServer("platform-server.ts");
    const client = clientOf(server);
    await deployQueue(client);
    client.close();
    const headers = { "content-type": "application/json" };
    const run = async (seconds: number, atOnce: number): Promise<QueueSample> => {
      const before = treeCpuMs(server.pid);
      const began = performance.now();
      const target = { port: server.port, path: "/queue", headers, body: BODY };
      const load = await runLoad({ ...target, connections: atOnce, seconds });
      await drained(server);
      if (load.failed > 0) throw new Error(`${load.failed} requests were refused`);
      return {
        accepted: load.perSecond,
        ran: load.requests / ((performance.now() - began) / 1000),
        p50Micros: load.p50Micros,
        cpuMicros: ((treeCpuMs(server.pid) - before) * 1000) / load.requests,
      };
    };
    return { run, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  },
};
