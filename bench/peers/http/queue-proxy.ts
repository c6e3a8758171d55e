import { join } from "node:path";
import { startProgram } from "../../server.ts";
import { goPeer } from "../go-peer.ts";
import { peerPackages } from "../packages.ts";

/** What the program reads from its environment; `{port}` and `{up}` stand for its own port and the echo's. */
const ENVIRONMENT = {
  QUEUE_SERVING_PORT: "{port}",
  USER_PORT: "{up}",
  QUEUE_SERVING_TLS_PORT: "0",
  CONTAINER_CONCURRENCY: "64",
  REVISION_TIMEOUT_SECONDS: "300",
  SERVING_LOGGING_CONFIG: "",
  SERVING_LOGGING_LEVEL: "fatal",
  SERVING_NAMESPACE: "default",
  SERVING_SERVICE: "echo",
  SERVING_CONFIGURATION: "echo",
  SERVING_REVISION: "echo-1",
  SERVING_POD: "echo-1",
  SERVING_POD_IP: "127.0.0.1",
};

/** Knative's proxy beside each container, in front of an echo of node:http. It takes the ports 8022, 9090 and 9091 besides. */
export const queueProxy = goPeer({
  name: "Knative queue-proxy, before node:http",
  goal: 5,
  program: {
    name: "queue-proxy",
    module: "knative.dev/serving",
    version: "v0.42.2",
    target: "knative.dev/serving/cmd/queue",
  },
  start: async (proxy) => {
    const behind = join(peerPackages(), "programs", "behind.mjs");
    return startProgram([process.execPath, behind, JSON.stringify(ENVIRONMENT), proxy]);
  },
});
