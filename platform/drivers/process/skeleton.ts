import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { LIMITS } from "../../../model/limits.ts";
import { folderInside } from "./interpreter-folders.ts";
import type { Interpreter } from "./languages/language.ts";

/** What the world of the instances is made from. */
export interface World {
  /** Folder to write the skeleton and its fstab in. */
  readonly folder: string;
  /** Parent of all unpacked code. */
  readonly codeRoot: string;
  /** Copy of `runtime-images/` with what was built in it. */
  readonly images: string;
  readonly interpreters: readonly Interpreter[];
  /** Further paths under which functions look for interpreters, and where they lead. */
  readonly documented: ReadonlyMap<string, string>;
}

/** Where things are for a function (functiongraph: RUNTIME_CODE_ROOT, RUNTIME_ROOT). */
export const CODE_ROOT = "/opt/function/code";
/** Where a bootstrap opens its door (PROTOCOL.md): writable until the code of a function comes. */
export const DOOR_FOLDER = "/home/snuser/door";
const RUNTIME_ROOT = "/home/snuser/runtime";
const READ_ONLY = "bind,ro,nosuid,nodev";
const USER = "uid=1003,gid=1003,nosuid,nodev";

/** Files of /etc that programs need; the rest of it is the machine's own business. */
const ETC = [
  "alternatives",
  "ca-certificates",
  "fonts",
  "ld.so.cache",
  "localtime",
  "mime.types",
  "pki",
  "ssl",
];
/** Debian keeps them there, for each version. */
const SETTINGS_OF_JAVA = /^java-\d+-/;
const DEVICES = ["full", "null", "random", "tty", "urandom", "zero"];
const OWN_PROGRAM: ReadonlySet<string> = new Set(["custom", "http"]);
const SYSTEM = ["bin", "lib", "lib32", "lib64", "libx32", "sbin"];

/** The root that instances see, and what each mounts into it in its own namespace. */
export interface Skeleton {
  /** Folder with empty folders and files to mount on. */
  readonly root: string;
  /** Path of the fstab for instances of an interpreter. */
  fstab(interpreter: Interpreter): string;
}

/** Writes the skeleton, once a platform. */
export function writeSkeleton(world: World): Skeleton {
  const root = join(world.folder, "root");
  mkdirSync(join(root, "old"), { recursive: true, mode: 0o755 });
  // Only root may pass: behind it lies the code of every function.
  mkdirSync(join(root, "store"), { mode: 0o700 });
  const mounts = [
    `${escape(root)} ${escape(root)} none ${READ_ONLY} 0 0`,
    ...systemMounts(root),
    ...deviceMounts(root),
    ...userMounts(root),
    bind(root, world.images, RUNTIME_ROOT),
    bind(root, world.codeRoot, "/store"),
  ];
  mkdirSync(join(root, CODE_ROOT), { recursive: true });
  writeAccounts(join(root, "etc"));
  writeLinks(root, world.documented);
  const fstab = ({ family, name }: Interpreter): string => join(world.folder, `fstab.${family}.${name}`);
  for (const one of world.interpreters)
    writeFileSync(fstab(one), `${[...mounts, ...ownMounts(root, one, world.interpreters)].join("\n")}\n`);
  return { root, fstab };
}

function writeLinks(root: string, links: ReadonlyMap<string, string>): void {
  for (const [path, target] of links) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }
}

/** The interpreter and its libraries. Code that brings its own program may need any interpreter. */
function ownMounts(root: string, one: Interpreter, all: readonly Interpreter[]): string[] {
  const mounts = new Set<string>();
  for (const each of OWN_PROGRAM.has(one.family) ? all : [one])
    if (each.prefix !== "/usr") mounts.add(bind(root, each.prefix, folderInside(each)));
  if (one.libraries !== undefined) mounts.add(bind(root, one.libraries.folder, one.libraries.inside));
  return [...mounts];
}

function programInside(interpreter: Interpreter): string {
  if (!isAbsolute(interpreter.program)) return join(RUNTIME_ROOT, interpreter.family, interpreter.program);
  if (interpreter.prefix === "/usr") return interpreter.program;
  return join(folderInside(interpreter), interpreter.program.slice(interpreter.prefix.length));
}

