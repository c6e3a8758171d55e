import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const TEST = fileURLToPath(new URL("..", import.meta.url));

/**
 * What invocation (C), scaling (F) and limits (K) promise, and the tests that fail without it, as `file: words of its
 * title`. The letters are those of the list of features.
 */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  "C1 synchronous calls wait for the answer, for 900 s at most, with 6 MB each way": [
    "gateway/invoke.test.ts: v0: the bare result",
    "gateway/invoke.test.ts: 6 MB pass, one byte more does not",
    "gateway/reserved-first.test.ts: a synchronous caller waits for so long",
    "gateway/http-trigger.test.ts: the trigger's own timeout answers 504",
    "platform/ways-to-fail.ts: returns too much",
    "gateway/invoke.test.ts: v1: result as a string",
    "gateway/call-limits.test.ts: when nothing is set a caller waits for 900 s, and a call runs for 72 h",
    "gateway/call-limits.test.ts: an event over 6 MB is refused though its length was not said",
    "gateway/http-trigger.test.ts: a body whose event is over 6 MB is refused",
    "web/streams.test.ts: a large response is whole; one beyond 6 MB is refused",
    "web/streams.test.ts: a request beyond 6 MB is refused",
    "web/custom.test.ts: results are bytes as they are, up to 6 MB",
    "link/calls.test.ts: too-large",
    "components/cross-checks.test.ts: that callers behind a gateway never see",
    "pulumi/policy.test.ts: fails a preview that breaks every rule",
  ],
  "C2 asynchronous calls are on the disk before they are answered, and may run for long": [
    "gateway/invoke.test.ts: %s: durable before 202, then run",
    "gateway/invoke.test.ts: over 256 KB",
    "gateway/reserved-first.test.ts: an asynchronous call has all the time of its function",
    "platform/crash.test.ts: kill -9 during a thousand accepted requests loses none",
    "gateway/acceptance.test.ts: hear of it once the disk has it",
    "gateway/invoke.test.ts: that is not JSON",
    "gateway/call-limits.test.ts: an asynchronous event has 256 KB at most",
    "gateway/call-limits.test.ts: when nothing is set a caller waits for 900 s, and a call runs for 72 h",
    "gateway/cancel.test.ts: HTTP functions take no asynchronous calls",
    "triggers/async-queue.test.ts: a request counts as accepted once the disk has it",
    "triggers/async-queue.test.ts: what it cannot wait for runs again after the next start",
  ],
  "C3 asynchronous calls are tried again, grow old, have destinations, and stop in circles": [
    "triggers/async-queue.test.ts: a failure is tried again once by default",
    "api/events-async.test.ts: settings for asynchronous calls fail out of range",
    "triggers/async-queue.test.ts: a request older than its maximum age is not run",
    "platform/async-requests.test.ts: destinations are told how requests ended",
    "triggers/destinations.test.ts: destinations that lead in a circle are stopped",
    "triggers/async-queue.test.ts: the function's own number of retries counts",
    "triggers/run-rules.test.ts: without settings it is one retry within an hour",
    "triggers/run-rules.test.ts: each retry waits four times as long as the one before",
    "triggers/run-rules.test.ts: what would be tried again beyond its age has failed; what had no room",
    "api/limits.test.ts: retries",
    "api/limits.test.ts: the age of asynchronous requests",
    "triggers/notification.test.ts: is told as %j with status %i",
    "triggers/notification.test.ts: the destination of failures hears of those that grew too old, and of none that is tried again",
    "triggers/destinations.test.ts: a bucket of the data folder gets one object a request",
    "triggers/destinations.test.ts: a topic tells every subscriber",
    "api/observation.test.ts: destinations are checked, and a circle of them is kept with a warning",
    "components/cross-checks.test.ts: that lead in a circle, once, whoever closes it",
  ],
  "C4 a function past its time is stopped by force": [
    "platform/ways-to-fail.ts: runs past its time",
    "model/limits.test.ts: a run may take",
    "scheduler/embedded.test.ts: a call past its time ends the instance at once",
    "gateway/flow.test.ts: one call that hangs among many is ended",
    "model/function.test.ts: gets the service's defaults",
    "model/function.test.ts: timeoutSeconds FSS.1008",
    "api/limits.test.ts: the time of a call",
    "scheduler/process.test.ts: a call that computes for ever is ended",
    "gateway/call-limits.test.ts: when nothing is set a caller waits for 900 s, and a call runs for 72 h",
  ],
  "C5 memory sizes come from the list, with CPU in proportion": [
    "model/function.test.ts: %i MB is a memory size",
    "model/limits.test.ts: with CPU in proportion",
    "scheduler/embedded.test.ts: tells the instance all about its function",
    "model/function.test.ts: memoryMb FSS.1007",
    "api/limits.test.ts: memory",
    "drivers/sandbox-stock.test.ts: have all processors while code is loaded, then the function's share",
    "drivers/docker-isolation.test.ts: has the share of processors that it was claimed with",
    "scheduler/process.test.ts: a call that eats memory fails with the guide's words",
    "drivers/contract.ts: the memory limit ends an instance and is told from other ends",
  ],
  "C6 dynamic memory: FSS.0406, instances of each size for itself": [
    "gateway/invoke.test.ts: dynamic memory",
    "gateway/dynamic-memory.test.ts: each size has instances of its own",
    "gateway/dynamic-memory.test.ts: at the function's maximum an instance of another size",
    "gateway/dynamic-memory.test.ts: at the function's maximum busy sizes take turns",
    "gateway/invoke.test.ts: dynamic memory of asynchronous requests",
  ],
  "C7 the answer has result, log tail and summary": [
    "gateway/invoke.test.ts: v0: the bare result, and every header",
    "gateway/invoke.test.ts: the log tail is bounded",
    "model/limits.test.ts: the log tail",
    "gateway/invoke.test.ts: v1: result as a string, log as plain text",
    "gateway/invoke.test.ts: a function that fails by %s is 200 with its inner code",
    "telemetry/recorder.test.ts: the tail keeps the newest whole lines within its bytes",
  ],
  "C8 test events": [
    "api/events-async.test.ts: test events are made",
    "api/events-async.test.ts: test events fail on a taken name, content that is no JSON, and beyond ten",
    "model/test-event.test.ts: content FSS.1069",
    "api/limits.test.ts: test events",
    "model/event-templates.test.ts: every type of trigger has a sample event",
    "model/event-templates.test.ts: what the platform sends has the members of its sample",
    "platform/test-events.test.ts: a function is tried with an event that was saved with it",
  ],
  "C9 failures are told apart, memory and disk among them": [
    "platform/failures.test.ts: a function that $name",
    "platform/ways-to-fail.ts: fails to load",
    "platform/ways-to-fail.ts: fails to initialize",
    "platform/ways-to-fail.ts: raises",
    "platform/ways-to-fail.ts: takes more memory than it has",
    "platform/ways-to-fail.ts: fills /tmp",
    "scheduler/process.test.ts: a call that eats memory fails with the guide's words",
    "scheduler/process.test.ts: an instance that ends with its /tmp full failed for its disk",
    "gateway/system-failure.test.ts: what the platform itself fails at is told from failures of functions",
  ],
  "F1 instances come on demand and go after a minute; failed ones are replaced": [
    "gateway/flow.test.ts: busy instances bring more instances",
    "gateway/flow.test.ts: idle instances are given back",
    "platform/failures.test.ts: the same function answers after each failure",
    "scheduler/embedded.test.ts: takes another instance when one cannot be claimed",
  ],
  "F2 many calls to one instance, a maximum of instances, 429 FSS.0429 beyond": [
    "gateway/flow.test.ts: logs of calls that run together in one instance keep apart",
    "scheduler/embedded.test.ts: never has more instances of a function than it may",
    "model/limits.test.ts: instances of a function",
    "scheduler/embedded.test.ts: refuses a disabled function and lifts the limit at -1",
    "gateway/flow.test.ts: a full queue is 429 FSS.0429",
    "gateway/flow.test.ts: a call that waits too long for a busy instance is 429",
    "gateway/flow.test.ts: calls to one instance run one at a time, in the order they came",
  ],
  "K1 the account's executions are limited and shared fairly; nine tenths may be reserved": [
    "gateway/flow.test.ts: the account's concurrent executions are a limit over all functions",
    "model/limits.test.ts: functions, versions, aliases, code",
    "gateway/fairness.test.ts: a busy function takes all of them when it is alone",
    "gateway/fairness.test.ts: calls of a busy function that never end keep no other from its first",
    "gateway/fairness.test.ts: waiting functions take turns",
    "gateway/fairness.test.ts: one function that wants forty instances",
    "gateway/fairness.test.ts: the last warm instance is left to a function that has none",
    "api/observation.test.ts: reserved instances fail beyond the project's share, on an alias and its version",
    "gateway/call-limits.test.ts: an account has 100 calls at instances, of all functions together",
    "api/limits.test.ts: reserved instances of a policy",
    "api/limits.test.ts: what other projects have counts for nobody else",
  ],
  "F1 sick instances are ended": [
    "scheduler/heartbeat.test.ts: six questions without an answer end the instance",
    "scheduler/heartbeat.test.ts: the answer that the code is not well ends the instance at once",
  ],
  "F3 reserved instances are loaded and initialized, go first, and overflow": [
    "platform/reserved-instances.test.ts: reserved instances are there before a call",
    "gateway/reserved-first.test.ts: calls go to reserved instances first",
    "scheduler/reserved.test.ts: are kept loaded, go first, are replaced when they die",
    "scheduler/rollover.test.ts: without room a reservation takes over",
  ],
  "F3 a change is rolled over": [
    "platform/reserved-instances.test.ts: a change of the code is rolled over",
    "scheduler/rollover.test.ts: the old revision stays and serves until all of the new one are ready",
    "scheduler/rollover.test.ts: at the function's maximum they are replaced one by one",
    "scheduler/rollover.test.ts: a new revision that cannot be loaded takes over all the same",
  ],
  "F4 timed policies hold by the clock, over restarts, jumps and summer time": [
    "scheduler/reservation-keeper.test.ts: a policy holds while its window is open",
    "scheduler/reservation-keeper.test.ts: clocks that jump",
    "scheduler/reservation-keeper.test.ts: what holds does not depend on when the platform was started",
    "scheduler/reservation-keeper.test.ts: policies are read in UTC",
    "model/reserved-instances.test.ts: of several policies the one that fired last holds",
    "model/reserved-instances.test.ts: policies[1].count FSS.1076",
  ],
  "F5 idle mode": [
    "scheduler/idle-mode.test.ts: an instance that nothing calls stands still",
    "scheduler/idle-mode.test.ts: it is not paused while a call runs",
    "scheduler/idle-mode.test.ts: the heartbeat does not hold a pause against it",
    "scheduler/idle-mode-docker.test.ts: an instance that nothing calls is paused, and a call wakes it",
    "platform/reserved-instances.test.ts: in idle mode reserved instances are paused",
  ],
  "F3 versions and aliases change under load without a failed request": [
    "gateway/versions.test.ts: an alias that moves under load drops no request",
    "gateway/versions.test.ts: stays with its version to the end",
    "gateway/versions.test.ts: weights hold within statistics",
    "gateway/flow.test.ts: a new revision under load takes over without a failed request",
  ],
  "F1 instances are ready before regular callers": [
    "gateway/warmth.test.ts: lanes follow: one is ready for who is likely",
    "platform/warm-starts.test.ts: a timer's function is ready before it fires",
    "platform/warm-starts.test.ts: after a restart a regular caller finds an instance",
    "gateway/warmth.test.ts: over a day of calls it removes most cold starts",
  ],
  "K2 each limit of the service is refused with its code": [
    "api/functions.test.ts: fails beyond the limits of the project, and says the limit",
    "api/functions.test.ts: an archive of 51 MB is refused",
    "api/versions-aliases.test.ts: publishing fails on a taken name, nothing changed, another digest, latest, and beyond ten",
    "api/versions-aliases.test.ts: FSS.1043",
    "platform/limits.test.ts: control plane and gateway keep to the file",
    "api/limits.test.ts: what is beyond the limit has its code, and a sentence with the limit",
    "api/limits.test.ts: what is just within the limits is taken",
    "api/limits.test.ts: of two that create the last function at the same time",
    "gateway/call-limits.test.ts: and the sentence names the limit",
    "api/export-import.test.ts: fails to import what is no export",
    "packaging/archive.test.ts: fails on an archive over 50 MB before reading it",
    "packaging/pack.test.ts: fails on names that end in ~ and on more than 30,000 files",
    "packaging/pack.test.ts: fails when the archive grows over 50 MB",
    "drivers/isolation.test.ts: opens 1024 descriptors at most",
    "drivers/isolation.test.ts: gets ENOSPC when its /tmp holds 512 MB",
    "drivers/isolation.test.ts: starts 1024 processes at most",
    "api/dependencies.test.ts: fails beyond the total of code, which dependencies are part of",
    "api/dependencies.test.ts: fails on too many, unknown and foreign-language dependencies",
  ],
};

test("every row of the list is there", () => {
  const rows = new Set(Object.keys(FEATURES).map((feature) => feature.slice(0, 2)));
  expect([...rows].sort().join(" ")).toBe("C1 C2 C3 C4 C5 C6 C7 C8 C9 F1 F2 F3 F4 F5 K1 K2");
});

describe.each(Object.entries(FEATURES))("%s", (_feature, tests) => {
  test.each(tests)("has the test %s", (name) => {
    const [file = "", title = ""] = name.split(/: (.*)/);
    expect(existsSync(TEST + file)).toBe(true);
    expect(readFileSync(TEST + file, "utf8")).toContain(title);
  });
});
