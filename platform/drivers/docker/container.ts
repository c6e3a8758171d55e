import type { Socket } from "node:net";
import { constants } from "node:os";
import type { Exit, Usage } from "../driver.ts";
import { EngineError, type Engine } from "./engine.ts";
import type { EngineLimits } from "./container-plan.ts";
import { Demultiplexer } from "./output.ts";

/** How the engine describes the state of a container. */
interface Inspected {
  readonly Config: {
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly State: {
    readonly Running: boolean;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
  };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string } | undefined>>;
  };
}

/** Numbers of either version of control groups. */
interface Stats {
  readonly memory_stats: {
    readonly usage?: number;
    readonly stats?: { readonly total_rss?: number; readonly anon?: number; readonly shmem?: number };
  };
}

/** What the engine still knows of an ended container. */
export type Ending = Pick<Exit, "code" | "signal" | "outOfMemory">;

type OutputListener = (chunk: Buffer, stream: "stdout" | "stderr") => void;

/** Output that came before anybody listened is kept up to this size. */
const EARLY_BYTES = 64 * 1024;
const SIGNALS = new Map<number, string>(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** One container, from its creation to its removal. */
export class Container {
  readonly id: string;
  readonly #engine: Engine;
  readonly #output: Demultiplexer;
  #listener: OutputListener | undefined;
  #early: [Buffer, "stdout" | "stderr"][] = [];
  #earlyBytes = 0;
  #drained: Promise<void> = Promise.resolve();
  #followed: Socket | undefined;

  private constructor(engine: Engine, id: string) {
    this.#engine = engine;
    this.id = id;
    this.#output = new Demultiplexer((chunk, stream) => this.#written(chunk, stream));
  }

  /** Makes a container of the engine's description. Rejects with EngineError. @param name default: any */
  static async create(engine: Engine, description: object, name?: string): Promise<Container> {
    const made = await engine.ask<{ Id: string }>({
      method: "POST",
      path: `/containers/create${name === undefined ? "" : `?name=${name}`}`,
      json: description,
    });
    return new Container(engine, made.Id);
  }

  /** One that somebody else has made. */
  static of(engine: Engine, id: string): Container {
    return new Container(engine, id);
  }

  /** Starts it, reading all it writes from the first byte on. */
  async start(): Promise<void> {
    const socket = await this.follow();
    try {
      await this.#post("start");
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** Reads what it writes from now on. */
  async follow(): Promise<Socket> {
    const { socket, head } = await this.#engine.attach(this.id);
    this.#followed = socket;
    this.#drained = new Promise((resolve) => {
      socket.once("close", () => resolve());
      // What the connection's end means, `ended` finds out.
      socket.on("error", () => undefined);
    });
    this.#output.push(head);
    socket.on("data", (chunk: Buffer) => this.#output.push(chunk));
    return socket;
  }

  /** Reads nothing more of what it writes. */
  unfollow(): void {
    this.#followed?.destroy();
  }

  /** Only one listener; what came before goes to it first. */
  onOutput(listener: OutputListener): void {
    this.#listener = listener;
    for (const [chunk, stream] of this.#early.splice(0)) listener(chunk, stream);
  }

  /** The last of what was written before anybody listened. */
  get earlyOutput(): string {
    return Buffer.concat(this.#early.map(([chunk]) => chunk))
      .toString()
      .trim();
  }

  /** Waits until it has ended and all its output was read. */
  async ended(): Promise<Ending> {
    try {
      await this.#drained;
      await this.#post("wait");
      const { State } = await this.inspect();
      // The init process reports the signal that ended the program as 128 + number.
      const signal = State.ExitCode > 128 ? SIGNALS.get(State.ExitCode - 128) : undefined;
      const status = signal === undefined ? { code: State.ExitCode, signal: null } : { code: null, signal };
      return { ...status, outOfMemory: State.OOMKilled };
    } catch {
      // The engine lost it, or was stopped itself: nobody can tell how it ended.
      return { code: null, signal: null, outOfMemory: false };
    }
  }

  inspect(): Promise<Inspected> {
    return this.#engine.ask<Inspected>({ method: "GET", path: `/containers/${this.id}/json` });
  }

  /** As the engine counts, which takes it up to a second. */
  async usage(): Promise<Usage> {
    const path = `/containers/${this.id}/stats?stream=0&one-shot=1`;
    const { memory_stats: memory } = await this.#engine.ask<Stats>({ method: "GET", path });
    const { total_rss: rss, anon, shmem = 0 } = memory.stats ?? {};
    return { memoryBytes: anon ?? rss ?? memory.usage ?? 0, temporaryBytes: shmem };
  }

  pause(): Promise<void> {
    return this.#post("pause");
  }

  resume(): Promise<void> {
    return this.#post("unpause");
  }

  /** Nothing when it has ended already: how, is for `ended` to tell. */
  limit(limits: EngineLimits): Promise<void> {
    return this.#post("update", limits).catch((error: unknown) => {
      if (!(error instanceof EngineError) || !error.message.includes("stopped container")) throw error;
    });
  }

  /** Ends it, paused or not; nothing when it has ended. */
  kill(): Promise<void> {
    return this.#post("kill").catch(unlessGone);
  }

  /** @param signal for example `SIGHUP` */
  signal(signal: string): Promise<void> {
    return this.#post(`kill?signal=${signal}`);
  }

  /** Removes what is left of it; ends it when it still runs. */
  async remove(): Promise<void> {
    const path = `/containers/${this.id}?force=1&v=1`;
    await this.#engine.ask({ method: "DELETE", path }).catch(unlessGone);
  }

  async #post(verb: string, json?: object): Promise<void> {
    const path = `/containers/${this.id}/${verb}`;
    await this.#engine.ask({ method: "POST", path, ...(json && { json }) });
  }

  #written(chunk: Buffer, stream: "stdout" | "stderr"): void {
    if (this.#listener !== undefined) return this.#listener(chunk, stream);
    if (this.#earlyBytes + chunk.length > EARLY_BYTES) return undefined;
    this.#earlyBytes += chunk.length;
    this.#early.push([chunk, stream]);
    return undefined;
  }
}

/** No such container, or one that does not run: what was wanted. */
function unlessGone(error: unknown): void {
  if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
}
