// The load where wrk is not installed: POST requests over raw kept sockets. Prints its result as JSON.
import { connect } from "node:net";
import type { Load, LoadResult } from "./load.ts";

const load = JSON.parse(process.argv[2] ?? "{}") as Load;
const head = Object.entries({ host: `127.0.0.1:${load.port}`, ...load.headers })
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join("");
const request = Buffer.from(
  `POST ${load.path} HTTP/1.1\r\n${head}Content-Length: ${Buffer.byteLength(load.body)}\r\n\r\n${load.body}`,
);
const times: number[] = [];
let failed = 0;
const began = performance.now();
const until = began + load.seconds * 1000;
/** Milliseconds between two requests of a connection; 0: no pause. */
const pause = load.perSecond === undefined ? 0 : (load.connections * 1000) / load.perSecond;

/** One connection: a request, its reply, the next request when it is due. */
function run(_: unknown, at: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(load.port, "127.0.0.1");
    let sentAt = 0;
    let got = "";
    let dueAt = began + (pause * at) / load.connections;
    const send = (): void => {
      sentAt = performance.now();
      socket.write(request);
    };
    const sendWhenDue = (): void => {
      const wait = (dueAt += pause) - performance.now();
      if (wait > 0) setTimeout(send, wait);
      else send();
    };
    socket.setNoDelay();
    socket.on("connect", sendWhenDue);
    socket.on("error", () => failed++);
    socket.on("close", () => resolve());
    socket.on("data", (chunk) => {
      got += chunk.toString("latin1");
      if (!isWhole(got)) return;
      const now = performance.now();
      times.push((now - sentAt) * 1000);
      if (!/^HTTP\/1.1 [23]/.test(got)) failed++;
      got = "";
      if (now < until) sendWhenDue();
      else socket.destroy();
    });
  });
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  return text.length >= end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
}

await Promise.all(Array.from({ length: load.connections }, run));
const seconds = (performance.now() - began) / 1000;
times.sort((one, other) => one - other);
const result: Omit<LoadResult, "cpuMs"> = {
  requests: times.length,
  perSecond: times.length / seconds,
  p50Micros: times[Math.floor(times.length * 0.5)] ?? 0,
  p99Micros: times[Math.floor(times.length * 0.99)] ?? 0,
  failed,
};
process.stdout.write(JSON.stringify(result));
