import { z } from "zod";

/** A field with bytes as Base64 text; whoever read a large body has decoded it already. */
export const base64 = z.union([z.string(), z.instanceof(Uint8Array)]);

const SPACES = [" ", "\n", "\r", "\t"];
/** Padding that a line was broken in is no longer than this. */
const LINE_END = 4;

/** The bytes behind Base64 text, which may be broken into lines; undefined when it is none. */
export function decodeBase64(text: string | Uint8Array): Buffer | undefined {
  if (typeof text !== "string") return Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const file = Buffer.from(text, "base64");
  const end = text.trimEnd().slice(-LINE_END).replaceAll(/\s/g, "");
  const padding = end.endsWith("==") ? 2 : Number(end.endsWith("="));
  const length = text.length - spacesIn(text) - padding;
  // Node drops what is not Base64, so the length tells; no bytes make one character beyond a group of four.
  return length % 4 !== 1 && file.length === Math.floor((length * 3) / 4) ? file : undefined;
}

function spacesIn(text: string): number {
  // A search for one character takes a hundredth of the time of looking at all, in text of many megabytes.
  if (!SPACES.some((space) => text.includes(space))) return 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) if (isSpace(text.charCodeAt(at))) count++;
  return count;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
