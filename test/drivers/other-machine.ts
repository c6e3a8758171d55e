import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

const PORT = 8080;
const ECHO_PORT = 8081;

/** Another machine beside this one: a network namespace, with a server that greets each caller by the address it sees. */
export class OtherMachine implements AsyncDisposable {
  /** Port of the server. */
  readonly port = PORT;
  /** Port of one that stays on the line and says again what it is told. */
  readonly echoPort = ECHO_PORT;
  /** Address of this machine as it is seen there. */
  readonly here: string;
  /** Another address of this machine that is seen there. */
  readonly hereToo: string;
  readonly there: string;
  readonly #namespace: string;
  readonly #link: string;
  #server: ChildProcess | undefined;

  /** @param net third number of its addresses, which no other test on this machine has */
  constructor(net: number) {
    this.here = `10.213.${net}.1`;
    this.there = `10.213.${net}.2`;
    this.hereToo = `10.213.${net}.3`;
    this.#namespace = `fungraph-${process.pid}-${net}`;
    this.#link = `fgother${net}`;
  }

  /** Why there can be none; undefined when there can. */
  static missing(): string | undefined {
    const name = `fungraph-${process.pid}-trial`;
    try {
      ip("netns", "add", name);
      ip("netns", "del", name);
      return undefined;
    } catch {
      return "it takes root and iproute2 to make another machine";
    }
  }

  async start(): Promise<this> {
    ip("netns", "add", this.#namespace);
    ip("link", "add", this.#link, "type", "veth", "peer", "name", "eth0", "netns", this.#namespace);
    for (const address of [this.here, this.hereToo]) ip("addr", "add", `${address}/29`, "dev", this.#link);
    ip("link", "set", this.#link, "up");
    ip("-n", this.#namespace, "addr", "add", `${this.there}/29`, "dev", "eth0");
    ip("-n", this.#namespace, "link", "set", "eth0", "up");
    const serve = `
      const { createServer } = require("net");
      createServer((socket) => socket.end("hello " + socket.remoteAddress)).listen(${PORT}, "0.0.0.0", () =>
        createServer((socket) => {
          socket.write("hello " + socket.remoteAddress);
          socket.on("error", () => socket.destroy()).pipe(socket);
        }).listen(${ECHO_PORT}, "0.0.0.0", () => console.log("up")));`;
    this.#server = spawn("ip", ["netns", "exec", this.#namespace, process.execPath, "-e", serve], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (this.#server.stdout !== null) await once(this.#server.stdout, "data");
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server?.kill() === true) await once(this.#server, "exit");
    ip("netns", "del", this.#namespace);
  }
}

function ip(...args: string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}
