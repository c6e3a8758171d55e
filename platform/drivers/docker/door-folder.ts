import { chmodSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { connected, DOOR } from "../machine/door.ts";

const LINK = "link";

/** The folder that one container shares with the platform: the link's socket is in it, and the door of an HTTP runtime. */
export class DoorFolder {
  /** The bootstrap's connection to the link. Never settles when none comes. */
  readonly link: Promise<Socket>;
  readonly #server: Server;
  /** The path of a socket may be no longer than about a hundred characters; by its descriptor any folder is near. */
  readonly #folder: FileHandle;

  private constructor(server: Server, folder: FileHandle) {
    this.#server = server;
    this.#folder = folder;
    this.link = new Promise((resolve) => {
      server.once("connection", (socket: Socket) => {
        // Whatever else runs in the container has nothing to say here. Closing removes the socket's file too.
        server.close();
        resolve(socket);
      });
    });
  }

  /** Listens for the link. Rejects with the system's reason. @param path an existing folder of this platform alone */
  static async open(path: string): Promise<DoorFolder> {
    const folder = await open(path);
    try {
      const server = createServer();
      const socket = `${near(folder)}/${LINK}`;
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(socket, resolve);
      });
      // User 1003 must be able to connect.
      chmodSync(socket, 0o666);
      return new DoorFolder(server, folder);
    } catch (error) {
      await folder.close();
      throw error;
    }
  }

  /** From now on nobody inside can put anything in the folder or take anything out of it. */
  seal(): Promise<void> {
    return this.#folder.chmod(0o755);
  }

  /** Through the door of the bootstrap to the port of the code. */
  connect(): Promise<Socket> {
    return connected(connect(`${near(this.#folder)}/${DOOR}`));
  }

  async close(): Promise<void> {
    if (this.#server.listening) this.#server.close();
    await this.#folder.close();
  }
}

function near(folder: FileHandle): string {
  return `/proc/self/fd/${folder.fd}`;
}