/**
 * Where the loader finds shared libraries of the program: the path compiled in is the one outside. Code that brings its own program may run any
 * Python of `all`; other interpreters find theirs by themselves.
 */
export function librariesInside(one: Interpreter, all: readonly Interpreter[]): string | undefined {
  const pythons = OWN_PROGRAM.has(one.family) ? all.filter(({ family }) => family === "python") : [];
  const folders = [one, ...pythons]
    .filter(({ prefix }) => prefix !== "/usr" && existsSync(join(prefix, "lib")))
    .map((each) => join(folderInside(each), "lib"));
  return folders.length === 0 ? undefined : [...new Set(folders)].join(":");
}

/** What starts an instance inside the sandbox: the program and its arguments. */
export function commandInside(interpreter: Interpreter): string[] {
  const image = join(RUNTIME_ROOT, interpreter.family);
  return [programInside(interpreter), ...interpreter.arguments(image, dirname(CODE_ROOT))];
}

function systemMounts(root: string): string[] {
  const mounts = [bind(root, "/usr", "/usr")];
  for (const name of SYSTEM) {
    const path = `/${name}`;
    if (!existsSync(path)) continue;
    if (lstatSync(path).isSymbolicLink()) symlinkSync(readlinkSync(path), join(root, name));
    else mounts.push(bind(root, path, path));
  }
  return [
    ...mounts,
    ...[...ETC, ...readdirSync("/etc").filter((name) => SETTINGS_OF_JAVA.test(name))]
      .map((name) => `/etc/${name}`)
      .filter(existsSync)
      .map((path) => bind(root, path, path)),
  ];
}

function deviceMounts(root: string): string[] {
  const mounts = DEVICES.map((name) => bind(root, `/dev/${name}`, `/dev/${name}`, "bind"));
  symlinkSync("/proc/self/fd", join(root, "dev/fd"));
  for (const [number, name] of ["stdin", "stdout", "stderr"].entries())
    symlinkSync(`/proc/self/fd/${number}`, join(root, "dev", name));
  mkdirSync(join(root, "proc"));
  return [...mounts, `proc ${escape(join(root, "proc"))} proc nosuid,nodev,noexec 0 0`];
}

function userMounts(root: string): string[] {
  return [
    tmpfs(root, "/tmp", `size=${LIMITS.temporaryBytes},mode=0700,${USER}`),
    tmpfs(root, "/dev/shm", `size=64m,mode=0700,noexec,${USER}`),
    tmpfs(root, DOOR_FOLDER, `size=4k,nr_inodes=4,mode=0755,noexec,${USER}`),
    tmpfs(root, "/home/snuser/log", `size=16m,mode=0700,noexec,${USER}`),
  ];
}

function bind(root: string, source: string, target: string, options = READ_ONLY): string {
  const at = join(root, target);
  if (statSync(source).isDirectory()) mkdirSync(at, { recursive: true });
  else {
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, "");
  }
  return `${escape(source)} ${escape(at)} none ${options} 0 0`;
}

function tmpfs(root: string, target: string, options: string): string {
  const at = join(root, target);
  mkdirSync(at, { recursive: true });
  return `tmpfs ${escape(at)} tmpfs ${options} 0 0`;
}

function writeAccounts(etc: string): void {
  mkdirSync(etc, { recursive: true });
  writeFileSync(
    join(etc, "passwd"),
    "root:x:0:0:root:/root:/bin/sh\nsnuser:x:1003:1003:snuser:/home/snuser:/bin/sh\n",
  );
  writeFileSync(join(etc, "group"), "root:x:0:\nsnuser:x:1003:\n");
  writeFileSync(join(etc, "hosts"), "127.0.0.1 localhost function\n::1 localhost\n");
  writeFileSync(join(etc, "nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
}

/** As fstab wants blanks, tabs, newlines and backslashes. */
function escape(path: string): string {
  return path.replaceAll(/[\s\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`);
}
