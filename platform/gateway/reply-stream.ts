/** A reply whose body comes in pieces. Does nothing any more once the caller is gone. */
export interface ReplyStream {
  /** @returns false when the caller takes less than what comes: its watcher is told when it has caught up */
  write(chunk: Buffer): boolean;
  /** The body is whole. `trailers` are names and values in turn. */
  end(trailers: readonly string[]): void;
  /** Breaks the connection: the caller must see that the reply is not whole. */
  cut(): void;
}

/** Who wants to know what a caller does while the reply goes on. */
export interface Watcher {
  /** The caller is gone before the end of the reply. */
  left(): void;
  /** The caller has taken all that was written. */
  drained(): void;
}

/** Bytes that may wait for a caller before no more is read for it. */
export const AHEAD_BYTES = 256 * 1024;
/** A caller that takes nothing of a reply for this long is cut off. */
export const STALLED_MS = 60_000;

/** True when a reply of this status has a body. */
export function hasBody(status: number): boolean {
  return status !== 204 && status !== 304;
}
