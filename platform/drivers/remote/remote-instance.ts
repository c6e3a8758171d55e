import { open, type FileHandle } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Claim, DriverInstance, Exit, Usage, Way } from "../driver.ts";
import { connected, DOOR } from "../machine/door.ts";
import type { Made } from "./messages.ts";
import type { Peer } from "./peer.ts";

type OutputListener = (chunk: Buffer, stream: "stdout" | "stderr") => void;

/** How one goes in: by a folder that is held open, or by an address. */
type Entrance = { readonly held: FileHandle } | { readonly host: string; readonly port: number };

const LOST = "the scheduler that ran the instance is gone";

/** An instance that a scheduler in another process runs, and this process talks to. */
export class RemoteInstance implements DriverInstance {
  readonly id: string;
  readonly exited: Promise<Exit>;
  token = "";
  stream: Duplex | undefined = undefined;
  readonly #peer: Peer;
  readonly #early: [chunk: Buffer, stream: "stdout" | "stderr"][] = [];
  #listener: OutputListener | undefined;
  #exit: (exit: Exit) => void = () => undefined;
  #entrance: Promise<Entrance> | undefined;

  constructor(id: string, peer: Peer) {
    this.id = id;
    this.#peer = peer;
    this.exited = new Promise((resolve) => {
      this.#exit = resolve;
    });
    void this.exited.then(() => this.#leave());
  }

  /** It is there. @param stream the platform's end of its line */
  made({ token }: Made, stream: Duplex | undefined): void {
    this.token = token;
    this.stream = stream;
  }

  /** It wrote something. */
  written(chunk: Buffer, stream: "stdout" | "stderr"): void {
    if (this.#listener === undefined) this.#early.push([chunk, stream]);
    else this.#listener(chunk, stream);
  }

  /** It ended. */
  ended(exit: Exit): void {
    this.#exit(exit);
  }

  /** What ran it is gone, and it with that. */
  orphaned(): void {
    this.#exit({ code: null, signal: null, outOfMemory: false, temporaryFull: false, lost: LOST });
  }

  claim(claim: Claim): Promise<string> {
    return this.#peer.ask("claim", { id: this.id, claim });
  }

  settle(): void {
    this.#peer.tell("settle", this.id);
  }

  async connect(): Promise<Socket> {
    this.#entrance ??= this.#enter();
    try {
      const entrance = await this.#entrance;
      if ("port" in entrance) return await connected(connect(entrance.port, entrance.host));
      return await connected(connect(`/proc/self/fd/${entrance.held.fd}/${DOOR}`));
    } catch (error) {
      if (this.#entrance !== undefined) await this.#entrance.catch(() => (this.#entrance = undefined));
      throw error;
    }
  }

  onOutput(listener: OutputListener): void {
    this.#listener = listener;
    for (const [chunk, stream] of this.#early.splice(0)) listener(chunk, stream);
  }

  usage(): Promise<Usage> {
    return this.#peer.ask("usage", this.id);
  }

  pause(): Promise<void> {
    return this.#peer.ask("pause", this.id);
  }

  resume(): Promise<void> {
    return this.#peer.ask("resume", this.id);
  }

  async destroy(): Promise<void> {
    this.#peer.ask("destroy", this.id).catch(() => {
      // It is gone, or its scheduler is; its exit tells.
    });
    await this.exited;
  }

  async #enter(): Promise<Entrance> {
    const way = await this.#way();
    if (!("folder" in way)) return way;
    const held = await open(way.folder);
    try {
      // A scheduler's descriptors come around again: this one was the instance's if it still is after the folder was opened.
      const again = await this.#way();
      if ("folder" in again && again.folder === way.folder) return { held };
      throw new Error("the instance is gone");
    } catch (error) {
      await held.close();
      throw error;
    }
  }

  #way(): Promise<Way> {
    return this.#peer.ask("way", this.id);
  }

  async #leave(): Promise<void> {
    const entrance = await this.#entrance?.catch(() => undefined);
    if (entrance !== undefined && "held" in entrance) await entrance.held.close();
  }
}
