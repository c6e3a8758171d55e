/** Frame types of the runtime protocol (runtime-images/PROTOCOL.md). */
export const FrameType = {
  Hello: 1,
  Load: 2,
  Loaded: 3,
  Init: 4,
  Initialized: 5,
  Invoke: 6,
  Result: 7,
  Error: 8,
  Log: 9,
  Heartbeat: 10,
  Alive: 11,
  Stop: 12,
  Stopped: 13,
} as const;
export type FrameType = (typeof FrameType)[keyof typeof FrameType];

export const HEADER_BYTES = 12;
/** Largest `length` a frame may carry. */
export const MAX_FRAME_BYTES = 6 * 1024 * 1024 + 64 * 1024;
