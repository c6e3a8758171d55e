import { styleText } from "node:util";

type Tone = "bold" | "dim" | "green" | "red" | "yellow" | "cyan";

/** Colours a text, but only where the stream is a terminal; NO_COLOR and FORCE_COLOR have the last word. */
export function paint(tone: Tone, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(tone, text, { stream });
}
