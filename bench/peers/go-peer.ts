import type { BenchServer } from "../server.ts";
import { type GoProgram, goProgram } from "./packages.ts";
import type { HttpPeer } from "./peer.ts";

/** A server that is a program of its own, built from a Go module. */
export interface GoPeer extends Omit<HttpPeer, "start"> {
  readonly program: GoProgram;
  /** Starts an echo on core 0. @param file the program's */
  readonly start: (file: string) => Promise<BenchServer>;
}

/** The peer, whose program is built when it is started first. */
export function goPeer({ program, start, ...peer }: GoPeer): HttpPeer {
  return { ...peer, start: async () => start(goProgram(program)) };
}
