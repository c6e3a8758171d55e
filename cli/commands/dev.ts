import type { CommandModule } from "yargs";
import type { DevOptions } from "../dev/dev-run.ts";
import { platformOptions } from "../platform-options.ts";
import { programOptions } from "../program-options.ts";

/** `fungraph dev FOLDER`: a program on a platform on this machine, with hot reload. */
export const devCommand: CommandModule<object, DevOptions> = {
  command: "dev [folder]",
  describe: "Run a program on this machine and apply every change that you save",
  builder: (yargs) =>
    programOptions(platformOptions(yargs))
      .option("data", { type: "string", describe: "Folder for everything it keeps [FOLDER/.fungraph]" })
      .option("try", {
        type: "boolean",
        default: false,
        describe: "Send what expect.json says and check the answers",
      })
      .option("exit", { type: "boolean", default: false, describe: "Deploy (and try) once, then stop" })
      .example("$0 dev examples/photo-api", "serve it until Ctrl-C")
      .example("$0 dev examples/photo-api --try --exit", "check its answers once, as a build server does")
      .example("$0 dev -c threshold=5", "run the program in this folder with a setting"),
  handler: async (options) => {
    const { runDev } = await import("../dev/dev-run.ts");
    process.exitCode = await runDev(options);
  },
};
