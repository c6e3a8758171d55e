import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Link } from "../../platform/link/link.ts";
import { hasCode } from "./cases.ts";
import { bareEnvironment, loadMessage, RecordedCall, startInstance } from "./instance.ts";
import { subjectsHere } from "./languages/index.ts";

/** Programs of the function's own see nothing of how the platform is reached. */
const subjects = (await subjectsHere()).filter(({ language }) => hasCode("busy", language.family));

describe.each(subjects)("$title", ({ language, subject }) => {
  test.each(["unix", "tcp"])("reaches its platform by %s", async (transport) => {
    const folder = await mkdtemp(join(tmpdir(), "fungraph-transport-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, "code"));
    await language.putCode("echo", join(folder, "code"));
    const server = createServer();
    onTestFinished(() => void server.close());
    if (transport === "unix") server.listen(join(folder, "link"));
    else server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address =
      transport === "unix"
        ? `unix:${join(folder, "link")}`
        : `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(subject.command, subject.args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...bareEnvironment(subject), FUNGRAPH_LINK: address, FUNGRAPH_TOKEN: "one-time" },
    });
    const exited = once(child, "exit");
    const [socket] = (await once(server, "connection")) as [Socket];
    const link = new Link(socket, "one-time");
    await link.hello(10_000);
    await link.load(
      loadMessage(join(folder, "code"), { handler: language.handler("index.handler") }),
      10_000,
    );
    const large = JSON.stringify("é".repeat(2_000_000));
    const call = new RecordedCall(large);
    link.invoke(call);
    expect((await call.ended).text).toBe(JSON.parse(large));
    link.close();
    expect((await exited)[0]).toBe(0);
  });

  test("answers a heartbeat, generic and loaded", async () => {
    await using instance = await startInstance(language, subject, "echo");
    await instance.link.heartbeat(10_000);
    await instance.load();
    await instance.link.heartbeat(10_000);
    expect((await instance.invoke("1")).text).toBe("1");
  });

  test("a generic instance stops too", async () => {
    await using instance = await startInstance(language, subject);
    await instance.link.stop(10_000);
    expect(await instance.exited).toBe(0);
  });

  test("a finished result does not wait for the next, long handler", async () => {
    await using instance = await startInstance(language, subject, "busy");
    await instance.load();
    // It learns from the first that handlers are long.
    await instance.invoke("5");
    const short = instance.invoke("5");
    let longEnded = false;
    const long = instance.invoke("400").then(() => (longEnded = true));
    await short;
    expect(longEnded).toBe(false);
    await long;
  });

  test("results come in the order of the requests when one runs at a time", async () => {
    await using instance = await startInstance(language, subject, "echo");
    await instance.load();
    const order: string[] = [];
    const calls = Array.from({ length: 500 }, (_, i) =>
      instance.invoke(String(i)).then((end) => order.push(end.text)),
    );
    await Promise.all(calls);
    expect(order).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
  });

  test("says what it is for when started by hand", async () => {
    const child = spawn(subject.command, subject.args, {
      stdio: ["ignore", "ignore", "pipe"],
      env: bareEnvironment(subject),
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = await once(child, "close");
    expect(code).toBe(64);
    expect(said).toContain("FUNGRAPH_LINK is missing");
  });
});
