import { expect } from "vitest";
import type { RuntimeFailure } from "../../platform/link/runtime-failure.ts";
import type { ContractCase, ExpectedCall, ExpectedError } from "./cases.ts";
import { RecordedCall, startInstance, type Ended, type TestInstance } from "./instance.ts";
import type { Language, Subject } from "./languages/language.ts";

/** Runs one case of the contract over a fresh instance and checks all that it says. */
export async function runCase(language: Language, subject: Subject, one: ContractCase): Promise<void> {
  await using instance = await startInstance(language, subject, one.id);
  if (await started(instance, one)) await runCalls(instance, one);
  await afterwards(instance, one);
}

/** LOAD and INIT; false when the case ends there. */
async function started(instance: TestInstance, one: ContractCase): Promise<boolean> {
  const loading = instance.load(one.load);
  if (one.expect?.load !== undefined) {
    expectError((await failureOf(loading, "load")).body, one.expect.load);
    return false;
  }
  await loading;
  if (one.load?.initializer === undefined) return true;
  const initializing = instance.link.init(one.load.initializer.timeoutSeconds * 1000);
  if (one.expect?.init !== undefined) {
    const failure = await initializing.catch((error: RuntimeFailure) => error);
    expect(failure).toMatchObject({ kind: expect.stringMatching(/^init(-timeout)?$/) as string });
    if (failure !== undefined) expectError(failure.body, one.expect.init);
    return false;
  }
  await initializing;
  return true;
}

async function failureOf(waiting: Promise<void>, kind: string): Promise<RuntimeFailure> {
  const failure = await waiting.catch((error: RuntimeFailure) => error);
  expect(failure).toMatchObject({ kind });
  return failure as RuntimeFailure;
}

async function runCalls(instance: TestInstance, one: ContractCase): Promise<void> {
  const planned = one.calls ?? [{ event: one.event, expect: one.expect ?? {} }];
  const running: { call: RecordedCall; expected: ExpectedCall }[] = [];
  for (const { event, expect: expected } of planned) {
    const call = new RecordedCall(eventOf(one, event), one.timeoutMs, one.meta);
    if (one.overAfterLines !== undefined) call.overAfter(one.overAfterLines);
    instance.link.invoke(call);
    running.push({ call, expected });
    if (one.closeLink === true) setTimeout(() => instance.link.close(), 100);
    if (one.stop?.whileRunning === true) break;
    if (one.together !== true) await call.ended;
  }
  if (one.stop !== undefined) {
    await instance.link.stop(one.stop.graceMs);
    expect(await instance.exited).toBe(one.stop.exit);
  }
  for (const { call, expected } of running) expectEnd(await call.ended, expected, call.requestId);
}

function eventOf(one: ContractCase, event: unknown): string {
  if (one.eventText !== undefined) return one.eventText;
  if (one.eventOfBytes !== undefined) return JSON.stringify("x".repeat(one.eventOfBytes - 2));
  return JSON.stringify(event === undefined ? {} : event);
}

function expectEnd(end: Ended, expected: ExpectedCall, id: string): void {
  const filled = (text: string): string => text.replaceAll("{id}", id);
  expect({ kind: end.kind, text: end.kind === "ok" ? "" : end.text }).toMatchObject({
    kind: expected.kind ?? "ok",
  });
  if (expected.text !== undefined) expect(end.text).toBe(filled(expected.text));
  if (expected.textMatches !== undefined) expect(end.text).toMatch(new RegExp(expected.textMatches));
  if (expected.bytes !== undefined) expect(Buffer.byteLength(end.text)).toBe(expected.bytes);
  if (expected.json !== undefined)
    expect(JSON.parse(end.text)).toEqual(JSON.parse(filled(JSON.stringify(expected.json))));
  if (expected.error !== undefined) expectError(Buffer.from(end.text), expected.error);
  if (expected.logs !== undefined) expectLines(end.logs, expected.logs.map(filled));
  if (expected.levels !== undefined) expect(end.levels).toEqual(expected.levels);
  if (expected.lastLog !== undefined) expect(end.logs.at(-1)).toMatch(new RegExp(expected.lastLog));
  if (expected.logBytesAtMost !== undefined)
    expect(Buffer.byteLength(end.logs.join(""))).toBeLessThanOrEqual(expected.logBytesAtMost);
  expect(end.kind === "ok" ? end.memoryKib : 1).toBeGreaterThan(0);
}

function expectError(body: Buffer, expected: ExpectedError): void {
  const error = JSON.parse(body.toString()) as {
    errorMessage: string;
    errorType: string;
    stackTrace: string[];
  };
  expect(Object.keys(error)).toEqual(["errorMessage", "errorType", "stackTrace"]);
  const [wanted = "", ...others] = [expected.errorMessage ?? ""].flat();
  const said = others.find((other) => error.errorMessage.includes(other)) ?? wanted;
  expect(error.errorMessage).toContain(said);
  if (expected.errorType !== undefined) expect([expected.errorType].flat()).toContain(error.errorType);
  let from = 0;
  for (const pattern of expected.stackTrace ?? []) {
    const at = error.stackTrace.findIndex((line, i) => i >= from && new RegExp(pattern).test(line));
    expect({ pattern, at, in: error.stackTrace }).not.toMatchObject({ at: -1 });
    from = at + 1;
  }
}

function expectLines(lines: readonly string[], patterns: readonly string[]): void {
  expect(lines.map((line, i) => new RegExp(patterns[i] ?? "^(?!)").test(line) || line)).toEqual(
    patterns.map(() => true),
  );
}

async function afterwards(instance: TestInstance, one: ContractCase): Promise<void> {
  const instanceLogs = one.instanceLogs ?? one.expect?.instanceLogs;
  if (instanceLogs !== undefined) {
    await expect.poll(() => instance.instanceLogs.length).toBeGreaterThanOrEqual(instanceLogs.length);
    expectLines(instance.instanceLogs, instanceLogs);
  }
  if (one.expect?.rawOutput !== undefined)
    await expect.poll(() => instance.rawOutput).toContain(one.expect.rawOutput);
  if (one.expect?.exit !== undefined) expect(await instance.exited).toBe(one.expect.exit);
  if (one.closeLink === true) expect(await instance.exited).toBe(0);
}
