import { constants, createReadStream, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import type { Fault } from "../model/fault.ts";
import { LIMITS } from "../model/limits.ts";
import type { CodeFile, CodeTree } from "./code-file.ts";
import { checkAmount, checkFileName } from "./code-rules.ts";
import { codeFault } from "./packaging-error.ts";

/** The file that lists, like a .gitignore, what is not packed. */
const IGNORE_FILE = ".fungraphignore";

/** Never packed unless .fungraphignore says so with `!`. */
const DEFAULT_IGNORES = [
  IGNORE_FILE,
  ".fungraph",
  ".git",
  ".hg",
  ".svn",
  ".DS_Store",
  "Thumbs.db",
  "__pycache__",
];

/** Files up to this size are read in one go. */
const WHOLE_BYTES = 1024 * 1024;

/**
 * Reads what a folder holds, with every fault of names, links and amounts. Blocks: most code folders are small, and
 * for them waiting for a thread at every step costs more than the steps.
 */
export function readFolder(folder: string): { tree: CodeTree; faults: Fault[] } {
  const root = realpathSync(folder);
  const walk = new Walk(root, readIgnores(root));
  walk.enter(root, "");
  const files = walk.files.sort((a, b) => (a.name < b.name ? -1 : 1));
  const faults = [...walk.faults, ...checkAmount(walk.seen, walk.bytes)];
  return { tree: new Map(files.map((file) => [file.name, file])), faults };
}

function readIgnores(root: string): Ignore {
  const rules = ignore({ ignorecase: false }).add(DEFAULT_IGNORES);
  try {
    rules.add(readFileSync(join(root, IGNORE_FILE), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return rules;
}

class Walk {
  readonly files: CodeFile[] = [];
  readonly faults: Fault[] = [];
  seen = 0;
  bytes = 0;
  readonly #root: string;
  readonly #ignores: Ignore;
  /** Real paths of the folders that are open, so that a link to one of them is seen as a circle. */
  readonly #open: string[] = [];

  constructor(root: string, ignores: Ignore) {
    this.#root = root;
    this.#ignores = ignores;
  }

  enter(path: string, name: string): void {
    this.#open.push(path);
    const entries = readdirSync(path, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (this.seen > LIMITS.archiveFiles) break;
      const own = name === "" ? entry.name : `${name}/${entry.name}`;
      if (entry.isSymbolicLink()) this.#follow(join(path, entry.name), own);
      else this.#add(join(path, entry.name), own);
    }
    this.#open.pop();
  }

  #follow(path: string, name: string): void {
    if (this.#ignores.ignores(name)) return;
    const target = realTarget(path);
    if (target === undefined)
      this.faults.push(
        codeFault(name, "is a link to nothing", "Delete the link, or create what it points to."),
      );
    else if (relative(this.#root, target).split(sep)[0] === "..")
      this.faults.push(
        codeFault(name, "is a link out of the code folder", "Copy what it points to into the folder."),
      );
    else if (this.#open.includes(target))
      this.faults.push(codeFault(name, "is a link to a folder that holds it", "Delete the link."));
    else this.#add(target, name);
  }

  /** `path` is real, `name` is where the file stands in the code. */
  #add(path: string, name: string): void {
    const facts = statSync(path);
    if (this.#ignores.ignores(facts.isDirectory() ? `${name}/` : name)) return;
    if (facts.isDirectory()) return this.enter(path, name);
    this.faults.push(...checkFileName(name));
    if (!facts.isFile()) {
      this.faults.push(
        codeFault(name, "is neither a file nor a folder", "Delete it, or list it in .fungraphignore."),
      );
      return;
    }
    this.seen += 1;
    this.bytes += facts.size;
    this.files.push({
      name,
      size: facts.size,
      executable: (facts.mode & constants.S_IXUSR) !== 0,
      chunks: () => (facts.size <= WHOLE_BYTES ? whole(path) : createReadStream(path)),
    });
  }
}

async function* whole(path: string): AsyncGenerator<Buffer> {
  yield readFileSync(path);
}

function realTarget(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}
