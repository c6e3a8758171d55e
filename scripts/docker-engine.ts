// Starts a Docker Engine for the tests where none runs, and stops the one it started: node scripts/docker-engine.ts start|stop
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Engine } from "../platform/drivers/docker/engine.ts";

/** Outside the checkout, so that images last longer than a clone. */
const FOLDER = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "fungraph", "docker");
const PID_FILE = join(FOLDER, "dockerd.pid");
const LOG = join(FOLDER, "dockerd.log");
const START_MS = 60_000;
const POLL_MS = 200;

const engine = new Engine();
const action = process.argv[2];
if (action === "start") await start();
else if (action === "stop") await stop();
else throw new Error("Say start or stop: node scripts/docker-engine.ts start");
engine.close();

async function start(): Promise<void> {
  if (await answers()) return console.log(`A Docker Engine answers at ${engine.socketPath} already.`);
  mkdirSync(FOLDER, { recursive: true });
  // What a killed run left would keep dockerd from starting.
  rmSync(PID_FILE, { force: true });
  const log = openSync(LOG, "w");
  const folders = ["--data-root", join(FOLDER, "data"), "--exec-root", join(FOLDER, "run")];
  const child = spawn(
    "dockerd",
    [...folders, "--pidfile", PID_FILE, "--host", `unix://${engine.socketPath}`],
    {
      stdio: ["ignore", log, log],
      detached: true,
    },
  );
  child.on("error", (error) => console.error(`dockerd cannot be started: ${error.message}`));
  child.unref();
  for (const until = Date.now() + START_MS; Date.now() < until; await delay(POLL_MS)) {
    if (await answers()) return console.log(`Docker Engine started at ${engine.socketPath}.`);
    if (child.exitCode !== null || child.pid === undefined) break;
  }
  console.error(readFileSync(LOG, "utf8").split("\n").slice(-20).join("\n"));
  throw new Error(`No Docker Engine could be started here; its log is ${LOG}.`);
}

async function stop(): Promise<void> {
  if (!existsSync(PID_FILE)) return console.log("No Docker Engine was started here.");
  process.kill(Number(readFileSync(PID_FILE, "utf8")), "SIGTERM");
  while (existsSync(PID_FILE)) await delay(POLL_MS);
  return console.log("Docker Engine stopped.");
}

function answers(): Promise<boolean> {
  return engine.ask({ method: "GET", path: "/info" }).then(
    () => true,
    () => false,
  );
}
