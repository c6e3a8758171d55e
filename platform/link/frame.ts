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

/** Writes a frame's header at `at`; the caller has made sure that 12 bytes are free. */
export function writeHeader(
  into: Buffer,
  at: number,
  frame: {
    readonly type: number;
    readonly headLength: number;
    readonly payloadLength: number;
    readonly call: number;
  },
): void {
  into.writeUInt32LE(frame.headLength + frame.payloadLength, at);
  into[at + 4] = frame.type;
  into[at + 5] = 0;
  into.writeUInt16LE(frame.headLength, at + 6);
  into.writeUInt32LE(frame.call, at + 8);
}
