/** What makes a text of an error and its frames: V8's hook for those who know the source of compiled code. */
type Prepare = (error: Error, frames: NodeJS.CallSite[]) => unknown;

/**
 * Asks V8's hook once for each frame, where there is a hook. Pulumi writes down where every resource is declared, with all
 * its callers, and its SDK looks every one up in source maps; most are the same for all resources.
 */
export function rememberFrames(): void {
  const hooks: { prepareStackTrace?: Prepare } = Error;
  if (hooks.prepareStackTrace !== undefined) hooks.prepareStackTrace = remembering(hooks.prepareStackTrace);
}

function remembering(prepare: Prepare): Prepare {
  const known = new Map<string, string>();
  return (error, frames) => {
    const head = prepare(error, []);
    // Some hooks want the frames and no text.
    if (typeof head !== "string") return prepare(error, frames);
    // oxlint-disable-next-line typescript/no-base-to-string -- V8's frames have a text of their own
    const names = frames.map((frame) => frame.toString());
    const lines = names.map((name, at) => {
      // The name that a source map has for a function is where it is called.
      const key = `${name}\n${names[at + 1]}`;
      const line = known.get(key) ?? lineOf(prepare, error, frames.slice(at, at + 2));
      known.set(key, line);
      return line;
    });
    return head + lines.join("");
  };
}

/** The text of the first of the frames. */
function lineOf(prepare: Prepare, error: Error, frames: NodeJS.CallSite[]): string {
  const head = String(prepare(error, [])).length;
  const both = String(prepare(error, frames));
  const second = frames.length > 1 ? String(prepare(error, frames.slice(1))).length - head : 0;
  return both.slice(head, both.length - second);
}
