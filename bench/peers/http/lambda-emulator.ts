import { join } from "node:path";
import { goPeer } from "../go-peer.ts";
import { peerPackages } from "../packages.ts";
import { freePort, startOnPort } from "../port-server.ts";

/** AWS Lambda's runtime interface emulator, with a loop of Node.js that asks its Runtime API for events. */
export const lambdaEmulator = goPeer({
  name: "AWS Lambda runtime interface emulator",
  goal: 5,
  path: "/2015-03-31/functions/function/invocations",
  // As an execution environment of Lambda does.
  atOnce: 1,
  program: {
    name: "lambda-emulator",
    module: "github.com/aws/aws-lambda-runtime-interface-emulator",
    version: "v0.0.0-20250423173140-3a0772eae98d",
    alias: "go.amzn.com",
    target: "go.amzn.com/cmd/aws-lambda-rie",
  },
  start: async (emulator) => {
    const runtime = join(peerPackages(), "programs", "lambda-runtime.mjs");
    const api = `127.0.0.1:${await freePort()}`;
    return startOnPort({
      command: (port) => [
        emulator,
        `--runtime-interface-emulator-address=127.0.0.1:${port}`,
        `--runtime-api-address=${api}`,
        "--log-level=fatal",
        process.execPath,
        runtime,
      ],
    });
  },
});
