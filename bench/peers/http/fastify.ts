import { join } from "node:path";
import { startProgram } from "../../server.ts";
import { peerPackages } from "../packages.ts";
import type { HttpPeer } from "../peer.ts";

/** A web framework, for comparison: it runs no functions. */
export const fastify: HttpPeer = {
  name: "fastify echo",
  goal: undefined,
  start: async () => startProgram([process.execPath, join(peerPackages(), "programs", "fastify.mjs")]),
};
