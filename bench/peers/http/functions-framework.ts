import { join } from "node:path";
import { peerPackages } from "../packages.ts";
import type { HttpPeer } from "../peer.ts";
import { startOnPort } from "../port-server.ts";

/** What runs a Node.js function of Google's Cloud Run functions, in one process. */
export const functionsFramework: HttpPeer = {
  name: "functions-framework (Node.js)",
  goal: 3.5,
  start: async () => {
    const packages = peerPackages();
    const program = join(packages, "node_modules/@google-cloud/functions-framework/build/src/main.js");
    const source = join(packages, "programs", "functions-framework.mjs");
    return startOnPort({
      command: (port) => [process.execPath, program, "--target=echo", `--source=${source}`, `--port=${port}`],
      environment: () => ({ NODE_ENV: "production" }),
    });
  },
};
