import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { buildInto } from "./built.ts";
import { BOOTSTRAP, bootstrapRecipe, type Toolchain } from "./csharp-build.ts";
import { dotnetRuntimes, sdkCompiler, type DotnetRuntime } from "./dotnet.ts";
import { nearest, numbers, type Interpreter, type Language } from "./language.ts";

const run = promisify(execFile);

const MONO = "mono";

/** The .NET runtimes of this machine, and Mono for want of one that is new enough. */
export const csharp: Language = {
  family: "csharp",
  find: async () => (await toolchains()).map(({ interpreter }) => interpreter),
  choose: (found, version) =>
    nearest(found.filter(isDotnet), version) ?? found.find((one) => one.name === MONO),
  missing: (version) =>
    `No .NET ${version} or newer with a C# compiler was found on this machine. Install the .NET SDK, or a .NET runtime and mono-mcs, and put them on PATH.`,
  async build(interpreter, image) {
    const found = (await toolchains()).find((one) => one.interpreter.name === interpreter.name);
    if (found === undefined) throw new Error(csharp.missing(interpreter.version));
    await buildInto(join(image, interpreter.name), bootstrapRecipe(image, found.toolchain));
  },
};

/** The runtimes of this machine that the bootstrap can be built for, each with what builds it. */
export async function toolchains(): Promise<{ interpreter: Interpreter; toolchain: Toolchain }[]> {
  const mcs = onPath("mcs");
  const dotnet = dotnetRuntimes().flatMap((runtime) => {
    const compiler = sdkCompiler(runtime) ?? (mcs === undefined ? undefined : [mcs]);
    if (compiler === undefined) return [];
    const { framework, program, version } = runtime;
    return [
      { interpreter: dotnetInterpreter(runtime), toolchain: { compiler, framework, host: program, version } },
    ];
  });
  const mono = onPath(MONO);
  if (mono === undefined || mcs === undefined) return dotnet;
  const { stdout } = await run(mono, ["--version"]);
  const version = /version (\d+(?:\.\d+)+)/.exec(stdout)?.[1] ?? "";
  const interpreter = interpreterOf({ name: MONO, version, program: realpathSync(mono), prefix: "/usr" });
  return [...dotnet, { interpreter, toolchain: { compiler: [mcs], version } }];
}

function isDotnet({ name }: Interpreter): boolean {
  return name !== MONO;
}

function dotnetInterpreter({ version, program, root }: DotnetRuntime): Interpreter {
  const [major, minor] = numbers(version);
  const prefix = root.startsWith("/usr/") ? "/usr" : root;
  return interpreterOf({ name: `dotnet${major}.${minor}`, version, program, prefix });
}

function interpreterOf(facts: Pick<Interpreter, "name" | "version" | "program" | "prefix">): Interpreter {
  return {
    family: "csharp",
    ...facts,
    arguments: (image) => [join(image, facts.name, BOOTSTRAP)],
  };
}

function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
