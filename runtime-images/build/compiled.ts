import { dirname, join } from "node:path";
import { built } from "../../platform/drivers/process/languages/built.ts";
import { toolchains } from "../../platform/drivers/process/languages/csharp.ts";
import {
  BOOTSTRAP,
  bootstrapRecipe,
  type Toolchain,
} from "../../platform/drivers/process/languages/csharp-build.ts";
import { bootstrapProgram, go } from "../../platform/drivers/process/languages/go.ts";
import { bootstrap, command } from "../../platform/drivers/process/languages/java-build.ts";
import { IMAGES, RUNTIME_ROOT } from "./places.ts";
import type { Tree } from "./tree.ts";

const CSHARP = `${RUNTIME_ROOT}/csharp`;
const JAVA = `${RUNTIME_ROOT}/java`;
/** Mono's class library is older than this version's of .NET, 5.0. */
const AFTER_MONO = 500;
/** First version of Java that knows Unix sockets. */
const UNIX_SOCKETS = 16;
/** First version that archives the classes of an application by itself. */
const ARCHIVES = 13;

/** The bootstrap of Go functions, built by this machine's Go. */
export async function completeGo(tree: Tree): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      "The bootstrap of Go functions is built by this machine's Go. Build this image on linux/x86-64.",
    );
  const [toolchain] = await go.find();
  if (toolchain === undefined) throw new Error(go.missing("1.x"));
  const program = await bootstrapProgram(join(IMAGES, "go"), toolchain.version);
  tree.copy(dirname(program), `${RUNTIME_ROOT}/go`);
}

/** The jars of Java's bootstrap, built by this machine's Maven, and how the image's Java starts them. */
export async function completeJava(tree: Tree, version: string): Promise<void> {
  tree.copy(await built(bootstrap(join(IMAGES, "java"))), `${JAVA}/lib`);
  const archives = Number(version) < ARCHIVES ? undefined : `/${JAVA}/classes`;
  const start = command(version, `/${JAVA}/lib`, archives);
  const opener = Number(version) < UNIX_SOCKETS ? `perl /${JAVA}/inherit.pl ` : "";
  tree.file(`${JAVA}/start.sh`, `#!/bin/sh\nexec ${opener}java ${start.join(" ")}\n`, true);
  if (opener !== "") tree.copyFile(join(IMAGES, "java/inherit.pl"), `${JAVA}/inherit.pl`);
  tree.folder(`${JAVA}/classes`).file(`${JAVA}/prepare.sh`, preparation(start, archives), true);
}

/**
 * Lets Java start once and keep an archive of what classes it loaded, which halves the start of an instance. The archive is never the same
 * bytes twice, so it is no part of the image: the driver keeps it in a volume beside it.
 */
function preparation(start: readonly string[], archives: string | undefined): string {
  if (archives === undefined) return "#!/bin/sh\n";
  const known = "-XX:SharedArchiveFile=";
  const file = start.find((option) => option.startsWith(known))?.slice(known.length) ?? "";
  const options = start.filter((option) => !option.startsWith(known)).join(" ");
  return `#!/bin/sh
[ -e ${file} ] && exit 0
java -XX:ArchiveClassesAtExit=${file}.$$ ${options} rehearse && exec mv ${file}.$$ ${file}
`;
}

/** C#'s bootstrap for .NET, for Mono, or for both, built by what this machine has; the base decides which of them runs. */
export async function completeCsharp(tree: Tree, version: string): Promise<void> {
  const builders = (await toolchains()).map(({ toolchain }) => toolchain);
  // What is compiled for an older .NET runs on a newer one.
  const dotnet = builders.findLast((one) => one.host !== undefined && rank(one.version) <= rank(version));
  const mono = rank(version) < AFTER_MONO ? builders.find((one) => one.host === undefined) : undefined;
  if (dotnet === undefined && mono === undefined)
    throw new Error(
      `C#'s bootstrap is compiled for .NET ${version} or an older one, and this machine has none with a C# compiler. Install the .NET ${version} SDK and put it on PATH.`,
    );
  if (mono !== undefined) await addCsharp(tree, "mono", mono);
  if (dotnet !== undefined) {
    await addCsharp(tree, "dotnet", dotnet);
    lowerPatch(tree, dotnet.version);
  }
  const starts = ["dotnet", "mono"].map(
    (kind) => `command -v ${kind} >/dev/null && exec ${kind} /${CSHARP}/${kind}/${BOOTSTRAP}\n`,
  );
  tree.file(`${CSHARP}/start.sh`, `#!/bin/sh\n${starts.join("")}`, true);
}

async function addCsharp(tree: Tree, kind: string, toolchain: Toolchain): Promise<void> {
  // Code made ahead of time fits the very Mono that made it, and is never the same bytes twice.
  const leave = [`${BOOTSTRAP}.so`];
  tree.copy(await built(bootstrapRecipe(join(IMAGES, "csharp"), toolchain)), `${CSHARP}/${kind}`, leave);
}

/** The image's .NET may be of an older patch than the one that compiled. */
function lowerPatch(tree: Tree, version: string): void {
  const path = tree.paths.find((each) => each.endsWith("dotnet/Fungraph.Runtime.runtimeconfig.json"));
  const text = path === undefined ? undefined : tree.bytes(path)?.toString();
  if (path !== undefined && text !== undefined)
    tree.file(path, text.replace(`"${version}"`, `"${version.split(".", 2).join(".")}.0"`));
}

/** Versions in the order of their age. */
function rank(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 100 + minor;
}
