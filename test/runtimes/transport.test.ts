import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Link } from "../../platform/link/link.ts";
import type { Family } from "./cases.ts";
import { loadMessage, RecordedCall, startInstance } from "./instance.ts";
import { findInterpreters } from "./interpreters.ts";

const ECHO: Record<Family, Record<string, string>> = {
  nodejs: { "index.js": "exports.handler = async (event, context) => event;\n" },
  python: { "index.py": "def handler(event, context):\n    return event\n" },
};
/** Computes for as many milliseconds as the event says. */
const BUSY: Record<Family, Record<string, string>> = {
  nodejs: {
    "index.js":
      "exports.handler = (e, c, done) => { const t = Date.now(); while (Date.now() - t < e); done(null); };\n",
  },
  python: {
    "index.py":
      "import time\n\ndef handler(event, context):\n    end = time.time() + event / 1000.0\n    while time.time() < end:\n        pass\n",
  },
};

describe.each(findInterpreters().found)("$title", ({ family, interpreter }) => {
  test.each(["unix", "tcp"])("reaches its platform by %s", async (transport) => {
    const folder = await mkdtemp(join(tmpdir(), "fungraph-transport-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, "code"));
    for (const [name, text] of Object.entries(ECHO[family]))
      await writeFile(join(folder, "code", name), text);
    const server = createServer();
    onTestFinished(() => void server.close());
    if (transport === "unix") server.listen(join(folder, "link"));
    else server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address =
      transport === "unix"
        ? `unix:${join(folder, "link")}`
        : `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`;
    const child = spawn(interpreter.command, [interpreter.bootstrap], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { FUNGRAPH_LINK: address, FUNGRAPH_TOKEN: "one-time", PYTHONDONTWRITEBYTECODE: "1" },
    });
    const exited = once(child, "exit");
    const [socket] = (await once(server, "connection")) as [Socket];
    const link = new Link(socket, "one-time");
    await link.hello(10_000);
    await link.load(loadMessage(join(folder, "code")), 10_000);
    const large = JSON.stringify("é".repeat(2_000_000));
    const call = new RecordedCall(large);
    link.invoke(call);
    expect((await call.ended).text).toBe(JSON.parse(large));
    link.close();
    expect((await exited)[0]).toBe(0);
  });

  test("answers a heartbeat, generic and loaded", async () => {
    await using instance = await startInstance(interpreter, ECHO[family]);
    await instance.link.heartbeat(10_000);
    await instance.load();
    await instance.link.heartbeat(10_000);
    expect((await instance.invoke("1")).text).toBe("1");
  });

  test("a generic instance stops too", async () => {
    await using instance = await startInstance(interpreter, {});
    await instance.link.stop(10_000);
    expect(await instance.exited).toBe(0);
  });

  test("a finished result does not wait for the next, long handler", async () => {
    await using instance = await startInstance(interpreter, BUSY[family]);
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
    await using instance = await startInstance(interpreter, ECHO[family]);
    await instance.load();
    const order: string[] = [];
    const calls = Array.from({ length: 500 }, (_, i) =>
      instance.invoke(String(i)).then((end) => order.push(end.text)),
    );
    await Promise.all(calls);
    expect(order).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
  });

  test("says what it is for when started by hand", async () => {
    const child = spawn(interpreter.command, [interpreter.bootstrap], {
      stdio: ["ignore", "ignore", "pipe"],
      env: {},
    });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = await once(child, "close");
    expect(code).toBe(64);
    expect(said).toContain("FUNGRAPH_LINK is missing");
  });
});
