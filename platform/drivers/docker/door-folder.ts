import { chmodSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { resolve as absolute } from "node:path";
import type { AwaitedLine, AwaitLine } from "../machine/awaited-line.ts";
import { connected, DOOR } from "../machine/door.ts";

const LINK = "link";

/** What listens for the link; undefined once the folder was taken over, and the link is another process' long since. */
type Listening = Server | AwaitedLine | undefined;

/** The folder that one container shares with the platform: the link's socket is in it, and the door of an HTTP runtime. */
export class DoorFolder {
  /** The bootstrap's connection to the link, or the name that the process which has it knows it by. Never settles when none comes. */
  readonly link: Promise<Socket | { readonly line: string }>;
  readonly path: string;
  readonly #listening: Listening;
  /** The path of a socket may be no longer than about a hundred characters; by its descriptor any folder is near. */
  readonly #folder: FileHandle;

  private constructor(path: string, listening: Listening, folder: FileHandle) {
    this.path = path;
    this.#listening = listening;
    this.#folder = folder;
    this.link = firstOf(listening);
  }

  /**
   * Listens for the link, or has another process do so. Rejects with the system's reason.
   * @param path an existing folder of this platform alone
   */
  static open(path: string, awaitLine?: AwaitLine): Promise<DoorFolder> {
    return DoorFolder.#hold(path, (folder) => awaitLine?.(absolute(path)) ?? listen(folder));
  }

  /** The folder of an instance that runs. */
  static reopen(path: string): Promise<DoorFolder> {
    return DoorFolder.#hold(path, () => Promise.resolve(undefined));
  }

  static async #hold(
    path: string,
    listenIn: (folder: FileHandle) => Promise<Listening>,
  ): Promise<DoorFolder> {
    const folder = await open(path);
    try {
      return new DoorFolder(absolute(path), await listenIn(folder), folder);
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
    const listening = this.#listening;
    if (listening !== undefined && (!("listening" in listening) || listening.listening)) listening.close();
    await this.#folder.close();
  }
}

async function listen(folder: FileHandle): Promise<Server> {
  const server = createServer();
  const socket = `${near(folder)}/${LINK}`;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  // User 1003 must be able to connect.
  chmodSync(socket, 0o666);
  return server;
}

function firstOf(listening: Listening): DoorFolder["link"] {
  if (listening === undefined) return new Promise(() => undefined);
  if ("name" in listening) return listening.name.then((line) => ({ line }));
  return new Promise((resolve) => {
    listening.once("connection", (socket: Socket) => {
      // Whatever else runs in the container has nothing to say here. Closing removes the socket's file too.
      listening.close();
      resolve(socket);
    });
  });
}

function near(folder: FileHandle): string {
  return `/proc/self/fd/${folder.fd}`;
}
