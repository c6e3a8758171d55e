import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../cli/fungraph.mjs", import.meta.url));

/** A command in a terminal of its own, made by `script` of util-linux. */
export class Terminal {
  readonly #child: ChildProcess;
  readonly ended: Promise<void>;
  /** All that the terminal has shown. */
  text = "";

  constructor(args: readonly string[], cwd: string) {
    const command = [process.execPath, LAUNCHER, ...args].map((part) => `'${part}'`).join(" ");
    // Ctrl-C goes to the shell too, which must outlive the command to tell how it ended.
    const line = `trap : INT; ${command}; echo ended with $?`;
    this.#child = spawn("/usr/bin/script", ["-qfc", line, "/dev/null"], {
      cwd,
      env: { ...process.env, SHELL: "/bin/sh" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.text += chunk.toString()));
    this.ended = new Promise((resolve) => this.#child.once("close", () => resolve()));
  }

  /** Presses keys. */
  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits until the terminal shows it; fails when the command ends first. */
  async shows(pattern: RegExp): Promise<void> {
    let over = false;
    void this.ended.then(() => (over = true));
    while (!pattern.test(this.text)) {
      if (over) throw new Error(`ended without showing ${pattern}:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
