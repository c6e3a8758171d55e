import { open, type FileHandle } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { resolve as absolute } from "node:path";
import type { AwaitedLine, AwaitLine } from "../machine/awaited-line.ts";
import { connected, DOOR } from "../machine/door.ts";
import { LinkSocket, near } from "../machine/link-socket.ts";

/** The folder that one container shares with the platform: the link's socket is in it, and the door of an HTTP runtime. */
export class DoorFolder {
  /** The bootstrap's connection to the link, or the name that the process which has it knows it by. Never settles when none comes. */
  readonly link: Promise<Socket | { readonly line: string }>;
  readonly path: string;
  /** Undefined once the folder was taken over: another process has the link since long. */
  readonly #listening: LinkSocket | AwaitedLine | undefined;
  readonly #folder: FileHandle;

  private constructor(path: string, listening: LinkSocket | AwaitedLine | undefined, folder: FileHandle) {
    this.path = path;
    this.#listening = listening;
    this.#folder = folder;
    this.link = linkOf(listening);
    // Nobody may wait for it yet when the process that listens goes.
    this.link.catch(() => undefined);
  }

  /**
   * Listens for the link, or has another process do so. Rejects with the system's reason.
   * @param path an existing folder of this platform alone
   */
  static open(path: string, awaitLine?: AwaitLine): Promise<DoorFolder> {
    return DoorFolder.#hold(path, () => awaitLine?.(absolute(path)) ?? LinkSocket.open(path));
  }

  /** The folder of an instance that runs. */
  static reopen(path: string): Promise<DoorFolder> {
    return DoorFolder.#hold(path, () => Promise.resolve(undefined));
  }

  static async #hold(
    path: string,
    listen: () => Promise<LinkSocket | AwaitedLine | undefined>,
  ): Promise<DoorFolder> {
    const folder = await open(path);
    try {
      return new DoorFolder(absolute(path), await listen(), folder);
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
    return connected(connect(near(this.#folder, DOOR)));
  }

  async close(): Promise<void> {
    this.#listening?.close();
    await this.#folder.close();
  }
}

function linkOf(listening: LinkSocket | AwaitedLine | undefined): DoorFolder["link"] {
  if (listening === undefined) return new Promise(() => undefined);
  return "link" in listening ? listening.link : listening.name.then((line) => ({ line }));
}
