import type { Argv } from "yargs";

/** Which program a command runs, and with which settings. */
export interface ProgramOptions {
  /** Folder of the program. */
  readonly folder: string;
  /** Settings of `Pulumi.<stack>.yaml` are used. */
  readonly stack: string;
  /** Settings of this run alone, each `KEY=VALUE`. */
  readonly config: string[];
}

/** Adds the options of every command that runs a program. */
export function programOptions<T>(yargs: Argv<T>): Argv<T & ProgramOptions> {
  return yargs
    .positional("folder", { type: "string", default: ".", describe: "Folder of the program" })
    .option("stack", {
      type: "string",
      default: "dev",
      describe: "Stack whose settings are used (Pulumi.<stack>.yaml)",
    })
    .option("config", {
      alias: "c",
      type: "string",
      array: true,
      nargs: 1,
      default: [],
      describe: "Set KEY=VALUE for this run",
    });
}
