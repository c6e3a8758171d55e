import { createHash } from "node:crypto";
import { debianPackages, type BaseImage } from "./base-image.ts";
import type { Part } from "./parts.ts";
import type { Tree } from "./tree.ts";

interface Component {
  readonly type: "library" | "file" | "container";
  readonly "bom-ref": string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: "SHA-256"; readonly content: string }[];
}

/**
 * What is in an image, as a CycloneDX 1.5 document: the base, its Debian packages, the parts beside them, and every file that is added.
 * Without a date, so that the same image has the same document.
 */
export function renderSbom(name: string, base: BaseImage, parts: readonly Part[], tree: Tree): string {
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "container", "bom-ref": "image", name } },
    components: [baseComponent(base), ...packages(base), ...libraries(parts), ...files(tree)],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function baseComponent({ reference, id }: BaseImage): Component {
  const content = id.replace(/^sha256:/, "");
  return { type: "container", "bom-ref": "base", name: reference, hashes: [{ alg: "SHA-256", content }] };
}

function packages(base: BaseImage): Component[] {
  const distribution = /^ID="?([\w.-]+)/m.exec(base.read("/etc/os-release") ?? "")?.[1] ?? "debian";
  return debianPackages(base).map(({ name, version, architecture }) => {
    const purl = `pkg:deb/${distribution}/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`;
    return { type: "library", "bom-ref": purl, name, version, purl };
  });
}

/** Each once: a library may lie in several folders. */
function libraries(parts: readonly Part[]): Component[] {
  const known = new Map(parts.map((part) => [part.purl, part]));
  return [...known.values()]
    .sort((a, b) => (a.purl < b.purl ? -1 : 1))
    .map((part) => ({ type: "library", "bom-ref": part.purl, ...part }));
}

function files(tree: Tree): Component[] {
  return tree.paths.flatMap((path): Component[] => {
    const bytes = tree.bytes(path);
    if (bytes === undefined) return [];
    const content = createHash("sha256").update(bytes).digest("hex");
    const name = `/${path}`;
    return [{ type: "file", "bom-ref": name, name, hashes: [{ alg: "SHA-256", content }] }];
  });
}
