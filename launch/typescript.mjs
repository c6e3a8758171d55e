// What is loaded before all else: a cache of compiled code, because the command and the programs it evaluates start often.
// And types: Node strips them from the package's TypeScript, except below node_modules, where an installed package lies.
// This hook strips there too, for the files of this package alone.
import { readFileSync } from "node:fs";
import { enableCompileCache, registerHooks, stripTypeScriptTypes } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

// Below the user's own folder: what is cached there is run.
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
enableCompileCache(join(cache, "fungraph", "compiled"));

const root = pathToFileURL(dirname(dirname(fileURLToPath(import.meta.url)))).href + "/";

if (root.includes("/node_modules/")) {
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith(root) || !url.endsWith(".ts")) return nextLoad(url, context);
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"));
      return { format: "module", source, shortCircuit: true };
    },
  });
}
