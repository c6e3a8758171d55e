import { existsSync, readdirSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { installed } from "./installed.ts";

/** A .NET runtime of this machine; one installation may hold several. */
export interface DotnetRuntime {
  /** For example `3.1.23`. */
  readonly version: string;
  /** The host program. */
  readonly program: string;
  /** Folder of the whole installation. */
  readonly root: string;
  /** Folder of the class library's assemblies. */
  readonly framework: string;
}

/** Where packages of distributions put it. */
const USUAL = ["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/lib64/dotnet"];
const FRAMEWORK = "shared/Microsoft.NETCore.App";

/** The runtimes on PATH, in DOTNET_ROOT, where distributions put them, and those that `fungraph runtimes install` has brought. */
export function dotnetRuntimes(): DotnetRuntime[] {
  const named = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, "dotnet"));
  const roots = [
    process.env["DOTNET_ROOT"] ?? "",
    ...installed("dotnet").map(({ folder }) => folder),
    ...USUAL,
  ];
  const programs = [...named, ...roots.map((root) => join(root, "dotnet"))]
    .filter((path) => path.startsWith("/") && existsSync(path))
    .map((path) => realpathSync(path));
  return [...new Set(programs)].flatMap((program) => runtimesOf(dirname(program)));
}

/** The C# compiler of a .NET SDK beside a runtime, as a command. */
export function sdkCompiler({ root, program }: DotnetRuntime): string[] | undefined {
  const compiler = versionsIn(join(root, "sdk"))
    .map((version) => join(root, "sdk", version, "Roslyn/bincore/csc.dll"))
    .findLast(existsSync);
  return compiler === undefined ? undefined : [program, compiler];
}

function runtimesOf(root: string): DotnetRuntime[] {
  return versionsIn(join(root, FRAMEWORK)).map((version) => ({
    version,
    program: join(root, "dotnet"),
    root,
    framework: join(root, FRAMEWORK, version),
  }));
}

/** Released versions, oldest first. */
function versionsIn(folder: string): string[] {
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
