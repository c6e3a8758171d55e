import type { Socket } from "node:net";

/** A connection to another process whose near end an instance will inherit: that process talks to the instance, and nobody is between. */
export interface Line {
  /** By which the other process knows it. */
  readonly name: string;
  /** Connected; nothing was read from it. */
  readonly socket: Socket;
}

/** Makes a line. Rejects when the other process is gone. */
export type OpenLine = () => Promise<Line>;

/** What Node keeps to itself of a socket. */
interface Handled {
  readonly _handle: { setBlocking(on: boolean): void };
}

/**
 * The socket as a stream for `spawn`. Runtimes expect one that blocks, as those are that Node makes itself; Node has no other way to make
 * one so than this, which it uses for its own standard streams.
 */
export function inheritable({ socket }: Line): Socket {
  // oxlint-disable-next-line no-underscore-dangle -- see above
  (socket as unknown as Handled)._handle.setBlocking(true);
  return socket;
}
