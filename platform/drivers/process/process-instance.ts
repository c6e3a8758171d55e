import type { Socket } from "node:net";
import { constants } from "node:os";
import type { Duplex } from "node:stream";
import type { Claim, DriverInstance, Exit, Usage, Way } from "../driver.ts";
import type { Cell } from "./housing.ts";

/** Output may still be in the pipes when a process ends; a child that escaped may hold them open for ever. */
const DRAIN_MS = 200;

/** An instance of the process driver: the same life in every housing. */
export class ProcessInstance implements DriverInstance {
  readonly id: string;
  readonly token: string;
  readonly stream: Duplex | undefined;
  readonly line: string | undefined;
  readonly exited: Promise<Exit>;
  readonly #cell: Cell;
  #claimed: Promise<string> | undefined;

  /** @param cleared called when everything the instance held is free */
  constructor(id: string, token: string, cell: Cell, cleared: () => Promise<void>) {
    this.id = id;
    this.token = token;
    this.#cell = cell;
    this.line = cell.line;
    this.stream = cell.line === undefined ? (cell.child.stdio[3] as Duplex) : undefined;
    this.exited = this.#end(cleared);
  }

  claim(claim: Claim): Promise<string> {
    return (this.#claimed ??= this.#cell.claim(claim));
  }

  settle(): void {
    this.#cell.settle();
  }

  connect(): Promise<Socket> {
    return this.#cell.connect();
  }

  way(): Promise<Way> {
    return this.#cell.way();
  }

  onOutput(listener: (chunk: Buffer, stream: "stdout" | "stderr") => void): void {
    for (const stream of ["stdout", "stderr"] as const)
      this.#cell.child[stream]?.on("data", (chunk: Buffer) => listener(chunk, stream));
  }

  usage(): Promise<Usage> {
    return this.#cell.usage();
  }

  // oxlint-disable-next-line typescript/require-await -- a failing write becomes a rejection, as the contract says
  async pause(): Promise<void> {
    this.#cell.pause();
  }

  // oxlint-disable-next-line typescript/require-await -- as above
  async resume(): Promise<void> {
    this.#cell.resume();
  }

  async destroy(): Promise<void> {
    if (this.#cell.child.exitCode === null && this.#cell.child.signalCode === null) this.#cell.kill();
    await this.exited;
  }

  async #end(cleared: () => Promise<void>): Promise<Exit> {
    const { child } = this.#cell;
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
      child.once("exit", (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
      // It never started; create() tells why.
      child.once("error", () => resolve([null, null]));
    });
    // Nobody reads what is left of the orders; unread it would count as not drained.
    child.stdio[4]?.destroy();
    const drained = new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      setTimeout(resolve, DRAIN_MS);
    });
    const { outOfMemory, temporaryFull } = await this.#cell.clear();
    await drained;
    for (const stream of child.stdio) stream?.destroy();
    await cleared();
    return { ...readStatus(code, signal), outOfMemory, temporaryFull };
  }
}

const SIGNALS = new Map<number, string>(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
);

/** A shell reports the signal that ended its child as 128 + number. */
function readStatus(
  code: number | null,
  signal: string | null,
): { code: number | null; signal: string | null } {
  const meant = code !== null && code > 128 ? SIGNALS.get(code - 128) : undefined;
  return meant === undefined ? { code, signal } : { code: null, signal: meant };
}
