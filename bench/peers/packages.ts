import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MissingPeer } from "./peer.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Where peers are kept; nothing of them is in the checkout. */
const CACHE = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "fungraph", "peers");

let packages: string | undefined;

/**
 * The folder of the peers from npm: `node_modules`, and beside it the programs of this folder. The packages are installed
 * with the first call for a lock file; none of their install scripts runs. Throws MissingPeer where npm cannot.
 */
export function peerPackages(): string {
  return (packages ??= install());
}

function install(): string {
  const lock = readFileSync(join(HERE, "package-lock.json"));
  const folder = join(CACHE, `npm-${createHash("sha256").update(lock).digest("hex").slice(0, 32)}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    for (const name of ["package.json", "package-lock.json"])
      copyFileSync(join(HERE, name), join(draft, name));
    process.stderr.write(`installing the peers' packages into ${folder} ...\n`);
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const { status } = spawnSync("npm", ["ci", ...options], { cwd: draft, stdio: ["ignore", 2, 2] });
    if (status !== 0) {
      rmSync(draft, { recursive: true, force: true });
      throw new MissingPeer("its package cannot be installed here");
    }
    renameSync(draft, folder);
  }
  cpSync(join(HERE, "programs"), join(folder, "programs"), { recursive: true });
  return folder;
}

/** A program that is built from a Go module. */
export interface GoProgram {
  readonly name: string;
  /** Path and version of the module, as `go get` takes them. */
  readonly module: string;
  readonly version: string;
  /** Path of the package with the program. */
  readonly target: string;
  /** The path that the module gives itself, where it is another. */
  readonly alias?: string;
  /** A file of the module that the program needs; it is kept beside the program, with its own ending. */
  readonly beside?: string;
}

/** The program's file, built with the first call for a version. Throws MissingPeer where there is no Go, or the module cannot be had. */
export function goProgram(program: GoProgram): string {
  const file = join(CACHE, `${program.name}-${program.version}`);
  if (existsSync(file)) return file;
  const draft = `${file}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  process.stderr.write(`building ${program.name} from its module ...\n`);
  try {
    for (const args of steps(program)) go(args, draft);
    if (program.beside !== undefined) {
      const folder = go(["list", "-m", "-f", "{{.Dir}}", program.alias ?? program.module], draft).trim();
      copyFileSync(join(folder, program.beside), `${file}${extname(program.beside)}`);
    }
    renameSync(join(draft, "program"), file);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return file;
}

function steps({ module, version, target, alias }: GoProgram): string[][] {
  const named = ["mod", "edit", `-replace=${alias}=${module}@${version}`];
  return [
    ["mod", "init", "peer"],
    ...(alias === undefined ? [] : [named]),
    ["get", alias === undefined ? `${target}@${version}` : target],
    ["build", "-mod=mod", "-trimpath", "-ldflags=-s -w", "-o", "program", target],
  ];
}

/** Runs the Go tool; answers what it prints. */
function go(args: readonly string[], cwd: string): string {
  const env = { ...process.env, CGO_ENABLED: "0", PATH: `${process.env["PATH"]}:/usr/local/go/bin` };
  const { status, error, stdout, stderr } = spawnSync("go", args, { cwd, env, encoding: "utf8" });
  if (error !== undefined) throw new MissingPeer("there is no Go here");
  if (status !== 0) throw new MissingPeer(`its module cannot be had here (${reason(stderr)})`);
  return stdout;
}

/** The first thing that went wrong, without addresses. */
function reason(stderr: string): string {
  const [first = ""] = stderr.split("\n").filter((line) => /error|fail|cannot|not |\d{3} [A-Z]/i.test(line));
  return first.replaceAll(/reading https?:\/\/\S+:\s*/g, "").trim();
}
