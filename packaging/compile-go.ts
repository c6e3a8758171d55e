import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Fault } from "../model/fault.ts";
import { type CodeFile, type CodeTree, memoryFile, readContent } from "./code-file.ts";
import { goCommand } from "./go-command.ts";
import { codeFault, PackagingError } from "./packaging-error.ts";

const run = promisify(execFile);

const RUNTIME = "huaweicloud.com/go-runtime";
/** What stands for the runtime module that the service's documents tell users to download. */
const RUNTIME_FOLDER = fileURLToPath(new URL("../runtime-images/go/go-runtime", import.meta.url));
const SOURCE = /(^|\/)(go\.(mod|sum|work|work\.sum)|[^/]+\.go)$|^vendor\//;
/** No path of this machine, no date, no version control: the same sources give the same bytes. */
const FLAGS = ["-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="];
/** `./main.go:7:2: undefined: x` */
const PLACE = /^(?:\.\/)?([^\s:]+\.go:\d+(?::\d+)?): (.+)$/;

/** True for the folder of a Go module that holds no program of the handler's name yet. */
export function isGoSource(tree: CodeTree, handler: string): boolean {
  return tree.has("go.mod") && !tree.has(handler);
}

/**
 * Compiles the program of a Go module for x86-64 Linux. The module may import `huaweicloud.com/go-runtime` as it is: unless go.mod says
 * otherwise, or the code brings a copy in `vendor`, the one that comes with this package is taken. Files that are no sources stay beside
 * the program. Throws PackagingError with the place of every fault.
 */
export async function compileGo(folder: string, tree: CodeTree, handler: string): Promise<CodeTree> {
  const temporary = await mkdtemp(join(tmpdir(), "fungraph-go-"));
  try {
    const program = join(temporary, "program");
    const modules = tree.has("vendor/modules.txt")
      ? ["-mod=vendor"]
      : await ownModules(folder, tree, temporary);
    await compile(folder, ["build", ...FLAGS, ...modules, "-o", program, "."]);
    const files: CodeFile[] = [...tree.values()].filter(({ name }) => !SOURCE.test(name));
    files.push(memoryFile(handler, await readFile(program), true));
    files.sort((a, b) => (a.name < b.name ? -1 : 1));
    return new Map(files.map((file) => [file.name, file]));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A go.mod that finds the runtime module, beside the user's own, which stays as it is. */
async function ownModules(folder: string, tree: CodeTree, temporary: string): Promise<string[]> {
  const file = tree.get("go.mod");
  const text = file === undefined ? "" : (await readContent(file)).toString();
  const decided = new RegExp(`^\\s*(replace\\s+)?${RUNTIME.replaceAll(".", "\\.")}\\s.*=>`, "m").test(text);
  // Relative, since the path becomes part of the program.
  const way = relative(folder, RUNTIME_FOLDER);
  const replace = decided ? "" : `\nreplace ${RUNTIME} => ${way.startsWith(".") ? way : `./${way}`}\n`;
  await writeFile(join(temporary, "go.mod"), text + replace);
  if (tree.has("go.sum")) await copyFile(join(folder, "go.sum"), join(temporary, "go.sum"));
  return ["-mod=mod", `-modfile=${join(temporary, "go.mod")}`];
}

async function compile(folder: string, command: readonly string[]): Promise<void> {
  const env = {
    ...process.env,
    GOOS: "linux",
    GOARCH: "amd64",
    CGO_ENABLED: "0",
    GOFLAGS: "",
    GOWORK: "off",
  };
  const go = goCommand();
  if (go === undefined) throw new PackagingError([noGo()]);
  try {
    await run(go, command, { cwd: folder, env });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new PackagingError(faultsOf(stderr ?? String(error)));
  }
}

function noGo(): Fault {
  return codeFault(
    "go.mod",
    "is that of a Go module, and no Go was found to compile it",
    "Install Go and put it on PATH, or name a folder that holds the compiled program.",
  );
}

function faultsOf(said: string): Fault[] {
  const places = said.split("\n").flatMap((line) => {
    const [, place, text] = PLACE.exec(line) ?? [];
    return place === undefined || text === undefined ? [] : [codeFault(place, text, "Correct the source.")];
  });
  if (places.length > 0) return places;
  return [
    codeFault("go.mod", `cannot be compiled: ${said.trim()}`, "Run go build in the folder to see more."),
  ];
}
