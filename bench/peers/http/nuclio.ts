import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { goPeer } from "../go-peer.ts";
import { peerPackages } from "../packages.ts";
import { startOnPort } from "../port-server.ts";

/** Nuclio's processor with an event handler of Node.js, and as many workers as there are connections. */
export const nuclio = goPeer({
  name: "Nuclio processor",
  goal: 1,
  program: {
    name: "nuclio",
    module: "github.com/nuclio/nuclio",
    version: "769e61458f44",
    target: "github.com/nuclio/nuclio/cmd/processor",
    beside: "pkg/processor/runtime/nodejs/js/wrapper.js",
  },
  start: async (processor) => {
    const folder = mkdtempSync(join(tmpdir(), "fungraph-nuclio-"));
    const config = join(folder, "processor.yaml");
    const server = await startOnPort({
      command: (port) => {
        writeFileSync(config, stringify(settings(port)));
        return [processor, "--config", config, "--platform-config", join(folder, "none.yaml")];
      },
      environment: () => ({
        NUCLIO_NODEJS_WRAPPER_PATH: `${processor}.js`,
        NUCLIO_NODEJS_EXE: process.execPath,
        NUCLIO_HANDLER_DIR: join(peerPackages(), "programs", "nuclio"),
      }),
    });
    return {
      ...server,
      [Symbol.asyncDispose]: async () => {
        await server[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});

/** One function with one HTTP trigger. */
function settings(port: number): unknown {
  const http = { kind: "http", maxWorkers: 64, url: `:${port}`, attributes: { port } };
  return {
    metadata: { name: "echo" },
    spec: { runtime: "nodejs", handler: "handler:handler", triggers: { http } },
  };
}
