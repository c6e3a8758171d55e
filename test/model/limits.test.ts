import { expect, test } from "vitest";
import { cpuMillicores, LIMITS } from "../../model/limits.ts";

// The numbers of the guide (1.6 and where it names them), once more: whoever changes one should mean it.
const MB = 1024 * 1024;

test("functions, versions, aliases, code and executions of an account are as many as the guide says", () => {
  expect(LIMITS).toMatchObject({
    functions: 400,
    versionsPerFunction: 10,
    aliasesPerFunction: 10,
    testEventsPerFunction: 10,
    totalCodeBytes: 10 * 1024 * MB,
    concurrentExecutions: 100,
    reservedShare: 0.9,
  });
});

test("requests, responses and code are as large as the guide says", () => {
  const { requestBytes, responseBytes, asyncRequestBytes, zipBytes, linkedZipBytes, unpackedBytes } = LIMITS;
  expect([requestBytes, responseBytes, asyncRequestBytes]).toEqual([6 * MB, 6 * MB, MB / 4]);
  expect([zipBytes, linkedZipBytes, unpackedBytes]).toEqual([50 * MB, 300 * MB, 1500 * MB]);
});

test("a run may take from 3 s to 72 h, 3 s when nothing is said, and a synchronous caller waits 15 minutes", () => {
  expect(LIMITS.timeoutSeconds).toEqual({ min: 3, max: 72 * 3600, default: 3 });
  expect(LIMITS.synchronousSeconds).toBe(900);
});

test("instances of a function and calls to one are bounded as the guide says", () => {
  expect(LIMITS.maxInstances).toEqual({ min: -1, max: 1000, default: 400 });
  expect(LIMITS.concurrencyPerInstance).toEqual({ min: 1, max: 1000, default: 1 });
  expect(LIMITS.idleSeconds).toBe(60);
});

test("of calls to one version a thousand may wait, for half a minute", () => {
  expect([LIMITS.queueLength, LIMITS.queueSeconds]).toEqual([1000, 30]);
});

test("the log tail of an answer has 2 KB", () => {
  expect(LIMITS.logTailBytes).toBe(2048);
});

test("memory sizes are those of the guide and what the API adds, with CPU in proportion", () => {
  expect(LIMITS.memorySizesMb.map((size) => [size, cpuMillicores(size)])).toEqual([
    [128, 300],
    [256, 400],
    [512, 600],
    [768, 800],
    [1024, 1000],
    [1280, 1200],
    [1536, 1400],
    [1792, 1600],
    [2048, 1800],
    [2560, 2200],
    [3072, 2600],
    [3584, 3000],
    [4096, 3400],
    [8192, 6600],
    [10240, 8200],
  ]);
});
