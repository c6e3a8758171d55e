import { createRequire } from "node:module";
import { join } from "node:path";
import { MissingPeer, type HttpPeer } from "../peer.ts";
import { peerPackages } from "../packages.ts";
import { startOnPort } from "../port-server.ts";

/** The runtime of Cloudflare's workers, as it comes. */
export const workerd: HttpPeer = {
  name: "workerd",
  goal: 2.5,
  start: async () => {
    const packages = peerPackages();
    const program = findProgram(packages);
    const config = join(packages, "programs", "workerd.capnp");
    return startOnPort({
      command: (port) => [program, "serve", config, `--socket-addr=http=127.0.0.1:${port}`],
    });
  },
};

function findProgram(packages: string): string {
  const require = createRequire(join(packages, "programs", "workerd.mjs"));
  try {
    return require.resolve(
      `@cloudflare/workerd-${process.platform}-${process.arch === "x64" ? "64" : process.arch}/bin/workerd`,
    );
  } catch {
    throw new MissingPeer(`there is none for ${process.platform} on ${process.arch}`);
  }
}
