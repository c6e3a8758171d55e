import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { LinkSocket } from "../machine/link-socket.ts";
import { LINE_NAME_BYTES, lineName } from "./open-line.ts";

/** A line is made before anybody speaks of it, so that one which is not there soon never will be. */
const TAKE_MS = 10_000;

/** Where schedulers bring the streams of instances: this process has the one end of each, the instance itself the other. */
export class LineHost {
  readonly #server: Server;
  /** Brought and not taken. */
  readonly #waiting = new Map<string, Socket>();
  readonly #wanted = new Map<string, (socket: Socket) => void>();
  readonly #open = new Set<Socket>();
  /** By folder, from the moment they are asked for. */
  readonly #awaited = new Map<string, Promise<LinkSocket>>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#welcome(socket));
  }

  /** @param path of a socket in a folder that only the platform's user enters */
  static async open(path: string): Promise<LineHost> {
    rmSync(path, { force: true });
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    });
    return new LineHost(server);
  }

  /** The line of this name. Rejects when it does not come. */
  take(name: string): Promise<Socket> {
    const socket = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (socket !== undefined) return Promise.resolve(unheard(socket));
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#wanted.delete(name);
        reject(new Error("the instance has no stream to this process"));
      }, TAKE_MS);
      this.#wanted.set(name, (come) => {
        clearTimeout(late);
        this.#wanted.delete(name);
        resolve(unheard(come));
      });
    });
  }

  /** Listens in a folder for the link that an instance will bring by itself. */
  async listen(folder: string): Promise<void> {
    const opening = LinkSocket.open(folder);
    this.#awaited.set(folder, opening);
    await opening;
  }

  /** Settles when the link has come there, with a name to take it by. */
  async linked(folder: string): Promise<string> {
    const awaited = this.#awaited.get(folder);
    if (awaited === undefined) throw new Error("nobody listens there");
    const socket = await (await awaited).link;
    this.#awaited.delete(folder);
    this.#keep(socket);
    const name = lineName();
    this.#come(name, socket);
    return name;
  }

  unlisten(folder: string): void {
    void this.#awaited.get(folder)?.then(
      (link) => link.close(),
      () => undefined,
    );
    this.#awaited.delete(folder);
  }

  /** Ends every line. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    for (const folder of this.#awaited.keys()) this.unlisten(folder);
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #keep(socket: Socket): void {
    this.#open.add(socket);
    socket.on("error", () => {
      // Its close follows.
    });
    socket.once("close", () => this.#open.delete(socket));
  }

  #welcome(socket: Socket): void {
    this.#keep(socket);
    const hear = (): void => {
      const name = (socket.read(LINE_NAME_BYTES) as Buffer | null)?.toString("latin1");
      if (name === undefined) return;
      socket.off("readable", hear);
      this.#come(name, socket);
    };
    socket.on("readable", hear);
  }

  #come(name: string, socket: Socket): void {
    const wanted = this.#wanted.get(name);
    if (wanted !== undefined) {
      wanted(socket);
      return;
    }
    this.#waiting.set(name, socket);
    socket.once("close", () => this.#waiting.delete(name));
    // Looks without taking anything: so an end is noticed.
    socket.on("readable", () => void socket.read(0));
  }
}

/** A stream that nobody reads yet: the first bytes of the instance are still in it. */
function unheard(socket: Socket): Socket {
  return socket.removeAllListeners("readable");
}
