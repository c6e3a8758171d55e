import { join } from "node:path";
import { startProgram } from "../../server.ts";
import { peerPackages } from "../packages.ts";
import type { HttpPeer } from "../peer.ts";

/** Cloudflare's simulator of its workers: workerd behind a server of Node.js. */
export const miniflare: HttpPeer = {
  name: "miniflare",
  goal: 8,
  start: async () => {
    const cwd = join(peerPackages(), "programs");
    return startProgram([process.execPath, "miniflare.mjs"], { cwd });
  },
};
