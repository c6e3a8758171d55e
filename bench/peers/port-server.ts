import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { pinned, type BenchServer } from "../server.ts";

/** A server that is told its port. */
export interface PortProgram {
  readonly command: (port: number) => readonly string[];
  readonly environment?: (port: number) => NodeJS.ProcessEnv;
  readonly cwd?: string;
}

const POLL_MS = 50;
/** The slowest of them takes ten seconds on a busy machine. */
const READY_MS = 60_000;
const GRACE_MS = 3000;

/** Starts a server on core 0 and waits until it listens. Rejects with what it said when it ends before, or takes a minute. */
export async function startOnPort({ command, environment, cwd }: PortProgram): Promise<BenchServer> {
  const port = await freePort();
  const [program, args] = pinned(0, command(port));
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment?.(port) },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const said = lastWords(child);
  try {
    await listening(port, child);
  } catch (error) {
    await end(child);
    throw new Error(`${String(error)}: ${said()}`, { cause: error });
  }
  return { pid: child.pid ?? 0, port, facts: {}, [Symbol.asyncDispose]: () => end(child) };
}

/** A port of this machine's own that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Reads all that a process says and keeps the end of it. */
function lastWords(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  return () => said.trim();
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(POLL_MS)) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error("it ended before it was ready");
    if (await answers(port)) return;
  }
  throw new Error(`it was not ready within ${READY_MS / 1000} s`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Ends a process; some take longer to say goodbye than anyone waits. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const killing = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  await ended;
  clearTimeout(killing);
}
