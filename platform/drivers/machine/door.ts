import type { Socket } from "node:net";
import { relative } from "node:path";

/** Name of the socket through which a bootstrap lets the platform in (runtime-images/PROTOCOL.md). */
export const DOOR = "door";

/** The shorter way to a file from here: the path of a socket may be no longer than about a hundred characters. */
export function near(path: string): string {
  const short = relative("", path);
  return short.length < path.length ? short : path;
}

/** The socket when it is connected; rejects with the reason when it cannot be. */
export function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
  });
}
