/** The queue holds as many requests as it may; nothing of these was taken. */
export class QueueFullError extends Error {
  override readonly name = "QueueFullError";
}
