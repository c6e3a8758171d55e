import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** Folder of the server's programs; undefined where PostgreSQL is not installed. */
const PROGRAMS = findPrograms();
/** The server refuses to run as root; this one has nothing else on a machine. */
const NOBODY = 65_534;
const AS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const READY = "database system is ready to accept connections";
/** Durable as it comes from Debian; small, and heard on a Unix socket alone. */
const SETTINGS = ["listen_addresses=", "shared_buffers=32MB", "max_connections=100", "lc_messages=C"];

/** False where there is no PostgreSQL; says so once a file. */
export const POSTGRES_HERE: boolean = PROGRAMS !== undefined;
if (!POSTGRES_HERE) process.stderr.write("skipped: tests over PostgreSQL need Debian's package postgresql\n");

/** A PostgreSQL server of the test's own, in a temporary folder and on a Unix socket; fsync is on. */
export class TemporaryPostgres implements AsyncDisposable {
  readonly #folder: string;
  readonly #programs: string;
  readonly #through: readonly string[];
  #server: ChildProcess | undefined;
  #databases = 0;

  private constructor(folder: string, programs: string, through: readonly string[]) {
    this.#folder = folder;
    this.#programs = programs;
    this.#through = through;
  }

  /**
   * A server that answers. Takes about two seconds: one for a file of tests is enough.
   * @param through a command that the server is started with, for example one that holds it on a processor; default: none
   */
  static async start(through: readonly string[] = []): Promise<TemporaryPostgres> {
    if (PROGRAMS === undefined) throw new Error("There is no PostgreSQL here: skip by POSTGRES_HERE.");
    const folder = mkdtempSync(join(tmpdir(), "pg-"));
    if (AS.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
    const args = ["-D", join(folder, "data"), "-U", "fungraph", "-A", "trust", "-E", "UTF8", "--locale=C"];
    execFileSync(join(PROGRAMS, "initdb"), [...args, "--no-sync"], { ...AS, cwd: folder, stdio: "pipe" });
    const server = new TemporaryPostgres(folder, PROGRAMS, through);
    await server.resume();
    return server;
  }

  /** Makes an empty database; answers its connection string. */
  database(): string {
    const name = `test${++this.#databases}`;
    const args = ["-h", this.#folder, "-U", "fungraph", name];
    execFileSync(join(this.#programs, "createdb"), args, { ...AS, cwd: this.#folder, stdio: "pipe" });
    return `postgresql://fungraph@/${name}?host=${encodeURIComponent(this.#folder)}`;
  }

  /** Process of the server; 0 while there is none. */
  get pid(): number {
    return this.#server?.pid ?? 0;
  }

  /** Lets the server write in a folder of the test's. */
  own(folder: string): void {
    if (AS.uid !== undefined) chownSync(folder, NOBODY, NOBODY);
  }

  /** Ends the server as a crash would: no checkpoint, connections cut. What was committed comes back with `resume`. */
  async crash(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const ended = once(server, "exit");
    server.kill("SIGQUIT");
    await ended;
  }

  /** Starts the server that `crash` has ended. */
  async resume(): Promise<void> {
    const settings = [...SETTINGS, `unix_socket_directories=${this.#folder}`].flatMap((one) => ["-c", one]);
    const postgres = [join(this.#programs, "postgres"), "-D", join(this.#folder, "data"), ...settings];
    const [program = "", ...args] = [...this.#through, ...postgres];
    const server = spawn(program, args, {
      ...AS,
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#server = server;
    let said = "";
    server.stderr.setEncoding("utf8");
    for (const ended = once(server, "exit"); !said.includes(READY);) {
      const heard = await Promise.race([once(server.stderr, "data"), ended]);
      if (typeof heard[0] !== "string") throw new Error(`PostgreSQL did not start: ${said}`);
      said += heard[0];
    }
    // Unread lines would fill the pipe.
    server.stderr.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Debian keeps the server's programs away from PATH, a folder a version. */
function findPrograms(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
  const folders = newestFirst.map((version) => join(debian, version, "bin"));
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders, ...path].find((folder) => existsSync(join(folder, "initdb")));
}
