import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { settleAssembly } from "./assembly.ts";
import type { Recipe } from "./built.ts";

const run = promisify(execFile);

/** What C# is compiled with, and for which runtime. */
export interface Toolchain {
  /** The compiler as a command; Mono's and .NET's take the same options. */
  readonly compiler: readonly string[];
  /** Folder of .NET's class library; for Mono the compiler knows it. */
  readonly framework?: string;
  /** .NET's host program. */
  readonly host?: string;
  /** Version of .NET, or of Mono. */
  readonly version: string;
}

/** The interfaces that code and bootstrap share. */
export const COMMON = "HC.Serverless.Function.Common.dll";
/** The program that becomes an instance. */
export const BOOTSTRAP = "Fungraph.Runtime.dll";
/** JSON for events and results. */
export const SERIALIZER = "HC.Serverless.Function.Common.JsonSerializer.dll";
/** What triggers send. */
export const EVENTS = "HC.Serverless.Function.Events.dll";
const CONFIGURATION = "Fungraph.Runtime.runtimeconfig.json";
/** Exit code of a bootstrap that was started by hand. */
const NOT_STARTED_BY_A_PLATFORM = 64;
/** Grows with every change of what is made from the same sources. */
const LAYOUT = 3;
const LIBRARIES = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"];

/** The bootstrap with the assemblies that functions use. @param image `runtime-images/csharp` */
export function bootstrapRecipe(image: string, toolchain: Toolchain): Recipe {
  const folders = ["bootstrap", "common", "events", "json", "serializer"];
  return {
    name: "csharp-bootstrap",
    sources: folders.map((folder) => join(image, folder)),
    with: JSON.stringify([LAYOUT, toolchain, cultures()]),
    make: (target) => make(image, target, toolchain),
  };
}

/** Compiles one assembly. @throws Error with what the compiler says */
export async function compile(
  { compiler, framework }: Toolchain,
  options: readonly string[],
  sources: readonly string[],
): Promise<void> {
  const [program = "", ...first] = compiler;
  const library = framework === undefined ? ["-r:System.Runtime.Serialization.dll"] : libraryOf(framework);
  try {
    await run(program, [...first, "-nologo", ...library, ...options, ...sources]);
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      message,
    } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`The C# compiler failed: ${(stdout + stderr).trim() || message}`, { cause: error });
  }
}

async function make(image: string, target: string, toolchain: Toolchain): Promise<void> {
  const sources = (folder: string): string[] =>
    readdirSync(join(image, folder))
      .filter((name) => name.endsWith(".cs"))
      .map((name) => join(image, folder, name));
  const library = (name: string, options: readonly string[], files: readonly string[]): Promise<void> =>
    compile(toolchain, ["-target:library", `-out:${join(target, name)}`, ...options], files);
  const common = `-r:${join(target, COMMON)}`;
  await library(COMMON, [], sources("common"));
  await library(EVENTS, [], sources("events"));
  await library(SERIALIZER, [common], [...sources("serializer"), ...sources("json")]);
  const program = [
    "-target:exe",
    `-out:${join(target, BOOTSTRAP)}`,
    "-unsafe",
    common,
    ...symbols(toolchain),
  ];
  await compile(toolchain, program, [...sources("bootstrap"), ...sources("json")]);
  for (const name of [COMMON, EVENTS, SERIALIZER, BOOTSTRAP]) settleAssembly(join(target, name));
  if (toolchain.host !== undefined) await configure(target, toolchain.host, toolchain.version);
  // Code made ahead of time: only faster, and not every machine has an assembler.
  else await run("mono", ["--aot", join(target, BOOTSTRAP)]).catch(() => undefined);
}

/** What the host reads beside the program. Where the machine has no ICU that it knows, .NET starts only without cultures. */
async function configure(target: string, host: string, version: string): Promise<void> {
  const write = (invariant: boolean): Promise<void> => {
    const runtimeOptions = {
      framework: { name: "Microsoft.NETCore.App", version },
      // What is compiled for an older .NET runs on a newer one.
      rollForward: "Major",
      configProperties: {
        "System.GC.Concurrent": false,
        "System.Globalization.Invariant": invariant,
        // Without cultures they are still there by name.
        "System.Globalization.PredefinedCulturesOnly": false,
      },
    };
    return writeFile(join(target, CONFIGURATION), JSON.stringify({ runtimeOptions }));
  };
  await write(false);
  const started = await run(host, [join(target, BOOTSTRAP)], { env: {} }).catch((error: unknown) => error);
  if ((started as { code?: unknown }).code !== NOT_STARTED_BY_A_PLATFORM) await write(true);
}

/** Libraries for cultures that this machine has. */
function cultures(): string[] {
  return LIBRARIES.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : [])).filter((name) =>
    /^libicuuc\.so\.\d+$/.test(name),
  );
}

function libraryOf(framework: string): string[] {
  // Those for Windows refer to what is not here, and a compiler may look there for what a task awaits.
  const names = readdirSync(framework).filter(
    (name) => /^(System|Microsoft)\..*\.dll$/.test(name) && !name.includes("WindowsRuntime"),
  );
  const facades = ["mscorlib.dll", "netstandard.dll", "System.dll"].filter((name) =>
    existsSync(join(framework, name)),
  );
  return ["-nostdlib", "-noconfig", ...[...names, ...facades].map((name) => `-r:${join(framework, name)}`)];
}

/** As the SDK defines them. */
function symbols({ framework, version }: Toolchain): string[] {
  if (framework === undefined) return [];
  return Number.parseInt(version, 10) < 3
    ? ["-define:NETCOREAPP"]
    : ["-define:NETCOREAPP", "-define:NETCOREAPP3_0_OR_GREATER"];
}
