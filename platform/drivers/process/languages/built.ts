import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** What is built, from what. */
export interface Recipe {
  /** Short name, for example `go-bootstrap`. */
  readonly name: string;
  /** Files and folders whose contents decide what comes out. */
  readonly sources: readonly string[];
  /** What else decides it, for example the compiler's version. */
  readonly with: string;
  /** Builds into an empty folder. @throws Error that says what is missing */
  make(folder: string): Promise<void>;
}

/** Builds of that name that nobody used for so long are removed by the next build. */
const FORGOTTEN_MS = 30 * 24 * 3_600_000;

const building = new Map<string, Promise<string>>();

/**
 * The folder with what a recipe makes, in the cache of this machine's user (XDG_CACHE_HOME, else ~/.cache). Built once for the same
 * sources, whichever platform or test comes first; two that build at once do not disturb each other. The folder is shared: read it only.
 */
export async function built(recipe: Recipe): Promise<string> {
  const key = `${recipe.name}-${digest(recipe)}`;
  const known = building.get(key) ?? find(recipe, key);
  building.set(key, known);
  try {
    return await known;
  } finally {
    // Later ones look again: somebody may have emptied the cache.
    building.delete(key);
  }
}

/** Puts what a recipe makes into a folder beside what it holds already. */
export async function buildInto(folder: string, recipe: Recipe): Promise<void> {
  cpSync(await built(recipe), folder, { recursive: true });
}

async function find(recipe: Recipe, key: string): Promise<string> {
  const cache = cacheFolder();
  const kept = join(cache, key);
  if (existsSync(kept)) {
    const now = new Date();
    utimesSync(kept, now, now);
    return kept;
  }
  const fresh = await mkdtemp(join(cache, `.${recipe.name}-`));
  const made = join(fresh, "made");
  try {
    await mkdir(made);
    await recipe.make(made);
    // Somebody else may have been faster: theirs is as good.
    await rename(made, kept).catch((error: unknown) => {
      if (!existsSync(kept)) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await forget(cache, recipe.name, key);
  return kept;
}

function cacheFolder(): string {
  const root = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  try {
    mkdirSync(join(root, "fungraph"), { recursive: true, mode: 0o700 });
    return join(root, "fungraph");
  } catch {
    // A user without a home builds anew after each restart of the machine. Nobody else may put anything there.
    const own = join(tmpdir(), `fungraph-${process.getuid?.() ?? 0}`);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    if (statSync(own).uid !== (process.getuid?.() ?? 0)) throw new Error(`${own} belongs to somebody else`);
    return own;
  }
}

async function forget(cache: string, name: string, key: string): Promise<void> {
  const old = readdirSync(cache).filter(
    (entry) => entry !== key && belongs(entry, name) && age(join(cache, entry)) > FORGOTTEN_MS,
  );
  await Promise.all(old.map((entry) => rm(join(cache, entry), { recursive: true, force: true })));
}

/** True for what was built under that name, and for what a build that was killed left. */
function belongs(entry: string, name: string): boolean {
  return entry.replace(/-[0-9a-f]{32}$/, "") === name || entry.startsWith(`.${name}-`);
}

function age(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    // Removed since it was listed.
    return 0;
  }
}

function digest(recipe: Recipe): string {
  const hash = createHash("sha256").update(recipe.with);
  for (const source of recipe.sources) {
    const names = statSync(source).isDirectory()
      ? readdirSync(source, { recursive: true, encoding: "utf8" }).sort()
      : [""];
    for (const name of names) {
      const path = join(source, name);
      if (statSync(path).isFile()) hash.update(`\0${name}\0`).update(readFileSync(path));
    }
  }
  return hash.digest("hex").slice(0, 32);
}
