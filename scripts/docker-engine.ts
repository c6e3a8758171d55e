// Starts a Docker Engine for the tests where none runs, and stops the one it started: node scripts/docker-engine.ts start|stop
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Engine } from "../platform/drivers/docker/engine.ts";

/** Outside the checkout, so that images last longer than a clone. */
const FOLDER = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "fungraph", "docker");
const PID_FILE = join(FOLDER, "dockerd.pid");
const LOG = join(FOLDER, "dockerd.log");
const PID_OPTION = "--pidfile";
const START_MS = 60_000;
/** Containers have 10 s to end by themselves. */
const STOP_MS = 60_000;
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
  const running = startedHere();
  // One that was just started by somebody else is waited for.
  const child = running === undefined ? spawnEngine() : undefined;
  for (const until = performance.now() + START_MS; performance.now() < until; await delay(POLL_MS)) {
    if (await answers()) return console.log(`Docker Engine started at ${engine.socketPath}.`);
    if (child?.pid === undefined ? startedHere() === undefined : child.exitCode !== null) break;
  }
  console.error(readFileSync(LOG, "utf8").split("\n").slice(-20).join("\n"));
  throw new Error(`No Docker Engine could be started here; its log is ${LOG}.`);
}

function spawnEngine(): ChildProcess {
  // What a killed run left would keep dockerd from starting.
  rmSync(PID_FILE, { force: true });
  const log = openSync(LOG, "w");
  const folders = ["--data-root", join(FOLDER, "data"), "--exec-root", join(FOLDER, "run")];
  const child = spawn(
    "dockerd",
    [...folders, PID_OPTION, PID_FILE, "--host", `unix://${engine.socketPath}`],
    { stdio: ["ignore", log, log], detached: true },
  );
  child.on("error", (error) => console.error(`dockerd cannot be started: ${error.message}`));
  child.unref();
  return child;
}

async function stop(): Promise<void> {
  const pid = startedHere();
  if (pid === undefined) return console.log("No Docker Engine that was started here runs.");
  process.kill(pid, "SIGTERM");
  for (const until = performance.now() + STOP_MS; startedHere() === pid; await delay(POLL_MS))
    if (performance.now() > until)
      throw new Error(`The Docker Engine (process ${pid}) does not end; its log is ${LOG}.`);
  console.log("Docker Engine stopped.");
}

/** The process of the engine that was started here. The file alone proves nothing: what a killed one left may name anybody by now. */
function startedHere(): number | undefined {
  if (!existsSync(PID_FILE)) return undefined;
  const pid = Number(readFileSync(PID_FILE, "utf8"));
  const options = Number.isSafeInteger(pid) && pid > 0 ? commandOf(pid) : [];
  return options[options.indexOf(PID_OPTION) + 1] === PID_FILE ? pid : undefined;
}

/** What a process was started with; nothing for one that is gone. */
function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function answers(): Promise<boolean> {
  return engine.ask({ method: "GET", path: "/info" }).then(
    () => true,
    () => false,
  );
}
