import { fileURLToPath } from "node:url";
import { goPeer } from "../go-peer.ts";
import { freePort, startOnPort } from "../port-server.ts";

/** OpenFaaS' process in each container (MIT; its gateway, under another licence, is never run), in front of an echo of node:http that it starts. */
export const ofWatchdog = goPeer({
  name: "of-watchdog, before node:http",
  goal: 5,
  program: {
    name: "of-watchdog",
    module: "github.com/openfaas/of-watchdog",
    version: "v0.0.0-20251114100857-67a6309db21b",
    target: "github.com/openfaas/of-watchdog",
  },
  start: async (watchdog) => {
    const echo = fileURLToPath(new URL("../../bare-server.ts", import.meta.url));
    const up = await freePort();
    const metrics = await freePort();
    return startOnPort({
      command: () => [watchdog],
      environment: (port) => ({
        port: String(port),
        metrics_port: String(metrics),
        mode: "http",
        upstream_url: `http://127.0.0.1:${up}`,
        fprocess: `${process.execPath} ${echo}`,
        BENCH_PORT: String(up),
        suppress_lock: "true",
      }),
    });
  },
});
