import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { until } from "../scheduler/fixtures.ts";
import { sleepers } from "./contract.ts";
import { containersOf, dockerSubject } from "./docker-subject.ts";
import { OPEN_DOOR } from "./tenant.ts";

const HOST = fileURLToPath(new URL("host.ts", import.meta.url));
const missing = await noEngine();
if (missing !== undefined) console.log(`recovery of containers is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("a platform with containers that is killed", () => {
  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    engine.close();
  }, 600_000);

  test("leaves nothing that the next start does not clean, and loses nothing while it lives", async () => {
    const subject = await dockerSubject();
    subject.code("a", OPEN_DOOR);
    const word = `${process.pid}.65`;
    const host = spawn(process.execPath, [HOST, subject.folder, word, "docker"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(host.stdout, "data");
    expect(sleepers(word)).toHaveLength(2);
    await subject.driver.recover();
    expect(sleepers(word)).toHaveLength(2);

    host.kill("SIGKILL");
    await once(host, "exit");
    // The running instance ends with its link; the paused one cannot, and is ended.
    await until(() => sleepers(word).length === 1, "the running instance has ended");
    expect(await containersOf(host.pid ?? 0)).not.toEqual([]);
    if (subject.driver.capabilities.isolation.includes("firewall before the machine's own ports"))
      expect(rules()).toContain(`/${host.pid}-`);
    await subject.driver.recover();
    expect(sleepers(word)).toEqual([]);
    expect(await containersOf(host.pid ?? 0)).toEqual([]);
    expect(rules()).not.toContain(`/${host.pid}-`);
    expect(readdirSync(join(subject.folder, "run"))).toHaveLength(1);
    await subject.driver.close();
    expect(await subject.leftovers()).toEqual([]);
    expect(existsSync(join(subject.folder, "code/a/index.js"))).toBe(true);
    subject.remove();
  });
});

function rules(): string {
  try {
    return execFileSync("iptables-save", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // Without the program there are no rules.
    return "";
  }
}
