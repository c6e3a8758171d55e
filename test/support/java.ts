import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ZipArchive } from "archiver";
import { built } from "../../platform/drivers/process/languages/built.ts";
import { java } from "../../platform/drivers/process/languages/java.ts";
import { bootstrap } from "../../platform/drivers/process/languages/java-build.ts";

const run = promisify(execFile);

/** The Java runtime's own folder, and its jars once they are built. */
const IMAGE = fileURLToPath(new URL("../../runtime-images/java", import.meta.url));

/** Folder with the bootstrap's jars. */
export function javaLibraries(): Promise<string> {
  return built(bootstrap(IMAGE));
}

/** Compiles sources, by their paths, as users do: against the interfaces and Gson. */
export async function compileJava(sources: Readonly<Record<string, string>>, target: string): Promise<void> {
  const lib = await javaLibraries();
  const work = await mkdtemp(join(tmpdir(), "fungraph-javac-"));
  try {
    const paths = Object.keys(sources).map((name) => join(work, name));
    for (const [name, text] of Object.entries(sources)) {
      await mkdir(dirname(join(work, name)), { recursive: true });
      await writeFile(join(work, name), text);
    }
    const path = ["fungraph-java-sdk.jar", "gson.jar"].map((name) => join(lib, name)).join(":");
    const compiler = (await java.find()).map(({ program }) => `${program}c`).find((one) => existsSync(one));
    const options = ["--release", "8", "-Xlint:-options", "-encoding", "UTF-8", "-cp", path, "-d", target];
    await run(compiler ?? "javac", [...options, ...paths]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The same as a function's archive. */
export async function zipJava(sources: Readonly<Record<string, string>>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "fungraph-javac-"));
  try {
    await compileJava(sources, folder);
    return await jarOf(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A jar of a folder; it is a zip. */
export async function jarOf(folder: string): Promise<Buffer> {
  const zip = new ZipArchive();
  zip.directory(folder, false);
  void zip.finalize();
  return Buffer.concat(await zip.toArray());
}
