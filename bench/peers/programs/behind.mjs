// An echo of node:http, and a proxy in front of it: behind.mjs ENVIRONMENT PROXY [ARGUMENT]... Prints the proxy's port.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [environment, ...command] = process.argv.slice(2);
const echo = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length });
    response.end(body);
  });
}).listen(0, "127.0.0.1");
const spare = createServer().listen(0, "127.0.0.1");
await Promise.all([once(echo, "listening"), once(spare, "listening")]);
const { port } = spare.address();
spare.close();
await once(spare, "close");

const filled = (text) =>
  text.replaceAll("{port}", String(port)).replaceAll("{up}", String(echo.address().port));
const [program, ...args] = command.map(filled);
const env = { ...process.env, ...JSON.parse(filled(environment)) };
const proxy = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
proxy.once("exit", () => process.exit(1));
// It takes half a minute to end by itself.
process.once("SIGTERM", () => {
  proxy.kill("SIGKILL");
  process.exit(0);
});
while (!(await answers())) await sleep(50);
process.stdout.write(`${JSON.stringify({ port })}\n`);

function answers() {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
