import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runs } from "../platform/support.ts";

const SCRIPT = join(import.meta.dirname, "../../scripts/docker-engine.ts");
/** In the place of dockerd, with its options: what matters here is which process is started, found and ended. */
const DOCKERD = `#!${process.execPath}
const { rmSync, writeFileSync } = require("node:fs");
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
writeFileSync(option("--pidfile"), String(process.pid));
require("node:http").createServer((request, response) => response.end("{}")).listen(option("--host").slice(7));
process.once("SIGTERM", () => { rmSync(option("--pidfile")); process.exit(); });
`;

let folder = "";
let pidFile = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fungraph-engine-"));
  pidFile = join(folder, "fungraph/docker/dockerd.pid");
  await mkdir(join(folder, "fungraph/docker"), { recursive: true });
  await writeFile(join(folder, "dockerd"), DOCKERD, { mode: 0o755 });
});
afterEach(async () => {
  await say("stop");
  await rm(folder, { recursive: true, force: true });
});

async function say(action: "start" | "stop"): Promise<string> {
  const env = {
    PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`,
    XDG_CACHE_HOME: folder,
    DOCKER_HOST: `unix://${join(folder, "docker.sock")}`,
  };
  return (await promisify(execFile)(process.execPath, [SCRIPT, action], { env })).stdout;
}

test("an engine is started once, and the one that was started is stopped", async () => {
  expect(await say("start")).toContain("Docker Engine started at ");
  const pid = Number(await readFile(pidFile, "utf8"));
  expect(await say("start")).toContain("answers at ");
  expect(Number(await readFile(pidFile, "utf8"))).toBe(pid);
  expect(await say("stop")).toBe("Docker Engine stopped.\n");
  expect(runs(pid)).toBe(false);
  expect(await say("stop")).toContain("No Docker Engine");
});

test("one that was killed is nobody to stop, and in nobody's way", async () => {
  await say("start");
  const pid = Number(await readFile(pidFile, "utf8"));
  process.kill(pid, "SIGKILL");
  await expect.poll(() => runs(pid)).toBe(false);
  expect(existsSync(pidFile)).toBe(true);
  expect(await say("stop")).toContain("No Docker Engine");
  await rm(join(folder, "docker.sock"));
  expect(await say("start")).toContain("Docker Engine started at ");
});

test.each(["", "0", "-1", "nonsense"])("a file that says %j ends nothing", async (text) => {
  await writeFile(pidFile, text);
  expect(await say("stop")).toContain("No Docker Engine");
});

test("a process that came to the number of a killed engine lives on", async () => {
  const other = spawn("sleep", ["60"]);
  try {
    await once(other, "spawn");
    await writeFile(pidFile, String(other.pid));
    expect(await say("stop")).toContain("No Docker Engine");
    expect(runs(other.pid ?? 0)).toBe(true);
  } finally {
    other.kill();
  }
});
