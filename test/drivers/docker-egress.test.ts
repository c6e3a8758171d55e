import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect as connectTo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { dockerSubject, type DockerSubject } from "./docker-subject.ts";
import { connect } from "./inside.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

/** Another machine: a network namespace beside this one, with an address of its own and one that clouds use for their metadata. */
const PEER = { namespace: `fungraph-${process.pid}`, link: `fgt${process.pid % 100_000}` };
const [HERE, THERE, METADATA] = ["10.213.77.1", "10.213.77.2", "169.254.213.254"] as const;
const PORT = 8080;

const missing =
  (await noEngine()) ??
  (canMakeNamespaces() ? undefined : "it takes root and iproute2 to make another machine");
if (missing !== undefined) console.log(`ways out of containers are not tested: ${missing}`);

describe.skipIf(missing !== undefined)("a function in a container", () => {
  let subject: DockerSubject;
  let tenant: Tenant;
  let server: ChildProcess;

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    engine.close();
    server = await startPeer();
    subject = await dockerSubject();
    tenant = await (await Tenant.start(subject.driver)).claim(subject.code("a", OPEN_DOOR));
  }, 600_000);

  afterAll(async () => {
    await tenant[Symbol.asyncDispose]();
    await subject.driver.close();
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
    server.kill();
    await once(server, "exit");
    ip("netns", "del", PEER.namespace);
  });

  test("reaches other machines, which see the address of this one", async () => {
    expect(await tenant.run(connect(PORT, THERE))).toBe(`hello ${HERE}`);
  });

  test("does not reach services at link-local addresses, which this machine does", async () => {
    const [said] = (await once(connectTo(PORT, METADATA), "data")) as [Buffer];
    expect(said.toString()).toContain("hello");
    if (subject.driver.capabilities.isolation.includes("firewall before the machine's own ports"))
      expect(await tenant.run(connect(PORT, METADATA))).toBe("silence");
  });
});

/** A server that greets each caller by the address it sees. */
async function startPeer(): Promise<ChildProcess> {
  const { namespace, link } = PEER;
  ip("netns", "add", namespace);
  ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace);
  ip("addr", "add", `${HERE}/30`, "dev", link);
  ip("link", "set", link, "up");
  ip("route", "add", `${METADATA}/32`, "dev", link, "src", HERE);
  for (const address of [`${THERE}/30`, `${METADATA}/32`])
    ip("-n", namespace, "addr", "add", address, "dev", "eth0");
  ip("-n", namespace, "link", "set", "eth0", "up");
  const greet = `require("net").createServer((socket) => socket.end("hello " + socket.remoteAddress)).listen(${PORT}, "0.0.0.0", () => console.log("up"))`;
  const server = spawn("ip", ["netns", "exec", namespace, process.execPath, "-e", greet], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(server.stdout, "data");
  return server;
}

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}

function canMakeNamespaces(): boolean {
  try {
    ip("netns", "add", PEER.namespace);
    ip("netns", "del", PEER.namespace);
    return true;
  } catch {
    return false;
  }
}
