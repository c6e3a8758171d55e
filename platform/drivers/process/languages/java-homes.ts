import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { installed } from "./installed.ts";
import { numbers } from "./language.ts";

const VENDORS = "/usr/lib/jvm";

/** Where Java is installed: JAVA_HOME, those on PATH, what `fungraph runtimes` knows, the system's. */
export function homes(): Set<string> {
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

/** True when Maven is on PATH. */
export function hasMaven(): boolean {
  return folders().some((folder) => existsSync(join(folder, "mvn")));
}

function folders(): string[] {
  return (process.env["PATH"] ?? "").split(delimiter);
}

/** Version of the Java at a place, without the `1.` of Java 8; a file of every Java since 8 tells it. */
export function versionAt(home: string): string | undefined {
  const facts = existsSync(join(home, "release")) ? readFileSync(join(home, "release"), "utf8") : "";
  return /^JAVA_VERSION="(?:1\.)?(\d[\d.]*)/m.exec(facts)?.[1];
}

/** First number of a version. */
export function majorOf(version: string): number {
  return numbers(version)[0] ?? 0;
}

/** Home of a JDK that compiles for Java 8 as the bootstrap needs it; the first that has the option for it is 9. */
export function compilerHome(): string | undefined {
  return [...homes()].find(
    (one) => existsSync(join(one, "bin/javac")) && majorOf(versionAt(one) ?? "") >= 11,
  );
}
