import { execFile } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { EngineError, type Engine } from "../../platform/drivers/docker/engine.ts";
import { Tree } from "../../runtime-images/build/tree.ts";

const run = promisify(execFile);

const SUITE = "bookworm";
const DEBIAN = `fungraph-test/debian:${SUITE}`;
const TRUSTED = "/etc/ssl/certs/ca-certificates.crt";
const CACHE = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "fungraph");

/**
 * Bases that need no registry of images: Debian's own packages, and the Node.js that runs the tests. Made once an engine; each stands for the
 * official image of its language.
 */
const RECIPES = {
  debian: undefined,
  nodejs: (tree: Tree) =>
    tree
      .file("Dockerfile", `FROM ${DEBIAN}\nCOPY node /usr/local/bin/node\n`)
      .copyFile(process.execPath, "node"),
  // Builds fetch packages as this machine does: by the authorities it trusts.
  python: (tree: Tree) =>
    tree
      .file(
        "Dockerfile",
        `${debianWith("python3 python3-pip python-is-python3")}COPY trusted.pem /etc/trusted.pem\nENV PIP_CERT=/etc/trusted.pem\n`,
      )
      .copyFile(TRUSTED, "trusted.pem"),
  java: aptGet("openjdk-17-jre-headless"),
  php: aptGet("php-cli"),
  csharp: aptGet("mono-runtime libmono-system-core4.0-cil libmono-system-runtime-serialization4.0-cil"),
} satisfies Record<string, ((tree: Tree) => Tree) | undefined>;

export type BaseName = keyof typeof RECIPES;

/** The tag of a base image; makes the image when the engine has it not, which takes minutes the first time. */
export async function base(engine: Engine, name: BaseName): Promise<string> {
  const recipe = RECIPES[name];
  if (recipe === undefined) {
    if (!(await exists(engine, DEBIAN))) await importDebian(engine);
    return DEBIAN;
  }
  const tag = `fungraph-test/${name}:${SUITE}`;
  if (await exists(engine, tag)) return tag;
  await base(engine, "debian");
  const context = await recipe(new Tree()).tar(0);
  const path = `/build?t=${tag}&rm=1&forcerm=1`;
  const question = { method: "POST", path, tar: Readable.from([context]) } as const;
  for await (const { error } of engine.follow<{ error?: string }>(question))
    if (error !== undefined) throw new Error(`the base ${tag} could not be built: ${error}`);
  return tag;
}

function aptGet(packages: string): (tree: Tree) => Tree {
  return (tree) => tree.file("Dockerfile", debianWith(packages));
}

function debianWith(packages: string): string {
  return `FROM ${DEBIAN}\nRUN apt-get update -q && apt-get install -y -q --no-install-recommends ${packages} && rm -rf /var/lib/apt/lists/*\n`;
}

async function importDebian(engine: Engine): Promise<void> {
  const path = `/images/create?fromSrc=-&repo=${encodeURIComponent(DEBIAN)}&platform=linux%2Famd64`;
  const question = { method: "POST", path, tar: createReadStream(await debianArchive()) } as const;
  for await (const { error } of engine.follow<{ error?: string }>(question))
    if (error !== undefined) throw new Error(`Debian could not be imported: ${error}`);
}

/** Debian's smallest system as a tar archive, kept outside the checkout. */
async function debianArchive(): Promise<string> {
  const archive = join(CACHE, `debian-${SUITE}.tar`);
  if (existsSync(archive)) return archive;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "fungraph-debian-"));
  try {
    await run("debootstrap", ["--variant=minbase", SUITE, folder], { maxBuffer: 1 << 26 });
    const leftOut = ["./dev/*", "./var/cache/apt/*", "./var/lib/apt/lists/*"].map(
      (each) => `--exclude=${each}`,
    );
    const same = ["--sort=name", "--mtime=@0", "--numeric-owner", "--one-file-system"];
    const half = `${archive}.${process.pid}`;
    await run("tar", [...same, ...leftOut, "-C", folder, "-cf", half, "."]);
    // Only a whole one gets the name.
    renameSync(half, archive);
    return archive;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function exists(engine: Engine, tag: string): Promise<boolean> {
  try {
    await engine.ask({ method: "GET", path: `/images/${tag}/json` });
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return false;
    throw error;
  }
}
