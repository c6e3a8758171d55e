import { join } from "node:path";
import { peerPackages } from "../packages.ts";
import type { HttpPeer } from "../peer.ts";
import { startOnPort } from "../port-server.ts";

/** The Serverless Framework's simulator of API Gateway and Lambda. */
export const serverlessOffline: HttpPeer = {
  name: "serverless-offline",
  goal: undefined,
  path: "/echo",
  start: async () => {
    const packages = peerPackages();
    const program = join(packages, "node_modules/serverless/bin/serverless.js");
    return startOnPort({
      cwd: join(packages, "programs", "serverless"),
      command: (port) => [
        process.execPath,
        program,
        "offline",
        `--httpPort=${port}`,
        "--lambdaPort=0",
        "--noPrependStageInUrl",
      ],
      environment: () => ({
        SLS_TELEMETRY_DISABLED: "1",
        SLS_NOTIFICATIONS_MODE: "off",
        SLS_DISABLE_AUTO_UPDATE: "1",
      }),
    });
  },
};
