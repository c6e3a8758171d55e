import { startBare } from "../../server.ts";
import type { HttpPeer } from "../peer.ts";

/** The yardstick of all figures: an echo of Node's own HTTP server and nothing else. */
export const nodeHttp: HttpPeer = {
  name: "bare node:http echo",
  goal: 0.9,
  start: () => startBare(),
};
