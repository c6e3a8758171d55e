import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import type { Cgroup } from "../machine/cgroups.ts";
import { coverInherited } from "./inherited.ts";
import type { Sandbox } from "./sandbox.ts";

/** The layout of a server's memory and its secrets for hashing are those of all its children: each server has only so many. */
const MOST_CHILDREN = 200;

/** What a machine does not let it do once it will not let it do later; a sandbox that is gone is none of that. */
const FOR_GOOD: ReadonlySet<string> = new Set(["EPERM", "ENOSYS", "EINVAL"]);

/** What a fork server is made from. */
export interface ForkServerParts {
  /** Program and arguments that run fork-server.sh. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly group: Cgroup;
}

/** A start on its way. */
interface Order {
  readonly sandbox: Sandbox;
  readonly token: string;
  readonly joined: PromiseWithResolvers<void>;
}

/** A process with an interpreter that has everything imported and no function in it; instances are copies of it. */
export class ForkServer {
  /** Settles when nothing of it is left. */
  readonly gone: Promise<void>;
  state: "starting" | "ready" | "unable" | "gone" = "starting";
  readonly #child: ChildProcess;
  /** By owner name of the process that waits in the sandbox. */
  readonly #orders = new Map<string, Order>();
  /** By process id. */
  readonly #children = new Map<number, Sandbox>();
  #made = 0;
  #retired = false;

  constructor({ command, environment, group }: ForkServerParts) {
    const [program, ...args] = command;
    const stdio = coverInherited(["ignore", "ignore", "ignore", "pipe"]);
    this.#child = spawn(program, args, { cwd: "/", env: environment, stdio, detached: true });
    this.gone = this.#end(group);
    const lines = createInterface({ input: this.#control });
    for (const stream of [this.#control, lines])
      stream.on("error", () => {
        // It is gone; its exit tells.
      });
    lines.on("line", (line) => this.#heard(line));
  }

  /** True when it has had all the children that it may have. */
  get worn(): boolean {
    return this.#made >= MOST_CHILDREN;
  }

  /** Starts the runtime of a sandbox, without a fork when none can be had. */
  start(sandbox: Sandbox, token: string): void {
    const process = this.state === "ready" && !this.worn ? sandbox.waiting : undefined;
    if (process === undefined) {
      sandbox.run(token);
      return;
    }
    this.#made += 1;
    const joined = Promise.withResolvers<void>();
    this.#orders.set(process, { sandbox, token, joined });
    sandbox.forking(joined.promise);
    this.#control.write(`fork ${process} ${token}\n`);
  }

  /** Lets it end with its last child, whose status only it can tell. */
  retire(): void {
    this.#retired = true;
    if (this.#children.size === 0 && this.#orders.size === 0) this.kill();
  }

  /** Ends it, and what it started. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  get #control(): Duplex {
    return this.#child.stdio[3] as Duplex;
  }

  #heard(line: string): void {
    const [word, first = "", second = ""] = line.split(" ");
    if (word === "ready") this.state = "ready";
    if (word === "forked") this.#forked(first, Number(second));
    if (word === "refused") this.#refused(first, second);
    if (word === "ended") this.#ended(Number(first), Number(second));
  }

  #forked(process: string, child: number): void {
    const order = this.#orders.get(process);
    if (order === undefined) return;
    this.#orders.delete(process);
    this.#children.set(child, order.sandbox);
    order.sandbox.join(child).then(order.joined.resolve, order.joined.reject);
  }

  #refused(process: string, reason: string): void {
    const order = this.#orders.get(process);
    if (order === undefined) return;
    this.#orders.delete(process);
    if (FOR_GOOD.has(reason)) this.state = "unable";
    order.sandbox.run(order.token);
    order.joined.resolve();
  }

  #ended(child: number, status: number): void {
    this.#children.get(child)?.ended(status);
    this.#children.delete(child);
    if (this.#retired) this.retire();
  }

  async #end(group: Cgroup): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#child.once("exit", () => resolve());
      this.#child.once("error", () => resolve());
    });
    // One that never was ready would never be.
    this.state = this.state === "ready" ? "gone" : "unable";
    // How they end nobody can tell any more, nor how far it came with an order.
    for (const { sandbox } of this.#orders.values()) sandbox.kill();
    for (const sandbox of this.#children.values()) sandbox.kill();
    this.#control.destroy();
    await group.end();
  }
}
