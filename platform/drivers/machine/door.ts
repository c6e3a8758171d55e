import type { Socket } from "node:net";

/** Name of the socket through which a bootstrap lets the platform in (runtime-images/PROTOCOL.md). */
export const DOOR = "door";

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
