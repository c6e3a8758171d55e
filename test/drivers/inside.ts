import type { Tenant } from "./tenant.ts";

/** Output of a shell command run by the function, or `refused: ` and what it said. */
export function sh(tenant: Tenant, command: string): Promise<unknown> {
  return tenant.run(`
    const { status, stdout, stderr } = require("child_process").spawnSync("sh", ["-c", ${JSON.stringify(command)}], { encoding: "utf8" });
    return status === 0 ? stdout : "refused: " + stdout + stderr;`);
}

/** JavaScript that serves some words on port 8000. Default address: its own loopback. */
export function listen(words: string, address = "127.0.0.1"): string {
  return `
    const server = require("net").createServer((socket) => socket.end(${JSON.stringify(words)}));
    server.listen(8000, "${address}");
    await require("events").once(server, "listening");`;
}

/** JavaScript that returns what a port says, the reason why it does not, or `silence`. Default address: its own loopback. */
export function connect(port: number, address = "127.0.0.1"): string {
  return `
    const socket = require("net").connect(${port}, "${address}");
    return await new Promise((done) => {
      socket.on("data", (text) => done(String(text)));
      socket.on("error", (error) => done(error.code));
      socket.setTimeout(1000, () => { socket.destroy(); done("silence"); });
    });`;
}
