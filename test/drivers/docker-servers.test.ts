import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DriverInstance, ImageRequest } from "../../platform/drivers/driver.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { loadMessage, NO_CREDENTIALS } from "../../platform/scheduler/load-message.ts";
import { Tree } from "../../runtime-images/build/tree.ts";
import { base } from "../images/bases.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { target } from "../scheduler/fixtures.ts";
import { dockerSubject, type DockerSubject } from "./docker-subject.ts";
import { Tenant } from "./tenant.ts";

const TERMS = { timeoutMs: 10_000, credentials: NO_CREDENTIALS };

const USER_IMAGE = "fungraph-test/shop:1.0";
/** Times 50 ms: as long as a server may take until it listens. */
const ROUNDS = 100;
const LARGE_IMAGE = "fungraph-test/large:1.0";
const FOREIGN_IMAGE = "fungraph-test/foreign:1.0";
/** A server that runs what it is sent, as a user's own image may. */
const SERVER = `
const { execSync } = require("child_process");
const hoard = [];
require("http").createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", async () => {
    try { response.end(JSON.stringify(await eval("(async () => {" + body + "})()")) ?? ""); }
    catch (error) { response.end("refused: " + error.message); }
  });
}).listen(8000, process.argv[2] ?? "0.0.0.0");
console.log("serving with", process.argv.slice(2).join(" "));
`;

/** A loop over the Runtime API (guide 3.1.2.5). */
const CUSTOM = `
const http = require("http");
const api = "http://" + process.env.RUNTIME_API_ADDR + "/v1/runtime/invocation/";
(function next() {
  http.get(api + "request", (request) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const path = api + "response/" + request.headers["x-cff-request-id"];
      http.request(path, { method: "POST" }, (taken) => taken.resume().on("end", next)).end("got " + body);
    });
  });
})();
`;

const missing = await noEngine();
if (missing !== undefined) console.log(`servers in containers are not tested: ${missing}`);

describe.skipIf(missing !== undefined)("a server in a container", () => {
  let subject: DockerSubject;

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, "http");
    await runtimeImage(engine, "Custom");
    await buildUserImage(engine, await base(engine, "nodejs"));
    await loadForeignImage(engine);
    const large = `FROM ${await base(engine, "debian")}\nRUN truncate -s 2100M /large\nCMD ["true"]\n`;
    await finish(engine, `/build?t=${LARGE_IMAGE}&rm=1`, await new Tree().file("Dockerfile", large).tar(0));
    engine.close();
    subject = await dockerSubject();
  }, 600_000);

  afterAll(async () => {
    await subject.driver.close();
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
  });

  test("of an HTTP function is reached on its own loopback, through a door that its code cannot change", async () => {
    const folder = subject.code("http", SERVER);
    writeFileSync(join(folder, "bootstrap"), "#!/bin/sh\nexec node $RUNTIME_CODE_ROOT/index.js 127.0.0.1\n", {
      mode: 0o755,
    });
    await using tenant = await Tenant.start(subject.driver, "http");
    await expect(tenant.instance.connect()).rejects.toThrow(/was not claimed/);
    const codeRoot = await tenant.instance.claim({ codeDir: folder, memoryMb: 256, cpuMillicores: 1000 });
    await tenant.link.load(
      loadMessage(target({ codeDir: folder, runtime: "http" }), { instanceId: "one", codeRoot }, TERMS),
      10_000,
    );
    expect(await ask(tenant.instance, "return process.cwd()")).toContain("/opt/function");
    expect(await ask(tenant.instance, 'return execSync("ls /run/function").toString()')).toBe('"door\\n"');
    for (const command of [
      "rm /run/function/door",
      "touch /run/function/x",
      "mv /run/function/door /tmp/door",
    ])
      expect(await ask(tenant.instance, `return execSync("${command} 2>&1").toString()`)).toMatch(
        /^refused: /,
      );
  });

  test("is none in a custom runtime, whose program asks for its requests", async () => {
    const folder = subject.code("custom", CUSTOM);
    writeFileSync(join(folder, "bootstrap"), "#!/bin/sh\nexec node $RUNTIME_CODE_ROOT/index.js\n", {
      mode: 0o755,
    });
    await using tenant = await Tenant.start(subject.driver, "Custom");
    const codeRoot = await tenant.instance.claim({ codeDir: folder, memoryMb: 256, cpuMillicores: 1000 });
    await tenant.link.load(
      loadMessage(target({ codeDir: folder, runtime: "Custom" }), { instanceId: "one", codeRoot }, TERMS),
      10_000,
    );
    expect(await tenant.call({ a: 1 })).toMatchObject({ failure: undefined, text: 'got {"a":1}' });
    await expect(tenant.instance.connect()).rejects.toThrow(/has no port/);
  });

  test("of a user's image runs as told: user, arguments, working folder, environment", async () => {
    const instance = await subject.driver.create(
      image({ args: ["/srv/server.js", "0.0.0.0"], workingDir: "/srv", uid: 1234, gid: 2345 }),
    );
    let output = "";
    instance.onOutput((chunk) => (output += chunk.toString()));
    expect(instance.stream).toBeUndefined();
    const facts =
      "return [process.getuid(), process.getgid(), process.cwd(), process.env.COLOUR, process.argv[2]]";
    expect(await ask(instance, facts)).toBe('[1234,2345,"/srv","blue","0.0.0.0"]');
    expect(output).toContain("serving with 0.0.0.0");
    expect(await ask(instance, 'require("fs").writeFileSync("/tmp/x", "x"); return 1')).toBe("1");
    expect(await ask(instance, 'require("fs").writeFileSync("/srv/x", "x")')).toMatch(
      /^refused: (EROFS|EACCES)/,
    );
    await expect(instance.claim({ codeDir: "/", memoryMb: 128, cpuMillicores: 100 })).rejects.toThrow(
      /brings its own code/,
    );
    await instance.destroy();
    expect((await instance.exited).outOfMemory).toBe(false);
  });

  test("takes the entry point and arguments of its image when none are given; ends at its memory limit", async () => {
    const instance = await subject.driver.create(image({}));
    const facts = "return [process.getuid(), process.getgid(), process.argv[2] ?? null]";
    expect(await ask(instance, facts)).toBe("[1003,1003,null]");
    expect((await instance.usage()).memoryBytes).toBeGreaterThan(1 << 20);
    void ask(instance, "for (;;) { hoard.push(Buffer.alloc(1 << 22, 1)); await 0; }").catch(() => undefined);
    expect(await instance.exited).toMatchObject({ outOfMemory: true });
  });

  test("tells how it ended", async () => {
    const instance = await subject.driver.create(image({ command: ["sh"], args: ["-c", "exit 3"] }));
    expect(await instance.exited).toMatchObject({ code: 3, signal: null, outOfMemory: false });
    const killed = await subject.driver.create(image({ command: ["sh"], args: ["-c", "kill -9 $$"] }));
    expect(await killed.exited).toMatchObject({ code: null, signal: "SIGKILL", outOfMemory: false });
  });

  test("is refused with a reason: another architecture, too large, no such image, no such program", async () => {
    await expect(subject.driver.create(image({ reference: FOREIGN_IMAGE }))).rejects.toThrow(
      /built for linux\/arm64; build it with --platform linux\/amd64/,
    );
    await expect(subject.driver.create(image({ reference: LARGE_IMAGE }))).rejects.toThrow(
      /has 2\.\d\d GB and may have 2; keep large data on a mounted file system/,
    );
    await expect(subject.driver.create(image({ reference: "fungraph.invalid/none:1" }))).rejects.toThrow(
      /is not on this machine and cannot be pulled: .*docker pull fungraph.invalid\/none:1/s,
    );
    const none = await subject.driver.create(image({ command: ["/no/such"] }));
    let said = "";
    none.onOutput((chunk) => (said += chunk.toString()));
    expect(await none.exited).toMatchObject({ code: 127 });
    expect(said).toMatch(/\/no\/such.*No such file/);
  });
});

