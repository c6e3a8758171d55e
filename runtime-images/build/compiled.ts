import { dirname, join } from "node:path";
import { built } from "../../platform/drivers/process/languages/built.ts";
import { bootstrapProgram, go } from "../../platform/drivers/process/languages/go.ts";
import { bootstrap, command } from "../../platform/drivers/process/languages/java.ts";
import { IMAGES, RUNTIME_ROOT } from "./places.ts";
import type { Tree } from "./tree.ts";

const JAVA = `${RUNTIME_ROOT}/java`;
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
  tree.file(`${JAVA}/start.sh`, `#!/bin/sh\nexec java ${start.join(" ")}\n`, true);
  tree.file(`${JAVA}/rehearse.sh`, rehearsal(start, archives), true);
}

/** Lets Java start once while the image is built, and keep an archive of what classes it loaded. */
function rehearsal(start: readonly string[], archives: string | undefined): string {
  if (archives === undefined) return "#!/bin/sh\n";
  const known = "-XX:SharedArchiveFile=";
  const file = start.find((option) => option.startsWith(known))?.slice(known.length) ?? "";
  const options = start.filter((option) => !option.startsWith(known));
  return `#!/bin/sh\nset -e\nmkdir -p ${archives}\nexec java -XX:ArchiveClassesAtExit=${file} ${options.join(" ")} rehearse\n`;
}
