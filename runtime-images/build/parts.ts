import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openArchive } from "../../packaging/archive.ts";
import { readContent } from "../../packaging/code-file.ts";
import type { BaseImage } from "./base-image.ts";
import { IMAGES } from "./places.ts";
import type { Tree } from "./tree.ts";

/** A piece of software in an image, beside Debian's packages. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** Where it comes from, as a package URL: `pkg:npm/lodash@4.18.1`. */
  readonly purl: string;
}

/** Official images tell by these variables what language they bring. */
const LANGUAGES: Readonly<Record<string, string>> = {
  NODE_VERSION: "node",
  PYTHON_VERSION: "python",
  PHP_VERSION: "php",
  JAVA_VERSION: "openjdk",
  DOTNET_VERSION: "dotnet",
};
/** Bytes that stand before the version in every program that Go has made. */
const GO_MARK = Buffer.from("\xff Go buildinf:", "latin1");
/** From the mark to the length of the version, in the form of Go 1.18 and newer. */
const GO_HEAD_BYTES = 32;

/** The language that a base brings by other means than Debian's packages. */
export function languageOf({ variables }: BaseImage): Part[] {
  return Object.entries(LANGUAGES).flatMap(([variable, name]) => {
    const version = variables.get(variable);
    return version === undefined ? [] : [part("generic", name, version)];
  });
}

/** Packages of npm and of Maven, assemblies and programs of Go among files. */
export async function partsOf(tree: Tree): Promise<Part[]> {
  const found: Part[] = [];
  for (const path of tree.paths) {
    const bytes = tree.bytes(path);
    if (bytes === undefined) continue;
    if (/(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path)) found.push(...npmPackage(bytes));
    else if (path.endsWith(".jar")) found.push(...(await jar(path, bytes)));
    else if (path.endsWith(".dll")) found.push(ours(basename(path, ".dll")));
    else found.push(...goProgram(path, bytes));
  }
  return found;
}

/**
 * Packages of PyPI that a stage of the Dockerfile installs: one `name==version --hash=…` a line.
 * @param lists folder with one list for each version of Python
 * @throws Error for a base without Python, or with one that has no list
 */
export function pythonPackages(base: BaseImage, lists: string): Part[] {
  const version = /^\d+\.\d+/.exec(
    base.variables.get("PYTHON_VERSION") ?? base.package("python3") ?? "",
  )?.[0];
  const list = join(IMAGES, lists, `python${version ?? ""}.txt`);
  if (!existsSync(list))
    throw new Error(
      `The base image ${base.reference} has ${version === undefined ? "no Python" : `Python ${version}, for which there is no list of libraries`}. Give another base by --base, for example python:3.12-slim.`,
    );
  return readFileSync(list, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, name, pinned] = /^([\w.-]+)==(\S+)/.exec(line) ?? [];
      return name === undefined || pinned === undefined ? [] : [part("pypi", name.toLowerCase(), pinned)];
    });
}

function npmPackage(bytes: Buffer): Part[] {
  const { name, version } = JSON.parse(bytes.toString()) as { name?: string; version?: string };
  return name === undefined || version === undefined ? [] : [part("npm", name, version)];
}

/** Maven leaves in a jar what it was made from. */
async function jar(path: string, bytes: Buffer): Promise<Part[]> {
  const { tree } = await openArchive(path, bytes);
  const made = [...tree.values()].filter(({ name }) => /^META-INF\/maven\/.*\/pom\.properties$/.test(name));
  const texts = await Promise.all(made.map(async (file) => (await readContent(file)).toString()));
  return texts.map((text) => {
    const value = (key: string): string => new RegExp(`^${key}=(.*?)\r?$`, "m").exec(text)?.[1] ?? "";
    return part("maven", `${value("groupId")}/${value("artifactId")}`, value("version"));
  });
}

/** An assembly is compiled from the sources of this project. */
function ours(name: string): Part {
  const { version } = JSON.parse(readFileSync(join(IMAGES, "../package.json"), "utf8")) as {
    version: string;
  };
  return part("generic", name, version);
}

function goProgram(path: string, bytes: Buffer): Part[] {
  const at = bytes.subarray(0, 4).toString("latin1") === "\x7fELF" ? bytes.indexOf(GO_MARK) : -1;
  if (at < 0) return [];
  const start = at + GO_HEAD_BYTES + 1;
  const version = bytes.toString("latin1", start, start + (bytes[start - 1] ?? 0));
  return [ours(`go-${basename(path)}`), part("golang", "std", version.replace(/^go/, ""))];
}

function part(type: string, name: string, version: string): Part {
  const escaped = name.split("/").map(encodeURIComponent).join("/");
  return { name, version, purl: `pkg:${type}/${escaped}@${encodeURIComponent(version)}` };
}
