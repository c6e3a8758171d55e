import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Expected } from "./expectations.ts";

/** What came back from one call. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Body of the answer; for an invocation the result as the function wrote it. */
  readonly body: Buffer;
  readonly failed: boolean;
  /** Log of the call, as far as it is known. */
  readonly log: string;
}

/** In what an answer differs from the expected one; empty when it is right. */
export function differences(answer: Answer, expected: Expected): string[] {
  const text = answer.body.toString("utf8");
  return [
    ...differing("status", answer.status, expected.status),
    ...Object.entries(expected.headers ?? {}).flatMap(([name, value]) =>
      differing(name, answer.headers[name.toLowerCase()], value),
    ),
    ...(expected.sha256 === undefined
      ? []
      : differing(
          "SHA-256 of the body",
          createHash("sha256").update(answer.body).digest("hex"),
          expected.sha256,
        )),
    ...tooSmall(answer.body.length, expected.minBytes),
    ...lacking("the body", text, expected.bodyContains),
    ...("result" in expected ? differing("result", parse(text), expected.result) : []),
    ...lacking("the result", text, expected.resultContains),
    ...differing(
      "failed",
      answer.failed,
      expected.failed ?? (expected.status === undefined ? false : undefined),
    ),
    ...lacking("the log", answer.log, expected.logContains),
  ];
}

function differing(what: string, given: unknown, wanted: unknown): string[] {
  if (wanted === undefined || isDeepStrictEqual(given, wanted)) return [];
  return [`${what} is ${shorten(given)}, expected ${shorten(wanted)}`];
}

function tooSmall(bytes: number, wanted: number | undefined): string[] {
  return wanted === undefined || bytes >= wanted
    ? []
    : [`the body has ${bytes} bytes, expected at least ${wanted}`];
}

function lacking(where: string, text: string, wanted: string | undefined): string[] {
  return wanted === undefined || text.includes(wanted)
    ? []
    : [`${where} lacks ${JSON.stringify(wanted)}: ${shorten(text)}`];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}
