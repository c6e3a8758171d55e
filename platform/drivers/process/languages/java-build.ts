import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Recipe } from "./built.ts";
import { compilerHome, majorOf } from "./java-homes.ts";
import type { Interpreter } from "./language.ts";

const run = promisify(execFile);

const JAR = "bootstrap.jar";
/** Not the whole folders: Maven may have been there before. */
const SOURCES = [
  "pom.xml",
  ...["sdk", "rehearsal", "unsafe", "bootstrap"].flatMap((module) => [`${module}/pom.xml`, `${module}/src`]),
];
const NEEDED = "Java's bootstrap is built once on each machine, with Maven and a JDK of version 11 or newer.";
const INSTALL = "install maven and openjdk-17-jdk-headless, or what your system calls them.";

/** The bootstrap's jars. Takes Maven and a JDK the first time. @param image the family's folder */
export function bootstrap(image: string): Recipe {
  return {
    name: "java-bootstrap",
    sources: SOURCES.map((name) => join(image, name)),
    with: "",
    make: (folder) => compile(image, folder),
  };
}

/** One archive of loaded classes for each path of the jars, absolute or relative to where an instance starts. */
export function classes(interpreter: Interpreter, lib: string, paths: readonly string[]): Recipe {
  const { program, version } = interpreter;
  // Java compares times, too.
  const times = readdirSync(lib).map((name) => Math.trunc(statSync(join(lib, name)).mtimeMs / 1000));
  return {
    name: "java-classes",
    sources: [join(lib, JAR)],
    with: [program, version, ...options(version), ...paths, ...times].join("\n"),
    async make(folder) {
      for (const path of paths)
        await archive(interpreter, { lib, path, target: join(folder, archiveOf(path)) });
    },
  };
}

/** How Java starts an instance. @param path of the jars. @param archives folder of archives of classes, if there are any */
export function command(version: string, path: string, archives?: string): string[] {
  const known = archives === undefined ? [] : [`-XX:SharedArchiveFile=${join(archives, archiveOf(path))}`];
  return [...options(version), ...known, "-jar", join(path, JAR)];
}

/** A spare instance does not know how large its function will be: the heap grows as needed, and the platform draws the line. */
function options(version: string): string[] {
  const major = majorOf(version);
  return [
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
    "-Xms32m",
    "-Xmx10g",
    "-XX:MaxNewSize=32m",
    "-XX:MinHeapFreeRatio=10",
    "-XX:MaxHeapFreeRatio=30",
    "-Dfile.encoding=UTF-8",
    "-Djava.awt.headless=true",
    // Method handles instead would have to be made in every instance.
    ...(major >= 18 ? ["-Djdk.reflect.useNativeAccessorOnly=true"] : []),
    ...(major >= 23 ? ["--sun-misc-unsafe-memory-access=allow"] : []),
  ];
}

async function compile(image: string, folder: string): Promise<void> {
  const home = compilerHome();
  if (home === undefined) throw new Error(`${NEEDED} No JDK was found; ${INSTALL}`);
  const work = await mkdtemp(join(tmpdir(), "fungraph-java-"));
  try {
    for (const name of SOURCES) await cp(join(image, name), join(work, name), { recursive: true });
    const env = { ...process.env, JAVA_HOME: home };
    await run("mvn", ["-q", "-B", "package"], { cwd: work, env }).catch((error: unknown) => {
      throw new Error(explain(error as Error & { stdout?: string }), { cause: error });
    });
    await cp(join(work, "bootstrap/target/lib"), folder, { recursive: true, preserveTimestamps: true });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function explain(error: Error & { stdout?: string }): string {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return `${NEEDED} Maven was not found; ${INSTALL}`;
  const said = error.stdout?.split("\n").find((line) => line.includes("ERROR"));
  return `${NEEDED} Maven failed: ${said ?? error.message}`;
}

function archiveOf(path: string): string {
  return `${path.replaceAll(/\W+/g, "-")}.jsa`;
}

/** Lets an instance live once without a platform and keep what classes it loaded. Their jars count by the words that lead to them. */
async function archive(
  { program, version }: Interpreter,
  { lib, path, target }: { lib: string; path: string; target: string },
): Promise<void> {
  const world = await mkdtemp(join(tmpdir(), "fungraph-java-"));
  try {
    const up = path.split("/").filter((part) => part === "..");
    const from = up.reduce((folder, _, depth) => join(folder, String(depth)), world);
    await mkdir(from, { recursive: true });
    if (up.length > 0) {
      const jars = join(from, path);
      await mkdir(dirname(jars), { recursive: true });
      await symlink(lib, jars);
    }
    const quiet = ["-Xlog:cds=off", "-Xlog:cds+dynamic=off", `-XX:ArchiveClassesAtExit=${target}`];
    const start = [...quiet, ...command(version, path), "rehearse"];
    await run(program, start, { cwd: from, timeout: 60_000 });
    if (!existsSync(target)) throw new Error(`${basename(program)} wrote no archive`);
  } finally {
    await rm(world, { recursive: true, force: true });
  }
}
