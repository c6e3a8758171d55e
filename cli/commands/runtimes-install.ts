import type { CommandModule } from "yargs";
import type { Installation } from "../../platform/drivers/process/install/installation.ts";
import { UserError } from "../exit.ts";
import { during, print, warn } from "../terminal/screen.ts";

const WHAT = ["nodejs", "nodejs-libraries", "python-libraries", "dotnet"] as const;

interface Options {
  what: (typeof WHAT)[number][];
}

/** `fungraph runtimes install`: exact Node.js versions, a .NET runtime, and the third-party libraries that functions find in the service. */
export const installCommand: CommandModule<object, Options> = {
  command: "install [what..]",
  describe: "Install exact Node.js versions, .NET 3.1, and the libraries that come with runtimes",
  builder: (yargs) =>
    yargs
      .positional("what", { choices: WHAT, array: true, default: [...WHAT], describe: "What to install" })
      .epilogue(
        "They go to $FUNGRAPH_RUNTIMES, or to fungraph/runtimes in your cache folder. Platforms that start from then on use them.",
      ),
  handler: async ({ what }) => {
    const wanted = new Set<string>(what);
    const all = (await offers()).filter((one) => wanted.has(one.what));
    const failed: string[] = [];
    for (const one of all) {
      try {
        await add(one);
      } catch (error) {
        failed.push(one.folder);
        warn(`${one.folder}: ${(error as Error).message}`);
      }
    }
    if (failed.length > 0) throw new UserError(`${failed.length} of ${all.length} were not installed.`);
  },
};

async function offers(): Promise<Installation[]> {
  const { nodeModules, nodeVersions } = await import("../../platform/drivers/process/install/nodejs.ts");
  const { pythonModules } = await import("../../platform/drivers/process/install/python.ts");
  const { dotnetRuntime } = await import("../../platform/drivers/process/install/dotnet.ts");
  return [...nodeVersions(), ...nodeModules(), ...(await pythonModules()), ...(await dotnetRuntime())];
}

async function add(one: Installation): Promise<void> {
  const { install } = await import("../../platform/drivers/process/install/installation.ts");
  const fresh = await during(`Installing ${one.folder}`, () => install(one));
  print(`${one.folder} ${fresh ? "installed" : "is there"}`);
}
