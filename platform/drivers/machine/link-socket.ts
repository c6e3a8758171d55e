import { chmodSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";

const NAME = "link";

/** Listens for the link of one instance, in a folder that the instance sees (runtime-images/PROTOCOL.md). */
export class LinkSocket {
  /** The bootstrap's connection. Never settles when none comes. */
  readonly link: Promise<Socket>;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.link = new Promise((resolve) => {
      server.once("connection", (socket: Socket) => {
        // Whatever else runs in there has nothing to say here. Closing removes the socket's file too.
        server.close();
        resolve(socket);
      });
    });
  }

  /** Listens. Rejects with the system's reason. @param path an existing folder of this platform alone */
  static async open(path: string): Promise<LinkSocket> {
    const folder = await open(path);
    const server = createServer().once("close", () => void folder.close());
    const socket = near(folder, NAME);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(socket, resolve);
      });
      // User 1003 must be able to connect.
      chmodSync(socket, 0o666);
      return new LinkSocket(server);
    } catch (error) {
      if (server.listening) server.close();
      else await folder.close();
      throw error;
    }
  }

  /** Listens no more. Safe to call twice. */
  close(): void {
    if (this.#server.listening) this.#server.close();
  }
}

/** The path of a socket may be no longer than about a hundred characters; by its descriptor any folder is near. */
export function near(folder: FileHandle, name: string): string {
  return `/proc/self/fd/${folder.fd}/${name}`;
}
