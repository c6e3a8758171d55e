import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { installed, librariesFolder } from "./installed.ts";
import { nearest, numbers, type Interpreter, type Language, type Libraries } from "./language.ts";

/** The first version of Node.js that maintained versions of all libraries run on. */
const MODERN = 14;
const LISTS = fileURLToPath(new URL("../../../../runtime-images/nodejs/libraries", import.meta.url));

/** The lock holds checksums of what comes from npm, and none of the one module that is our own. */
const OWN_MODULE = ["index.js", "events.js", "middleware.js"].map((file) => join(LISTS, "fgs-express", file));

const run = promisify(execFile);

/** The Node that runs the platform, which comes with the package, and those that are installed for functions. */
export const nodejs: Language = {
  family: "nodejs",
  choose: nearest,
  missing: (version) =>
    `No Node.js ${version} or newer was found on this machine. Install it with \`fungraph runtimes install nodejs\`, or start the platform with a newer one.`,
  polish: joinFiles,
  async find() {
    const others = installed("nodejs").map(({ version, folder }) =>
      interpreter(version, join(folder, "bin/node")),
    );
    return [platformNode(), ...others.filter(({ program }) => existsSync(program))];
  },
};

/** Makes one file of the bootstrap: finding and reading a dozen takes a tenth of a start. */
async function joinFiles({ name }: Interpreter, image: string): Promise<void> {
  const esbuild = createRequire(import.meta.url).resolve("esbuild/bin/esbuild");
  const whole = join(image, `bootstrap.${name}.js`);
  // Old versions must not see import(), so its file stays apart; nor any syntax that is newer than the sources'.
  const options = ["--bundle", "--platform=node", "--external:./import-module", "--log-level=error"];
  await run(esbuild, [join(image, "bootstrap.js"), ...options, `--outfile=${whole}`]);
  await rename(whole, join(image, "bootstrap.js"));
}

/** The Node that runs this program: also what bootstraps for code in other languages run on. */
export function platformNode(): Interpreter {
  return interpreter(process.versions.node, realpathSync(process.execPath));
}

/** What the modules of guide table 3-42 are made from: all versions from 14 on share one set, all before another. */
export function moduleSet(version: string): { readonly list: string; readonly folder: string } {
  const name = (numbers(version)[0] ?? 0) < MODERN ? "until-12" : "from-14";
  const list = join(LISTS, name);
  return {
    list,
    folder: librariesFolder(`nodejs-${name}`, [join(list, "package-lock.json"), ...OWN_MODULE]),
  };
}

function interpreter(version: string, program: string): Interpreter {
  const [major, minor] = numbers(version);
  return {
    family: "nodejs",
    name: `nodejs${major}.${minor}`,
    version,
    program,
    prefix: dirname(dirname(program)),
    arguments: (image) => [join(image, "bootstrap.js")],
    ...modules(version),
  };
}

/** In the parent of the code both require and import find them, after the code's own. */
function modules(version: string): { readonly libraries?: Libraries } {
  const folder = join(moduleSet(version).folder, "node_modules");
  if (!existsSync(folder)) return {};
  return { libraries: { folder, inside: "/opt/function/node_modules", variable: "NODE_PATH" } };
}
