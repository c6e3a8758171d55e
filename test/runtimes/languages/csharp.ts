import { readdirSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { built } from "../../../platform/drivers/process/languages/built.ts";
import {
  BOOTSTRAP,
  bootstrapRecipe,
  COMMON,
  compile,
  EVENTS,
  SERIALIZER,
  type Toolchain,
} from "../../../platform/drivers/process/languages/csharp-build.ts";
import { csharp as machine, toolchains } from "../../../platform/drivers/process/languages/csharp.ts";
import { IMAGES, type Language, type Program } from "./language.ts";

const IMAGE = join(IMAGES, "csharp");
const SOURCES = join(IMAGES, "contract", "csharp");
/** What code is compiled against. */
const SHARED = [COMMON, SERIALIZER, EVENTS];

/** Mono and every .NET of this machine; the code is compiled once, by Mono's compiler if there is one, and runs on all. */
export const csharp: Language = {
  family: "csharp",
  handler: (name) => {
    const method = name.split(".")[1];
    return method === undefined || name.includes("::") ? name : `index::Example.Program::${capital(method)}`;
  },
  async putCode(id, folder) {
    if (id === "a-missing-file") return;
    await cp(join(await casesFolder(), id), folder, { recursive: true });
  },
  async subjects() {
    const all = await toolchains();
    const found = await Promise.all(all.map(subject));
    if (found.length > 0) await casesFolder();
    return { found, missing: found.length === 0 ? [`csharp: ${machine.missing("8.0")}`] : [] };
  },
};

type Machine = Awaited<ReturnType<typeof toolchains>>[number];

async function subject({ interpreter, toolchain }: Machine): Promise<Program> {
  const folder = await built(bootstrapRecipe(IMAGE, toolchain));
  return {
    title: titleOf({ interpreter }),
    command: interpreter.launched ?? interpreter.program,
    args: [join(folder, BOOTSTRAP)],
  };
}

function titleOf({ interpreter }: Pick<Machine, "interpreter">): string {
  return `${interpreter.name} ${interpreter.version}`;
}

async function casesFolder(): Promise<string> {
  const { toolchain } = (await toolchains()).at(-1) as Machine;
  const bootstrap = await built(bootstrapRecipe(IMAGE, toolchain));
  return built({
    name: "csharp-contract",
    sources: [SOURCES, join(bootstrap, COMMON)],
    with: JSON.stringify(toolchain),
    make: (target) => compileCases(target, bootstrap, toolchain),
  });
}

/**
 * Compiles sources into `index.dll` for one runtime, as its own compiler would, with an assembly of their own beside it.
 * @returns the folder of both
 */
export async function compileChecks(sources: string, { title }: Program): Promise<string> {
  const { toolchain } = (await toolchains()).find((one) => titleOf(one) === title) as Machine;
  const bootstrap = await built(bootstrapRecipe(IMAGE, toolchain));
  return built({
    name: "csharp-checks",
    sources: [sources, join(bootstrap, COMMON)],
    with: JSON.stringify(toolchain),
    async make(target) {
      const part = join(target, "Part.dll");
      await compile(toolchain, ["-target:library", `-out:${part}`], [join(sources, "Part.cs")]);
      const options = ["-target:library", `-out:${join(target, "index.dll")}`, `-r:${part}`];
      const references = SHARED.map((name) => `-r:${join(bootstrap, name)}`);
      await compile(toolchain, [...options, ...references], [join(sources, "Checks.cs")]);
      // As a build by the SDK leaves them there; those that the runtime has are used.
      for (const name of SHARED) await cp(join(bootstrap, name), join(target, name));
    },
  });
}

/** Compiles the one source in a folder, against what code is given. @returns the assembly */
export async function compileForPlatform(folder: string): Promise<string> {
  const { toolchain } = (await toolchains()).at(-1) as Machine;
  const bootstrap = await built(bootstrapRecipe(IMAGE, toolchain));
  const [source = ""] = readdirSync(folder);
  const made = await built({
    name: "csharp-function",
    sources: [folder, join(bootstrap, COMMON)],
    with: JSON.stringify(toolchain),
    make: (target) =>
      compile(
        toolchain,
        [
          "-target:library",
          `-out:${join(target, basename(source, ".cs"))}.dll`,
          `-r:${join(bootstrap, COMMON)}`,
        ],
        [join(folder, source)],
      ),
  });
  return join(made, `${basename(source, ".cs")}.dll`);
}

async function compileCases(target: string, bootstrap: string, toolchain: Toolchain): Promise<void> {
  const names = readdirSync(SOURCES).filter((name) => name.endsWith(".cs"));
  const references = SHARED.map((name) => `-r:${join(bootstrap, name)}`);
  const work = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const folder = join(target, basename(name, ".cs"));
      await mkdir(folder);
      const options = ["-target:library", `-out:${join(folder, "index.dll")}`, ...references];
      await compile(toolchain, options, [join(SOURCES, name)]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
