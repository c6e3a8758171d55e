import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "../scheduler/fixtures.ts";
import { sleepers } from "./contract.ts";
import { connect, listen, sh } from "./inside.ts";
import { controlGroups, leftoversOf, processSubject, type ProcessSubject } from "./subjects.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const HOST = fileURLToPath(new URL("host.ts", import.meta.url));
const SECRET = "the platform's own secret";

const probe = await processSubject("auto");
const sandboxed = probe.driver.capabilities.limitsMemory;
await probe.driver.close();
probe.remove();
if (!sandboxed) console.log(`isolation tests are skipped: ${probe.driver.capabilities.missing[0]}`);

describe.skipIf(!sandboxed)("a hostile function in a sandbox", () => {
  let subject: ProcessSubject;
  let one: Tenant;
  let other: Tenant;

  beforeAll(async () => {
    process.env["PLATFORM_SECRET"] = SECRET;
    subject = await processSubject("auto");
    writeFileSync(join(subject.folder, "data.db"), SECRET);
    one = await (await Tenant.start(subject.driver)).claim(subject.code("one", OPEN_DOOR));
    other = await (
      await Tenant.start(subject.driver)
    ).claim(subject.code("other", `${OPEN_DOOR}\n// other's secret`));
  });

  afterAll(async () => {
    delete process.env["PLATFORM_SECRET"];
    await one[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await subject.driver.close();
    expect(leftoversOf(join(subject.folder, "run"))).toEqual([]);
    subject.remove();
  });

  test("sees its own code and nobody else's", async () => {
    expect(await sh(one, "ls /opt/function/code")).toBe("index.js\n");
    expect(await sh(one, "cat /opt/function/code/index.js")).not.toContain("other's secret");
    expect(await sh(one, "ls /store")).toMatch(/^refused: .*Permission denied/);
    expect(await sh(one, "ls -d /store/other")).toMatch(/^refused/);
    expect(await sh(one, 'grep -rl "other\'s secret" / --include=index.js 2>/dev/null; true')).toBe("");
    expect(await sh(one, "grep -c store /proc/mounts; true")).toBe("0\n");
  });

  test("has a /tmp of its own", async () => {
    await sh(other, "echo secret > /tmp/secret");
    expect(await sh(one, "ls -A /tmp")).toBe("");
    expect(await sh(one, "echo mine > /tmp/mine && cat /tmp/mine")).toBe("mine\n");
  });

  test("sees nothing of the platform: files, environment, memory", async () => {
    expect(await sh(one, `ls ${subject.folder}`)).toMatch(/^refused: .*No such file/);
    expect(await sh(one, `cat /etc/shadow ${join(homedir(), ".bashrc")}`)).toMatch(/^refused: /);
    expect(await sh(one, "ls -A /old /sys /run /var /root 2>/dev/null; true")).toBe("/old:\n");
    expect(await sh(one, "env")).not.toContain(SECRET);
    expect(await sh(one, "tr '\\0' '\\n' </proc/$PPID/environ")).not.toContain(subject.folder);
    expect(
      await one.run("return Object.keys(process.env).filter((key) => key.startsWith('FUNGRAPH_'))"),
    ).toEqual([]);
    expect(await sh(one, "cat /proc/1/environ")).toMatch(/^refused: .*Permission denied/);
    expect(await sh(one, "hostname")).toBe("function\n");
  });

  test("sees and signals only its own processes", async () => {
    const seen = (await sh(one, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")) as string;
    expect(seen).not.toContain("vitest");
    // The runtime, and the two shells of sandbox.sh that know its command line.
    expect(seen.match(/bootstrap\.js/g)).toHaveLength(3);
    expect(await sh(one, `kill -0 ${process.pid}`)).toMatch(/^refused: /);
    expect(await sh(one, "kill -9 1")).toMatch(/^refused: .*not permitted/);
  });

  test("reaches neither the machine's ports nor another instance's", async () => {
    const server = createServer((socket) => socket.end("the platform"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const fresh = await (await Tenant.start(subject.driver)).claim(subject.code("one", OPEN_DOOR));
    expect(await fresh.run(connect(port))).toBe("ECONNREFUSED");
    await fresh.run(listen("fresh"));
    expect(await fresh.run(connect(8000))).toBe("fresh");
    const second = await (await Tenant.start(subject.driver)).claim(subject.code("one", OPEN_DOOR));
    expect(await second.run(connect(8000))).toBe("ECONNREFUSED");
    await second.run(listen("second"));
    expect(await second.run(connect(8000))).toBe("second");
    expect(await fresh.run(connect(8000))).toBe("fresh");
    await fresh[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
    server.close();
  });

  test("cannot change its code, its runtime, or the system", async () => {
    for (const path of [
      "/opt/function/code/x",
      "/home/snuser/runtime/x",
      "/usr/x",
      "/etc/x",
      "/x",
      "/opt/function/x",
    ])
      expect(await sh(one, `echo x > ${path}`), path).toMatch(/^refused: .*(Read-only|Permission denied)/);
    expect(readFileSync(join(subject.folder, "code/one/index.js"), "utf8")).toBe(OPEN_DOOR);
  });

  test("is user 1003, without capabilities or a way to get some", async () => {
    expect(
      await one.run("return [process.getuid(), process.getgid(), process.getgroups(), process.cwd()]"),
    ).toEqual([1003, 1003, [1003], "/opt/function"]);
    const status = (await sh(one, "cat /proc/self/status")) as string;
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
      expect(status).toMatch(new RegExp(`^${set}:\\s+0+$`, "m"));
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(await sh(one, "mount -t tmpfs none /tmp")).toMatch(/^refused: /);
    expect(await sh(one, "umount /opt/function/code")).toMatch(/^refused: /);
  });

  test("inherits no descriptors but its streams and its link", async () => {
    const listing = (await sh(one, "ls -l /proc/self/fd | grep -v /dev/null")) as string;
    const numbers = [...listing.matchAll(/ (\d+) -> (\S+)/g)].map(([, number]) => Number(number));
    expect(Math.max(...numbers)).toBeLessThanOrEqual(3);
  });

  test("opens 1024 descriptors at most", async () => {
    const opened = await one.run(`
      const fs = require("fs"); const open = [];
      try { for (;;) open.push(fs.openSync("/dev/null")); }
      catch (error) { return [error.code, open.length < 1024, open.length > 900]; }
      finally { open.forEach((fd) => fs.closeSync(fd)); }`);
    expect(opened).toEqual(["EMFILE", true, true]);
  });

  test("gets ENOSPC when its /tmp holds 512 MB, and lives on, though its memory is 128 MB", async () => {
    await using small = await (await Tenant.start(subject.driver)).claim(subject.code("one", OPEN_DOOR), 128);
    const written = await small.run(`
      const fs = require("fs"); const piece = Buffer.alloc(4 << 20, 1); const fd = fs.openSync("/tmp/big", "w"); let bytes = 0;
      try { for (;;) { bytes += fs.writeSync(fd, piece); await 0; } }
      catch (error) { return [error.code, bytes >> 20]; }`);
    expect(written).toEqual(["ENOSPC", 512]);
    const usage = await small.instance.usage();
    expect(usage.temporaryBytes).toBe(512 * 1024 * 1024);
    expect(usage.memoryBytes).toBeLessThan(128 * 1024 * 1024);
    void small.call({ js: "process.exit(1)" });
    expect(await small.end()).toMatchObject({ code: 1, temporaryFull: true, outOfMemory: false });
  });

  test("may read files larger than its memory: the system's cache of them is not its memory", async () => {
    const folder = subject.code("large", OPEN_DOOR);
    writeFileSync(join(folder, "large"), "");
    truncateSync(join(folder, "large"), 300 << 20);
    await using small = await (await Tenant.start(subject.driver)).claim(folder, 128);
    const read = await small.run(`
      const fs = require("fs"); const fd = fs.openSync("/opt/function/code/large"); const piece = Buffer.alloc(1 << 20); let bytes = 0;
      for (let n; (n = fs.readSync(fd, piece)) > 0; ) bytes += n;
      await new Promise((done) => setTimeout(done, 700));
      return bytes >> 20;`);
    expect(read).toBe(300);
    expect((await small.instance.usage()).memoryBytes).toBeLessThan(128 << 20);
  });

  test("starts 1024 processes at most, and all of them end with it", async () => {
    const seconds = `${process.pid}.75`;
    const bomb = await (await Tenant.start(subject.driver)).claim(subject.code("one", OPEN_DOOR), 1024);
    expect(await sh(bomb, `while :; do sleep ${seconds} >/dev/null 2>&1 & done`)).toMatch(
      /^refused: .*Cannot fork/,
    );
    const started = sleepers(seconds).length;
    expect(started).toBeGreaterThan(900);
    expect(started).toBeLessThan(1024);
    expect(await one.run("return 'fine'")).toBe("fine");
    await bomb[Symbol.asyncDispose]();
    expect(sleepers(seconds)).toEqual([]);
  });

  test("refuses code that lies outside of the code folder", async () => {
    await using tenant = await Tenant.start(subject.driver);
    await expect(tenant.claim("/etc")).rejects.toThrow(/not inside/);
    await expect(tenant.claim(join(subject.folder, "code", "..", "run"))).rejects.toThrow(/not inside/);
  });

  test("serves Python likewise", async () => {
    const rows = await subject.driver.runtimes();
    const python = rows.find(({ family, available }) => family === "python" && available);
    if (python === undefined) return console.log("no Python was found here");
    await using tenant = await Tenant.start(subject.driver, python.runtime);
    const source =
      "import os\ndef handler(event, context):\n    return str([os.getuid(), os.listdir('/opt/function/code')])\n";
    const folder = subject.code("python", "");
    writeFileSync(join(folder, "index.py"), source);
    await tenant.claim(folder);
    expect(await tenant.call({})).toMatchObject({
      failure: undefined,
      text: "[1003, ['index.js', 'index.py']]",
    });
    return undefined;
  });
});

describe.each(["auto", "bare"] as const)("a platform that is killed (%s isolation)", (isolation) => {
  test("leaves nothing that the next start does not clean", async () => {
    const subject = await processSubject(isolation);
    subject.code("a", OPEN_DOOR);
    const word = `${process.pid}.5`;
    const host = spawn(process.execPath, [HOST, subject.folder, word, isolation], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(host.stdout, "data");
    expect(sleepers(word)).toHaveLength(2);
    await subject.driver.recover();
    expect(sleepers(word)).toHaveLength(2);

    host.kill("SIGKILL");
    await once(host, "exit");
    await subject.driver.recover();
    if (subject.driver.capabilities.limitsMemory) {
      await until(() => sleepers(word).length === 0, "all processes are gone");
      expect(controlGroups(host.pid ?? 0)).toEqual([]);
    }
    for (const pid of sleepers(word)) process.kill(pid, "SIGKILL");
    await subject.driver.close();
    expect(leftoversOf(join(subject.folder, "run"))).toEqual([]);
    expect(existsSync(join(subject.folder, "code/a/index.js"))).toBe(true);
    subject.remove();
  });
});
