import { execFile } from "node:child_process";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { built } from "../../../platform/drivers/process/languages/built.ts";
import { java as machine } from "../../../platform/drivers/process/languages/java.ts";
import { bootstrap, classes, command } from "../../../platform/drivers/process/languages/java-build.ts";
import type { Interpreter } from "../../../platform/drivers/process/languages/language.ts";
import { IMAGES, type Language, type Program } from "./language.ts";

const run = promisify(execFile);

const IMAGE = join(IMAGES, "java");
const SOURCES = join(IMAGES, "contract", "java");
const COMPILER = join(import.meta.dirname, "CompileCases.java");

const INHERIT = join(IMAGE, "inherit.pl");
/** First version of Java that knows Unix sockets. */
const UNIX_SOCKETS = 16;

/** All cases are compiled by one Java, once for the same sources. */
export const java: Language = {
  family: "java",
  handler: className,
  subjects,
  async putCode(id, folder) {
    cpSync(join(await cases(), id), folder, { recursive: true });
  },
};

/** As `index.handler` is `demo.Index.handler`, `src/app.main` is `demo.src.App.main`. */
function className(name: string): string {
  if (!name.includes(".")) return name;
  const path = name.split("/");
  const last = path.pop() ?? "";
  return ["demo", ...path, last.charAt(0).toUpperCase() + last.slice(1)].join(".");
}

async function subjects(): Promise<{ found: Program[]; missing: string[] }> {
  const found = await machine.find();
  if (found.length === 0) return { found: [], missing: [`java: ${machine.missing("8")}`] };
  try {
    const lib = await built(bootstrap(IMAGE));
    await cases();
    return { found: await Promise.all(found.map((one) => programOf(one, lib))), missing: [] };
  } catch (error) {
    return { found: [], missing: [`java: ${(error as Error).message}`] };
  }
}

async function programOf(one: Interpreter, lib: string): Promise<Program> {
  const archives = await built(classes(one, lib, [lib])).catch(() => undefined);
  const { version, program } = one;
  const start = command(version, lib, archives);
  // As images do it.
  if (Number.parseInt(version, 10) < UNIX_SOCKETS)
    return { title: `java ${version}`, version, command: "perl", args: [INHERIT, program, ...start] };
  return { title: `java ${version}`, version, command: program, args: start };
}

/** The classes of each case in a folder of its own. */
function cases(): Promise<string> {
  return built({
    name: "java-contract",
    sources: [SOURCES, COMPILER, join(IMAGE, "sdk")],
    with: "",
    make: compileCases,
  });
}

async function compileCases(folder: string): Promise<void> {
  const lib = await built(bootstrap(IMAGE));
  const path = ["fungraph-java-sdk.jar", "gson.jar"].map((name) => join(lib, name)).join(":");
  const [compiler] = (await machine.find()).filter(({ program }) => existsSync(`${program}c`));
  await run(compiler?.program ?? "java", [COMPILER, path, SOURCES, folder]);
}
