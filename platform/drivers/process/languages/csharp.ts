import { execFile } from "node:child_process";
import { cpSync, existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { buildInto } from "./built.ts";
import { BOOTSTRAP, bootstrapRecipe, type Toolchain } from "./csharp-build.ts";
import { dotnetRuntimes, sdkCompiler, type DotnetRuntime } from "./dotnet.ts";
import { nearest, numbers, type Interpreter, type Language } from "./language.ts";

const run = promisify(execFile);

const MONO = "mono";
/** Mono's class library is that of .NET Standard 2.0, which later versions went beyond. */
const FIRST_WITHOUT_MONO = 5;
/** Mono's settings, which name the system's libraries: instances do not see the machine's. */
const SETTINGS = join(MONO, "settings");

/** The .NET runtimes of this machine, and Mono for want of one. */
export const csharp: Language = {
  family: "csharp",
  find: async () => (await toolchains()).map(({ interpreter }) => interpreter),
  choose: (found, version) =>
    nearest(found.filter(isDotnet), version) ??
    (Number.parseInt(version, 10) < FIRST_WITHOUT_MONO ? found.find((one) => one.name === MONO) : undefined),
  missing: (version) =>
    `No .NET ${version} or newer with a C# compiler was found on this machine. Install the .NET SDK, or a .NET runtime and mono-mcs, and put them on PATH.`,
  async build(interpreter, image) {
    const found = (await toolchains()).find((one) => one.interpreter.name === interpreter.name);
    if (found === undefined) throw new Error(csharp.missing(interpreter.version));
    if (!isDotnet(interpreter) && existsSync("/etc/mono"))
      cpSync("/etc/mono", join(image, SETTINGS, "mono"), { recursive: true });
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
  return [
    ...dotnet,
    { interpreter: monoInterpreter(version, mono), toolchain: { compiler: [mcs], version } },
  ];
}

function isDotnet({ name }: Interpreter): boolean {
  return name !== MONO;
}

function dotnetInterpreter({ version, program, root }: DotnetRuntime): Interpreter {
  const [major, minor] = numbers(version);
  const name = `dotnet${major}.${minor}`;
  const prefix = root.startsWith("/usr/") ? "/usr" : root;
  return {
    family: "csharp",
    name,
    version,
    program,
    prefix,
    arguments: (image) => [join(image, name, BOOTSTRAP)],
  };
}

function monoInterpreter(version: string, mono: string): Interpreter {
  const launched = realpathSync(mono);
  return {
    family: "csharp",
    name: MONO,
    version,
    program: realpathSync("/usr/bin/env"),
    launched,
    prefix: "/usr",
    arguments: (image) => [`MONO_CFG_DIR=${join(image, SETTINGS)}`, launched, join(image, MONO, BOOTSTRAP)],
  };
}

function onPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
