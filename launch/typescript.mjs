// What is loaded before all else: a cache of compiled code, because the command and the programs it evaluates start often.
// And types: Node strips them from the package's TypeScript, except below node_modules, where an installed package lies.
// This hook strips there too, for the files of this package alone.
import * as modules from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// Another Node has been found before the one that the package brings, which `npx` and npm's scripts put first.
if (modules.registerHooks === undefined || modules.stripTypeScriptTypes === undefined) {
  process.stderr.write(
    `Programs run on Node 24 or newer, and this is Node ${process.versions.node}.\n` +
      "Start Pulumi as `npx pulumi`, which finds the Node 24 that the package fungraph brings, or put a newer Node on PATH.\n",
  );
  process.exit(1);
}

// Below the user's own folder: what is cached there is run.
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "fungraph");
modules.enableCompileCache(join(cache, "compiled"));

const root = pathToFileURL(dirname(dirname(fileURLToPath(import.meta.url)))).href + "/";

if (root.includes("/node_modules/")) {
  const { strip } = await import("./strip.mjs");
  modules.registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith(root) || !url.endsWith(".ts")) return nextLoad(url, context);
      const source = strip(fileURLToPath(url), join(cache, "stripped"));
      return { format: "module", source, shortCircuit: true };
    },
  });
}
