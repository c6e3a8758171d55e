// Node strips types from the package's TypeScript, except below node_modules, where an installed package lies.
// This hook strips there too, for the files of this package alone.
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

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
