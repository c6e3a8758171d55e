import { describe, expect, test } from "vitest";
import { ExitCode, Interrupted, UserError } from "../../cli/exit.ts";
import { reportFailure } from "../../cli/failure.ts";
import { fungraph } from "./command.ts";

const COMMANDS = [
  "",
  "dev",
  "synth",
  "events",
  "invoke",
  "logs",
  "ls",
  "metrics",
  "package",
  "platform",
  "platform start",
  "runtimes",
  "agencies",
  "queue",
  "topics",
];

describe("help", { timeout: 120_000 }, () => {
  test.each(COMMANDS)("of `fungraph %s` is what it was", async (command) => {
    const { code, stdout, stderr } = await fungraph([...command.split(" ").filter(Boolean), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    if (command !== "" && command !== "platform") expect(stdout).toContain("Examples:");
    await expect(stdout).toMatchFileSnapshot(
      `snapshots/help${command === "" ? "" : `-${command.replace(" ", "-")}`}.txt`,
    );
  });

  test("is plain text in a pipe, coloured where colour is forced", async () => {
    const plain = await fungraph(["runtimes"]);
    const coloured = await fungraph(["runtimes"], { env: { FORCE_COLOR: "1" } });
    const without = await fungraph(["runtimes"], { env: { NO_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b[");
    expect(coloured.stdout).toContain("\u001b[");
    expect(without.stdout).toBe(plain.stdout);
  });
});

describe("a mistake", { timeout: 120_000 }, () => {
  test.each([
    [[], "Which command?"],
    [["deev"], "Did you mean dev?"],
    [["synth", "--bogus"], "Unknown argument: bogus"],
    [["dev", "nowhere"], 'There is no folder "nowhere"'],
    [["invoke"], "Not enough non-option arguments"],
    [["synth", ".", "--config", "novalue"], "is not KEY=VALUE"],
    [["invoke", "f", "--async", "--log"], "Leave one of them out"],
    [["events", "cake"], 'no sample event "cake". Use one of apic, apig, cts'],
    [["ls"], "No platform runs in this folder"],
    [["ls", "--endpoint", "http://127.0.0.1:1"], "needs --project, --access-key, --secret-key too"],
  ])("%j exits 1 and says what to type", async (args, text) => {
    const { code, stdout, stderr } = await fungraph(args);
    expect(stderr).toContain(text);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("in an address exits 1", async () => {
    const keys = ["--project", "p", "--access-key", "a", "--secret-key", "s"];
    const { code, stderr } = await fungraph(["ls", "--endpoint", "http://127.0.0.1:1", ...keys]);
    expect(code).toBe(1);
    expect(stderr).toContain("gave no answer");
  });
});

describe("exit codes", () => {
  test("tell mistakes, interruptions and our own faults apart", () => {
    expect(reportFailure(new UserError("wrong"))).toBe(ExitCode.Mistake);
    expect(reportFailure(new Interrupted("stopped"))).toBe(ExitCode.Interrupted);
    expect(reportFailure(new TypeError("ours"))).toBe(ExitCode.Bug);
    expect(ExitCode).toEqual({ Success: 0, Mistake: 1, Bug: 70, Interrupted: 130 });
  });
});
