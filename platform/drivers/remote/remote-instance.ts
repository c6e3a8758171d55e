import { open, type FileHandle } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Claim, DriverInstance, Exit, Held, InstanceRequest, Usage, Way } from "../driver.ts";
import { connected, DOOR } from "../machine/door.ts";
import type { Made } from "./messages.ts";
import { type Peer, PeerGoneError } from "./peer.ts";

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
  readonly #request: InstanceRequest;
  #peer: Peer;
  /** Set while it is claimed, and then: what it was claimed for. */
  #claim: Claim | "under way" | undefined;
  #isMade = false;
  #isOver = false;
  /** Questions that wait until another scheduler has taken it over. */
  readonly #waiting: (() => void)[] = [];
  readonly #early: [chunk: Buffer, stream: "stdout" | "stderr"][] = [];
  #listener: OutputListener | undefined;
  #exit: (exit: Exit) => void = () => undefined;
  #entrance: Promise<Entrance> | undefined;

  constructor(request: InstanceRequest, peer: Peer) {
    this.id = request.id;
    this.#request = request;
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
    this.#isMade = true;
  }

  /**
   * What another scheduler needs to take it over; undefined while it is made or claimed, since nobody can tell how far that came, and when its
   * stream has ended.
   */
  get held(): Held | undefined {
    if (!this.#isMade || this.#isOver || this.#claim === "under way" || this.stream?.destroyed === true)
      return undefined;
    return { request: this.#request, ...(this.#claim && { claim: this.#claim }) };
  }

  /** Another scheduler runs it now; the way in stays: what was the instance's folder still is, wherever it lies. */
  movedTo(peer: Peer): void {
    this.#peer = peer;
    for (const again of this.#waiting.splice(0)) again();
  }

  /** It wrote something. */
  written(chunk: Buffer, stream: "stdout" | "stderr"): void {
    if (this.#listener === undefined) this.#early.push([chunk, stream]);
    else this.#listener(chunk, stream);
  }

  /** It ended. */
  ended(exit: Exit): void {
    this.#isOver = true;
    this.#exit(exit);
    for (const again of this.#waiting.splice(0)) again();
  }

  /** What ran it is gone, and it with that. */
  orphaned(): void {
    this.ended({ code: null, signal: null, outOfMemory: false, temporaryFull: false, lost: LOST });
  }

  async claim(claim: Claim): Promise<string> {
    this.#claim = "under way";
    const codeRoot = await this.#peer.ask<string>("claim", { id: this.id, claim });
    this.#claim = claim;
    return codeRoot;
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
    return this.#ask("usage");
  }

  pause(): Promise<void> {
    return this.#ask("pause");
  }

  resume(): Promise<void> {
    return this.#ask("resume");
  }

  async destroy(): Promise<void> {
    this.#ask("destroy").catch(() => {
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
    return this.#ask("way");
  }

  /** Asks what may be asked twice: of whoever has taken it over when a scheduler is gone. */
  async #ask<Answer>(what: "usage" | "pause" | "resume" | "destroy" | "way"): Promise<Answer> {
    for (;;) {
      const peer = this.#peer;
      try {
        return await peer.ask<Answer>(what, this.id);
      } catch (error) {
        if (!(error instanceof PeerGoneError) || this.#isOver) throw error;
        if (this.#peer === peer) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        if (this.#peer === peer) throw error;
      }
    }
  }

  async #leave(): Promise<void> {
    const entrance = await this.#entrance?.catch(() => undefined);
    if (entrance !== undefined && "held" in entrance) await entrance.held.close();
  }
}
