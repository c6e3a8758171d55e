import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url).href;

/**
 * Makes `fungraph` and `@pulumi/pulumi` mean this package's own copies wherever the program lies, because two copies of
 * either would not know each other's resources; and remembers the program's own modules.
 * @returns the paths of the program's modules, filled while they load
 */
export function followModules(): Set<string> {
  const modules = new Set<string>();
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const shared = specifier === "fungraph" || /^@pulumi\/pulumi($|\/)/.test(specifier);
      return nextResolve(specifier, shared ? { ...context, parentURL: import.meta.url } : context);
    },
    load(url, context, nextLoad) {
      const own =
        url.startsWith(root) && !url.startsWith(`${root}examples/`) && !url.startsWith(`${root}test/`);
      if (url.startsWith("file:") && !own && !url.includes("/node_modules/")) modules.add(fileURLToPath(url));
      return nextLoad(url, context);
    },
  });
  return modules;
}
