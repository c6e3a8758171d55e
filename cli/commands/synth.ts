import { writeFile } from "node:fs/promises";
import type { CommandModule } from "yargs";
import { programOptions, type ProgramOptions } from "../program-options.ts";
import { note } from "../terminal/screen.ts";

interface Options extends ProgramOptions {
  readonly out: string | undefined;
}

/** `fungraph synth [FOLDER]`: prints what a program declares. */
export const synthCommand: CommandModule<object, Options> = {
  command: "synth [folder]",
  describe: "Print everything a program declares, as sorted JSON",
  builder: (yargs) =>
    programOptions(yargs)
      .option("out", { alias: "o", type: "string", describe: "Write to this file instead" })
      .example("$0 synth examples/photo-api", "print it")
      .example("$0 synth --out application.json", "keep it, to compare it in a review"),
  handler: async ({ folder, out, stack, config }) => {
    const { findProject } = await import("../evaluate/project.ts");
    const { synthesize } = await import("../synth/application.ts");
    const application = await synthesize(findProject(folder, stack, config));
    if (out === undefined) process.stdout.write(application);
    else {
      await writeFile(out, application);
      note(`Written to ${out}.`);
    }
  },
};
