import type { Reply } from "./operation.ts";

/** The reply with sentences for the caller in its Warning header, as RFC 7234 writes them; every character beyond ASCII is escaped as in JSON. */
export function warned(reply: Reply, sentences: readonly string[]): Reply {
  if (sentences.length === 0) return reply;
  const Warning = sentences.map((one) => `299 - ${asciiText(one)}`).join(", ");
  return { ...reply, headers: { ...reply.headers, Warning } };
}

function asciiText(sentence: string): string {
  return JSON.stringify(sentence).replaceAll(/[^ -~]/g, escaped);
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
