import { execFile } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { built, type Recipe } from "./built.ts";
import { installed } from "./installed.ts";
import { nearest, numbers, type Interpreter, type Language } from "./language.ts";

const run = promisify(execFile);

const JAR = "bootstrap.jar";
const SOURCES = ["pom.xml", "sdk", "rehearsal", "unsafe", "bootstrap"];
const VENDORS = "/usr/lib/jvm";
/** Where instances have the bootstrap's jars, as seen from where they start: in a sandbox, and without one. */
const SEEN = ["../../home/snuser/runtime/java/lib", "../../images/java/lib"];
/** First version that archives the classes of an application by itself. */
const ARCHIVES = 13;

/** The Java versions of this machine: JAVA_HOME, those on PATH, the system's, and installed ones. */
export const java: Language = {
  family: "java",
  find: () => Promise.resolve(find()),
  choose: nearest,
  missing: (version) =>
    `No Java ${version} or newer was found on this machine, or no Maven and JDK 11 or newer, which build its bootstrap once. Install maven and openjdk-17-jdk-headless, or what your system calls them, and put them on PATH.`,
  async build(interpreter, image) {
    const lib = await built(bootstrap(image));
    // An archive of classes is only valid for jars of the very same times.
    cpSync(lib, join(image, "lib"), { recursive: true, preserveTimestamps: true });
    if (majorOf(interpreter.version) < ARCHIVES) return;
    try {
      const archives = await built(classes(interpreter, lib, SEEN));
      cpSync(archives, join(image, "classes", interpreter.name), { recursive: true });
      archived.add(interpreter.name);
    } catch {
      // Some have no archive of their own classes to build on. They start as well, only later.
    }
  },
};

/** Names of the interpreters that have an archive of the bootstrap's classes. */
const archived = new Set<string>();

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
  return {
    name: "java-classes",
    sources: [join(lib, JAR)],
    with: [program, version, ...options(version), ...paths].join("\n"),
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

function find(): Interpreter[] {
  // A Java that nothing can build the bootstrap for serves nobody.
  if (compiler() === undefined || !folders().some((folder) => existsSync(join(folder, "mvn")))) return [];
  const byName = new Map<string, Interpreter>();
  for (const home of homes()) {
    const one = interpreterOf(home);
    if (one !== undefined && !byName.has(one.name)) byName.set(one.name, one);
  }
  return [...byName.values()];
}

function homes(): Set<string> {
  const { JAVA_HOME } = process.env;
  const onPath = folders()
    .map((folder) => join(folder, "java"))
    .filter((program) => existsSync(program))
    .map((program) => dirname(dirname(realpathSync(program))));
  const vendors = existsSync(VENDORS) ? readdirSync(VENDORS).map((name) => join(VENDORS, name)) : [];
  const own = installed("java").map(({ folder }) => folder);
  const all = [...(JAVA_HOME ? [JAVA_HOME] : []), ...onPath, ...own, ...vendors];
  return new Set(all.filter((home) => existsSync(join(home, "bin/java"))).map((home) => realpathSync(home)));
}

function folders(): string[] {
  return (process.env["PATH"] ?? "").split(delimiter);
}

/** Home of a JDK that compiles for Java 8 as the bootstrap needs it. */
function compiler(): string | undefined {
  return [...homes()].find((one) => existsSync(join(one, "bin/javac")) && isCompiler(one));
}

/** What a file of every Java since 8 tells. */
function interpreterOf(home: string): Interpreter | undefined {
  const facts = existsSync(join(home, "release")) ? readFileSync(join(home, "release"), "utf8") : "";
  const version = /^JAVA_VERSION="(?:1\.)?(\d[\d.]*)/m.exec(facts)?.[1];
  if (version === undefined) return undefined;
  const name = `java${majorOf(version)}`;
  return {
    family: "java",
    name,
    version,
    program: join(home, "bin/java"),
    prefix: home.startsWith("/usr/") ? "/usr" : home,
    arguments(image, from) {
      const path = relative(from, join(image, "lib"));
      const known = archived.has(name) && SEEN.includes(path);
      return command(version, path, known ? join(image, "classes", name) : undefined);
    },
  };
}

function majorOf(version: string): number {
  return numbers(version)[0] ?? 0;
}

async function compile(image: string, folder: string): Promise<void> {
  const home = compiler();
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

const NEEDED = "Java's bootstrap is built once on each machine, with Maven and a JDK of version 11 or newer.";
const INSTALL = "install maven and openjdk-17-jdk-headless, or what your system calls them.";

function isCompiler(home: string): boolean {
  return majorOf(interpreterOf(home)?.version ?? "0") >= 11;
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
