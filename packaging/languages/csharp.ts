import type { Fault } from "../../model/fault.ts";
import { readContent, type CodeTree } from "../code-file.ts";
import { codeFault } from "../packaging-error.ts";
import { missingEntry } from "./missing-entry.ts";

/** Larger ones are none that is loaded at every start, so no text check tells; they need not fit into memory. */
const ASSEMBLY_BYTES = 16 * 1024 * 1024;

/** The assembly that the handler `ASSEMBLY::NAMESPACE.CLASS::METHOD` names is at the root, and names the class. */
export async function checkAssembly(tree: CodeTree, handler: string): Promise<Fault[]> {
  const [assembly = "", type = ""] = handler.split("::");
  const name = `${assembly}.dll`;
  const entry = tree.get(name);
  if (entry === undefined) return [missingEntry(tree, [name])];
  if (entry.size > ASSEMBLY_BYTES) return [];
  const content = (await readContent(entry)).toString("latin1");
  if (!content.startsWith("MZ"))
    return [
      codeFault(
        name,
        "is not a .NET assembly",
        "Build it with: dotnet publish -c Release, and pack what is published.",
      ),
    ];
  if (isNamed(content, type)) return [];
  return [
    {
      property: "handler",
      value: handler,
      rule: `${name} has no class ${type}`,
      fix: "Correct namespace and class in the handler; upper and lower case count.",
      code: "FSS.1003",
    },
  ];
}

/** Metadata keep namespace and name of a class each as text that ends with a zero. */
function isNamed(content: string, type: string): boolean {
  const dot = type.lastIndexOf(".");
  const [space, name = ""] = [
    type.slice(0, Math.max(0, dot)),
    type
      .slice(dot + 1)
      .split("+")
      .at(-1),
  ];
  return [space, name].every((text) => content.includes(`${Buffer.from(text).toString("latin1")}\0`));
}
