/** A value, or the promise of one: the embedded store has it at once, a database elsewhere has to be asked. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Does work, and tells how it ended: at once when the work did, so that the embedded store costs no turn of the event loop.
 * Answers what `done` or `failed` answer.
 */
export function attempt<T, R>(
  work: () => Awaitable<T>,
  done: (value: T) => R,
  failed: (error: unknown) => R,
): Awaitable<R> {
  let value: Awaitable<T>;
  try {
    value = work();
  } catch (error) {
    return failed(error);
  }
  // oxlint-disable-next-line promise/no-callback-in-promise -- what comes after is the same for both.
  return value instanceof Promise ? value.then(done, failed) : done(value);
}
