import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandModule } from "yargs";
import { print, printJson } from "../terminal/screen.ts";
import { paint } from "../terminal/style.ts";
import { renderTable } from "../terminal/table.ts";
import { installCommand } from "./runtimes-install.ts";

interface Options {
  all: boolean;
  json: boolean;
}

/** `fungraph runtimes`: what this machine can run, with what, and how well it keeps functions apart. */
export const runtimesCommand: CommandModule<object, Options> = {
  command: "runtimes",
  describe: "Show which runtimes this machine can run, and its isolation",
  builder: (yargs) =>
    yargs
      .option("all", {
        alias: "a",
        type: "boolean",
        default: false,
        describe: "Show those it cannot run too, and why",
      })
      .option("json", { type: "boolean", default: false, describe: "Print JSON" })
      .command(installCommand)
      .example("$0 runtimes", "what works here")
      .example("$0 runtimes --all", "what does not, and why"),
  handler: async ({ all, json }) => {
    const machine = await look();
    if (json) printJson(machine);
    else tell(machine, all);
  },
};

type Machine = Awaited<ReturnType<typeof look>>;

async function look() {
  const { ProcessDriver } = await import("../../platform/drivers/process/process-driver.ts");
  const folder = await mkdtemp(join(tmpdir(), "fungraph-runtimes-"));
  try {
    const driver = await ProcessDriver.open({ runDir: folder, codeRoot: folder });
    try {
      const { isolation, missing } = driver.capabilities;
      return { runtimes: await driver.runtimes(), isolation: { inForce: isolation, missing } };
    } finally {
      await driver.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tell({ runtimes, isolation }: Machine, all: boolean): void {
  const shown = runtimes.filter((each) => all || each.available);
  const rows = shown.map((each) => [
    each.runtime,
    each.available ? paint("green", "yes") : paint("dim", "no"),
    each.detail,
  ]);
  print(renderTable(["Runtime", "Here", all ? "With, or why not" : "With"], rows));
  const others = runtimes.length - shown.length;
  if (others > 0) print(paint("dim", `${others} more cannot run here; --all shows why.`));
  print(`\nIsolation in force: ${isolation.inForce.join(", ") || "none"}`);
  for (const sentence of isolation.missing) print(`Missing: ${sentence}`);
}
