import type { z } from "zod";
import type { Fault } from "../fault.ts";

/**
 * Reads a JSON body by its schema, or says all that is wrong with its shape.
 * `codes` names the FunctionGraph code of single fields; the rest are FSS.0400.
 */
export function readBody<T>(
  schema: z.ZodType<T>,
  body: unknown,
  codes: Readonly<Record<string, string>> = {},
): T | Fault[] {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  return read.error.issues.map((issue) => ({
    property: issue.path.length === 0 ? "body" : issue.path.map(String).join("."),
    rule: issue.message.replace(/^Invalid input: /, ""),
    fix: "Send the field as the API has it, or leave it out where it is optional.",
    code: codes[String(issue.path[0])] ?? "FSS.0400",
  }));
}

/** `2026-11-21T18:03:24Z`: the one form that every client of the API reads. */
export function formatApiTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** Epoch milliseconds of any form the API has been seen to answer; 0 when it is none. */
export function parseApiTime(text: string): number {
  const at = Date.parse(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) ? `${text.replace(" ", "T")}Z` : text);
  return Number.isNaN(at) ? 0 : at;
}
