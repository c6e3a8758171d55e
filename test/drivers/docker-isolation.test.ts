import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectTo, createServer, type AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { sleepers } from "./contract.ts";
import { dockerSubject, type DockerSubject } from "./docker-subject.ts";
import { connect, listen, sh } from "./inside.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const missing = await noEngine();
if (missing !== undefined) console.log(`isolation of containers is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("a hostile function in a container", () => {
  let subject: DockerSubject;
  let one: Tenant;
  let other: Tenant;

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    engine.close();
    process.env["PLATFORM_SECRET"] = "the platform's own secret";
    subject = await dockerSubject();
    [one, other] = (await Promise.all(
      ["one", "other"].map(async (name) =>
        (await Tenant.start(subject.driver)).claim(subject.code(name, `${OPEN_DOOR}\n// secret of ${name}`)),
      ),
    )) as [Tenant, Tenant];
  }, 600_000);

  afterAll(async () => {
    delete process.env["PLATFORM_SECRET"];
    await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
    await subject.driver.close();
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
  });

  test("sees its own code and nobody else's", async () => {
    expect(await sh(one, "ls -A /opt/function/code")).toBe("index.js\n");
    expect(await sh(one, "cat /opt/function/code/index.js")).toContain("secret of one");
    expect(await sh(one, 'grep -rl "secret of other" / --include=index.js 2>/dev/null; true')).toBe("");
  });

  test("has a /tmp of its own", async () => {
    await sh(other, "echo secret > /tmp/secret");
    expect(await sh(one, "ls -A /tmp")).toBe("");
    expect(await sh(one, "echo mine > /tmp/mine && cat /tmp/mine && rm /tmp/mine")).toBe("mine\n");
  });

  test("sees nothing of the platform or the engine: files, environment, token, socket", async () => {
    expect(await sh(one, `ls ${subject.folder}`)).toMatch(/^refused: .*No such file/);
    expect(await sh(one, "ls /var/run/docker.sock /run/docker.sock")).toMatch(/^refused: /);
    expect(await sh(one, "cat /etc/shadow")).toMatch(/^refused: /);
    expect(await sh(one, "env; tr '\\0' '\\n' </proc/1/environ 2>/dev/null; true")).not.toContain("secret");
    expect(
      await one.run("return Object.keys(process.env).filter((key) => key.startsWith('FUNGRAPH_'))"),
    ).toEqual([]);
    expect(await sh(one, "ls -A /run/function")).toBe("");
    expect(await sh(one, "hostname")).toBe("function\n");
  });

  test("sees and signals only its own processes", async () => {
    const seen = (await sh(one, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")) as string;
    expect(seen).not.toContain("vitest");
    expect(seen).not.toContain("dockerd");
    expect(await sh(one, `kill -0 ${process.pid}`)).toMatch(/^refused: /);
  });

  test("cannot change its code, its runtime, or the system", async () => {
    for (const path of [
      "/opt/function/code",
      "/home/snuser/runtime",
      "/usr",
      "/etc",
      "/",
      "/opt/function",
      "/run/function",
    ])
      expect(await sh(one, `echo x > ${path}/x`), path).toMatch(/^refused: .*(Read-only|Permission denied)/);
    expect(readFileSync(join(subject.folder, "code/one/index.js"), "utf8")).toContain("secret of one");
  });

  test("is user 1003, without capabilities or a way to get some, behind a system call filter", async () => {
    expect(
      await one.run("return [process.getuid(), process.getgid(), process.getgroups(), process.cwd()]"),
    ).toEqual([1003, 1003, [1003], "/opt/function"]);
    expect(await one.run("return require('os').userInfo().username")).toBe("snuser");
    const status = (await sh(one, "cat /proc/self/status")) as string;
    for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])
      expect(status).toMatch(new RegExp(`^${set}:\\s+0+$`, "m"));
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(await sh(one, "mount -t tmpfs none /tmp")).toMatch(/^refused: /);
    expect(await sh(one, "unshare --user --map-root-user true")).toMatch(/^refused: /);
  });

  test("reaches neither another function nor the machine; the platform reaches it", async () => {
    const server = createServer((socket) => socket.end("the platform"));
    server.listen(0, "0.0.0.0");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const address = (await other.run("return require('os').networkInterfaces().eth0[0].address")) as string;
    await other.run(listen("other", "0.0.0.0"));
    expect(await other.run(connect(8000, address))).toBe("other");
    expect(await one.run(connect(8000, address))).toMatch(/silence|ECONNREFUSED|EHOSTUNREACH/);
    expect(await one.run(connect(8000))).toBe("ECONNREFUSED");
    const [said] = (await once(connectTo(8000, address), "data")) as [Buffer];
    expect(said.toString()).toBe("other");
    const gateway = address.replace(/\d+$/, "1");
    expect(
      Object.values(networkInterfaces())
        .flat()
        .map((each) => each?.address),
    ).toContain(gateway);
    if (subject.driver.capabilities.isolation.includes("firewall before the machine's own ports"))
      expect(await one.run(connect(port, gateway))).toBe("silence");
    server.close();
  });

  test("has the share of processors that it was claimed with", async () => {
    const share = await one.run(`
      const fs = require("fs");
      const read = (name) => fs.readFileSync("/sys/fs/cgroup/" + name, "utf8").trim();
      const [quota, period] = fs.existsSync("/sys/fs/cgroup/cpu.max")
        ? read("cpu.max").split(" ")
        : ["cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us"].map(read);
      return quota / period;`);
    expect(share).toBe(2);
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
    const written = await small.run(
      `
      const fs = require("fs"); const piece = Buffer.alloc(4 << 20, 1); const fd = fs.openSync("/tmp/big", "w"); let bytes = 0;
      try { for (;;) { bytes += fs.writeSync(fd, piece); await 0; } }
      catch (error) { return [error.code, bytes >> 20]; }`,
      60_000,
    );
    expect(written).toEqual(["ENOSPC", 512]);
    const usage = await small.instance.usage();
    expect(usage.temporaryBytes).toBe(512 * 1024 * 1024);
    expect(usage.memoryBytes).toBeLessThan(128 * 1024 * 1024);
    void small.call({ js: "process.exit(1)" });
    expect(await small.end()).toMatchObject({ code: 1, temporaryFull: true, outOfMemory: false });
  });

  test("starts 1024 processes at most, and all of them end with it", async () => {
    const seconds = `${process.pid}.85`;
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
});
