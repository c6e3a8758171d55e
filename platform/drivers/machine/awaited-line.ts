/** The stream of an instance that will connect by itself, to another process than the one that starts it. */
export interface AwaitedLine {
  /** By which that process knows it, as soon as the instance is connected. Rejects when that process is gone. */
  readonly name: Promise<string>;
  /** Nobody needs to listen any more. */
  close(): void;
}

/** Has another process listen for the link in a folder, as PROTOCOL.md says. Resolves when it does; rejects when it is gone. */
export type AwaitLine = (folder: string) => Promise<AwaitedLine>;
