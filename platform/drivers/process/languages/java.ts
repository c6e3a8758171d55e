import { cpSync } from "node:fs";
import { join, relative } from "node:path";
import { built } from "./built.ts";
import { bootstrap, classes, command } from "./java-build.ts";
import { compilerHome, hasMaven, homes, majorOf, versionAt } from "./java-homes.ts";
import { nearest, type Interpreter, type Language } from "./language.ts";

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

function find(): Interpreter[] {
  // A Java that nothing can build the bootstrap for serves nobody.
  if (compilerHome() === undefined || !hasMaven()) return [];
  const byName = new Map<string, Interpreter>();
  for (const home of homes()) {
    const one = interpreterOf(home);
    if (one !== undefined && !byName.has(one.name)) byName.set(one.name, one);
  }
  return [...byName.values()];
}

function interpreterOf(home: string): Interpreter | undefined {
  const version = versionAt(home);
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