function image(changes: Partial<ImageRequest>) {
  const plain = {
    command: [],
    args: [],
    workingDir: "",
    uid: 1003,
    gid: 1003,
    environment: { COLOUR: "blue" },
  };
  const limits = { memoryMb: 128, cpuMillicores: 1000 };
  return {
    id: `server-${Math.random().toString(36).slice(2)}`,
    runtime: "Custom Image",
    image: { reference: USER_IMAGE, ...plain, ...limits, ...changes },
  };
}

/** Sends JavaScript as soon as the server listens; gives back what it returned. */
async function ask(instance: DriverInstance, js: string): Promise<string> {
  for (let round = 0; ; round += 1) {
    try {
      return await post(instance, js);
    } catch (error) {
      if (round === ROUNDS) throw error;
      await delay(50);
    }
  }
}

async function post(instance: DriverInstance, body: string): Promise<string> {
  const socket = await instance.connect();
  return new Promise((resolve, reject) => {
    const sent = request({ method: "POST", createConnection: () => socket }, (response) => {
      text(response).then(resolve, reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function buildUserImage(engine: Engine, from: string): Promise<void> {
  const dockerfile = `FROM ${from}\nCOPY server.js /srv/server.js\nENTRYPOINT ["node"]\nCMD ["/srv/server.js"]\n`;
  const context = await new Tree().file("Dockerfile", dockerfile).file("server.js", SERVER).tar(0);
  await finish(engine, `/build?t=${USER_IMAGE}&rm=1`, context);
}

/** An image of another architecture, in the form in which engines save images. */
async function loadForeignImage(engine: Engine): Promise<void> {
  const layer = await new Tree().file("x", "x").tar(0);
  const diffId = `sha256:${createHash("sha256").update(layer).digest("hex")}`;
  const rootfs = { type: "layers", diff_ids: [diffId] };
  const config = { architecture: "arm64", os: "linux", config: { Cmd: ["/x"] }, rootfs };
  const manifest = [{ Config: "config.json", RepoTags: [FOREIGN_IMAGE], Layers: ["layer.tar"] }];
  const archive = new Tree()
    .file("config.json", JSON.stringify(config))
    .file("manifest.json", JSON.stringify(manifest))
    .file("layer.tar", layer);
  await finish(engine, "/images/load", await archive.tar(0));
}

async function finish(engine: Engine, path: string, tar: Buffer): Promise<void> {
  const question = { method: "POST", path, tar: Readable.from([tar]) } as const;
  for await (const { error } of engine.follow<{ error?: string }>(question))
    if (error !== undefined) throw new Error(error);
}
