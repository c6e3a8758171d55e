import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import type { DriverInstance } from "../../platform/drivers/driver.ts";
import { connected } from "../../platform/drivers/machine/door.ts";
import { Peer } from "../../platform/drivers/remote/peer.ts";
import { LineHost } from "../../platform/drivers/remote/line-host.ts";
import { Bench, invoke, target, until } from "../scheduler/fixtures.ts";
import { remoteSubject, SchedulerProcess, type Kind, type RemoteSubject } from "./remote-subject.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

// Each test starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const RUNTIME = "Node.js20.15";
/** Where a sandbox has Node. */
const BOOTSTRAP = `#!/bin/sh
exec /opt/function/runtime/nodejs20.15/rtsp/nodejs/bin/node "$(dirname "$0")/index.js"
`;

async function withSchedulers(
  kind: Kind,
  use: (subject: RemoteSubject, first: SchedulerProcess, second: SchedulerProcess) => Promise<void>,
): Promise<void> {
  const [first, second] = [await SchedulerProcess.start(kind), await SchedulerProcess.start(kind)];
  const subject = await remoteSubject(kind, [first, second]);
  try {
    await until(() => subject.driver.connected === 2, "both are there");
    await use(subject, first, second);
  } finally {
    await subject.driver.close();
    await Promise.all([first.kill(), second.kill()]);
    subject.remove();
  }
}

test("instances of a scheduler that is killed are lost, those of the other live, and starts go there", () =>
  withSchedulers("fake", async ({ driver }, first) => {
    const created = await Promise.all(
      ["a", "b", "c", "d"].map((id) => driver.create({ id, runtime: RUNTIME })),
    );
    const ended = new Set<DriverInstance>();
    for (const one of created) void one.exited.then(() => ended.add(one));
    await first.kill();
    await until(() => ended.size === 2, "half of them are lost");
    for (const one of ended) expect((await one.exited).lost).toMatch(/scheduler/);
    const later = await driver.create({ id: "e", runtime: RUNTIME });
    expect((await later.usage()).memoryBytes).toBeGreaterThan(0);
    expect(ended.size).toBe(2);
  }));

test("a start that was asked of a scheduler which ends before it answers is asked of the other", () =>
  withSchedulers("fake", async ({ driver }, first, second) => {
    // They stand still, as on a machine that is about to go.
    for (const one of [first, second]) one.child.kill("SIGSTOP");
    const starts = ["a", "b"].map((id) => driver.create({ id, runtime: RUNTIME }));
    await first.kill();
    second.child.kill("SIGCONT");
    for (const start of starts) expect((await start).token).not.toBe("");
  }));

test(
  "without a scheduler a start waits for one and then is refused with what to do",
  () =>
    withSchedulers("fake", async ({ driver }, first, second) => {
      await Promise.all([first.kill(), second.kill()]);
      driver.follow([]);
      const third = await SchedulerProcess.start("fake");
      const start = driver.create({ id: "a", runtime: RUNTIME });
      driver.follow([third.path]);
      expect((await start).token).not.toBe("");
      await third.kill();
      const hurried = driver.create({ id: "b", runtime: RUNTIME });
      driver.follow([]);
      await expect(hurried).rejects.toThrow(/fungraph platform start --role scheduler/);
    }),
  90_000,
);

test(
  "a call at an instance whose scheduler is killed fails as the platform's doing; the next is served by the other",
  () =>
    withSchedulers("auto", async (subject, first, second) => {
      await using bench = new Bench(subject.driver);
      const codeDir = subject.code("a", OPEN_DOOR);
      const [one, other] = [
        await bench.scheduler.acquire(target({ codeDir, timeoutSeconds: 20 })),
        await bench.scheduler.acquire(target({ codeDir, timeoutSeconds: 20 })),
      ];
      const slow = JSON.stringify({ js: "await new Promise((done) => setTimeout(done, 15000))" });
      const answers = [one, other].map((lease) => invoke(lease, slow, 20_000));
      await until(() => [one, other].every((lease) => lease.link.inFlight === 1), "both run");
      await first.kill();
      const failed = await Promise.race(answers);
      expect(failed).toMatchObject({ failure: "system" });
      const next = await bench.scheduler.acquire(target({ codeDir }));
      expect(await invoke(next, JSON.stringify({ js: "return 6 * 7" }))).toMatchObject({ text: "42" });
      expect((await second.leftovers()).length).toBeGreaterThan(0);
    }),
  90_000,
);

test(
  "HTTP functions are reached straight, each by its own way, without the scheduler",
  () =>
    withSchedulers("auto", async (subject, first, second) => {
      if (!subject.driver.capabilities.limitsMemory) return;
      const tenants = await Promise.all(
        ["one", "two", "three"].map(async (name) => {
          const codeDir = subject.code(name, serverOf(name));
          writeFileSync(join(codeDir, "bootstrap"), BOOTSTRAP, { mode: 0o755 });
          return (await Tenant.start(subject.driver, "http")).claim(codeDir);
        }),
      );
      const answers = (): Promise<string[]> => Promise.all(tenants.map(({ instance }) => get(instance)));
      expect(await answers()).toEqual(["one", "two", "three"]);
      for (const one of [first, second]) one.child.kill("SIGSTOP");
      expect(await answers()).toEqual(["one", "two", "three"]);
      for (const one of [first, second]) one.child.kill("SIGCONT");
      await Promise.all(tenants.map((tenant) => tenant[Symbol.asyncDispose]()));
      await expect(get(tenants[0]?.instance)).rejects.toThrow();
    }),
  90_000,
);

test(
  "a gateway that is gone takes its instances along",
  () =>
    withSchedulers("auto", async (subject, first) => {
      const path = join(subject.folder, "lines");
      const lines = await LineHost.open(path);
      const peer = new Peer(await connected(connect(first.path)), {
        written: () => undefined,
        exited: () => undefined,
        retire: () => undefined,
      });
      await peer.ask("greet", { lines: path, codeRoot: join(subject.folder, "code") });
      const before = (await first.leftovers()).length;
      const { line } = await peer.ask<{ line: string }>("create", { id: "a", runtime: RUNTIME });
      const stream = await lines.take(line);
      const over = new Promise((resolve) => stream.resume().once("close", resolve));
      peer.close();
      await over;
      await vi.waitFor(async () => expect((await first.leftovers()).length).toBeLessThan(before), 10_000);
      await lines.close();
    }),
  90_000,
);

function serverOf(name: string): string {
  return `require("http").createServer((_, to) => to.end("${name}")).listen(8000);`;
}

/** One request on a connection of its own; the body of the answer. */
async function get(instance: DriverInstance | undefined): Promise<string> {
  const socket = await instance?.connect();
  if (socket === undefined) throw new Error("there is no instance");
  socket.write("GET / HTTP/1.0\r\n\r\n");
  return (await text(socket)).split("\r\n\r\n")[1] ?? "";
}
