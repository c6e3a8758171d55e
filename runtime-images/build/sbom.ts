import { createHash } from "node:crypto";
import type { BaseImage } from "./base-image.ts";
import type { Tree } from "./tree.ts";

interface Component {
  readonly type: "library" | "file" | "container";
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: "SHA-256"; readonly content: string }[];
}

/**
 * What is in an image, as a CycloneDX 1.5 document: the base, its Debian packages, and every file that is added. Without a date, so that the
 * same image has the same document.
 */
export function renderSbom(name: string, base: BaseImage, tree: Tree): string {
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "container", name } },
    components: [baseComponent(base), ...packages(base), ...files(tree)],
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function baseComponent({ reference, id }: BaseImage): Component {
  const content = id.replace(/^sha256:/, "");
  return { type: "container", name: reference, hashes: [{ alg: "SHA-256", content }] };
}

function packages(base: BaseImage): Component[] {
  const distribution = /^ID="?([\w.-]+)/m.exec(base.read("/etc/os-release") ?? "")?.[1] ?? "debian";
  return (base.read("/var/lib/dpkg/status") ?? "")
    .split("\n\n")
    .filter((text) => /^Status: install ok installed$/m.test(text))
    .map((text): Component => {
      const field = (key: string): string => new RegExp(`^${key}: (.+)$`, "m").exec(text)?.[1] ?? "";
      const [name, version, architecture] = [field("Package"), field("Version"), field("Architecture")];
      const purl = `pkg:deb/${distribution}/${name}@${encodeURIComponent(version)}?arch=${architecture}`;
      return { type: "library", name, version, purl };
    })
    .sort(byName);
}

function files(tree: Tree): Component[] {
  return tree.paths.flatMap((path): Component[] => {
    const bytes = tree.bytes(path);
    if (bytes === undefined) return [];
    const content = createHash("sha256").update(bytes).digest("hex");
    return [{ type: "file", name: `/${path}`, hashes: [{ alg: "SHA-256", content }] }];
  });
}

function byName(a: Component, b: Component): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
