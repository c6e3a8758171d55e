import { paint } from "./style.ts";

/**
 * The one place that writes to the terminal, so that answers, notes and progress never run into each other.
 * Answers go to standard output; everything said beside them goes to standard error.
 */
let progressLine = "";

/** A step that takes longer is announced where no terminal shows it. */
const SLOW_MS = 2000;

/** Prints a line of the answer. */
export function print(line = ""): void {
  clearProgress();
  process.stdout.write(`${line}\n`);
  drawProgress();
}

/** Prints a value as JSON, indented on a terminal, on one line in a pipe. */
export function printJson(value: unknown): void {
  print(process.stdout.isTTY ? JSON.stringify(value, null, 2) : JSON.stringify(value));
}

/** Says something beside the answer. */
export function note(line: string): void {
  clearProgress();
  process.stderr.write(`${line}\n`);
  drawProgress();
}

/** Says that something needs attention but is no failure. */
export function warn(line: string): void {
  note(`${paint("yellow", "!", process.stderr)} ${line}`);
}

/** Passes text of another program through unchanged. */
export function passThrough(text: string | Buffer): void {
  clearProgress();
  process.stderr.write(text);
  drawProgress();
}

/**
 * Runs a step and says so: by a line that goes away on a terminal, by a plain one elsewhere when the step takes long.
 * @returns what the step returns
 */
export async function during<T>(label: string, step: () => Promise<T>): Promise<T> {
  clearProgress();
  if (process.stderr.isTTY) progressLine = `${label} ...`;
  const slow = process.stderr.isTTY ? undefined : setTimeout(() => note(`${label} ...`), SLOW_MS);
  drawProgress();
  try {
    return await step();
  } finally {
    clearTimeout(slow);
    clearProgress();
    progressLine = "";
  }
}

function drawProgress(): void {
  if (progressLine !== "") process.stderr.write(paint("dim", progressLine, process.stderr));
}

function clearProgress(): void {
  if (progressLine !== "") process.stderr.write("\r\u001b[2K");
}

/** Ends quietly when the reader of our output went away, as with `| head`. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
}
