import { basename, relative, sep } from "node:path";
import { watch, type FSWatcher } from "chokidar";

/** Folders that a program's meaning does not depend on. */
const IGNORED = new Set(["node_modules", ".git", ".fungraph", "__pycache__"]);
/** Editors write a file in several steps; what comes within this time is one change. */
const QUIET_MS = 80;

/** Watches a program's folder and the files it loads from elsewhere. */
export class Watch {
  /** Resolves when every change from now on will be seen. */
  readonly ready: Promise<void>;
  readonly #watcher: FSWatcher;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #wake: () => void = () => undefined;

  /** @param ignored absolute paths of files and folders that do not count, such as saved answers */
  constructor(folder: string, ignored: readonly string[]) {
    this.#watcher = watch(folder, {
      ignoreInitial: true,
      ignored: (path) =>
        IGNORED.has(basename(path)) || ignored.some((each) => path === each || path.startsWith(each + sep)),
    });
    this.ready = new Promise((resolve) => this.#watcher.once("ready", () => resolve()));
    this.#watcher.on("all", (_event, path) => {
      this.#changed.add(relative(folder, path));
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#wake(), QUIET_MS);
    });
  }

  /** Files outside the folder that count too. */
  follow(paths: readonly string[]): void {
    this.#watcher.add([...paths]);
  }

  /** Waits until something has changed and things are quiet again; resolves with the paths, or with none on the signal. */
  async next(signal: AbortSignal): Promise<readonly string[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    signal.addEventListener("abort", this.#wake);
    // What changed while nobody waited has had its quiet time, or the timer that runs still gives it.
    if (signal.aborted || this.#changed.size > 0) setTimeout(resolve, QUIET_MS);
    await promise;
    signal.removeEventListener("abort", this.#wake);
    const paths = signal.aborted ? [] : [...this.#changed].sort();
    this.#changed.clear();
    return paths;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#watcher.close();
  }
}
