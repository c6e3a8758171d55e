import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlatformConfig } from "../../platform/main.ts";
import { PlatformProcess, until } from "../platform/support.ts";
import { TemporaryPostgres } from "../support/postgres.ts";

type Role = "gateway" | "scheduler";

/** What a process says of itself, see platform/roles/member-health.ts. */
export interface MemberAnswer {
  readonly role: Role;
  readonly id: string;
  readonly status: string;
  readonly leads: boolean;
  readonly members: readonly { readonly id: string; readonly role: Role }[];
}

/** One process of a platform of several, which can be killed and started again. */
export class MemberProcess {
  readonly role: Role;
  readonly name: string;
  readonly #config: PlatformConfig;
  #running: PlatformProcess | undefined;
  /** The port of the first start, so that callers find it again. */
  #port = 0;

  constructor(role: Role, name: string, config: PlatformConfig) {
    this.role = role;
    this.name = name;
    this.#config = config;
  }

  get process(): PlatformProcess {
    if (this.#running === undefined) throw new Error(`${this.name} does not run`);
    return this.#running;
  }

  get runs(): boolean {
    return this.#running !== undefined;
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    this.#running = await PlatformProcess.start({ ...this.#config, port: this.#port });
    this.#port = Number(new URL(this.#running.facts.endpoint).port);
  }

  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.kill();
  }

  async stop(): Promise<unknown> {
    const code = await this.#running?.stop();
    this.#running = undefined;
    return code;
  }

  /** Undefined while it does not answer. */
  async health(): Promise<MemberAnswer | undefined> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.port}/fungraph/v1/member`);
      return (await answer.json()) as MemberAnswer;
    } catch {
      return undefined;
    }
  }
}

/** Two gateways and two schedulers over a PostgreSQL server of their own. */
export class Cluster implements AsyncDisposable {
  readonly postgres: TemporaryPostgres;
  readonly members: readonly MemberProcess[];
  readonly folder: string;

  private constructor(postgres: TemporaryPostgres, folder: string, more: Partial<PlatformConfig>) {
    this.postgres = postgres;
    this.folder = folder;
    const keyFile = join(folder, "key");
    writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
    const database = postgres.database();
    const shared = { logsDir: join(folder, "logs"), filesDir: join(folder, "files") };
    const member = (role: Role, name: string): MemberProcess =>
      new MemberProcess(role, name, {
        dataDir: join(folder, name),
        cluster: { role, database, keyFile, ...shared },
        shutdownGraceSeconds: 5,
        poolSize: 1,
        ...more,
      });
    this.members = [
      member("scheduler", "scheduler-1"),
      member("scheduler", "scheduler-2"),
      member("gateway", "gateway-1"),
      member("gateway", "gateway-2"),
    ];
  }

  static async start(more: Partial<PlatformConfig> = {}): Promise<Cluster> {
    const postgres = await TemporaryPostgres.start();
    const cluster = new Cluster(postgres, mkdtempSync(join(tmpdir(), "fg-")), more);
    try {
      // Gateways wait for the first scheduler.
      await Promise.all(cluster.members.map((one) => one.start()));
      await cluster.whole();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  of(role: Role): MemberProcess[] {
    return this.members.filter((one) => one.role === role);
  }

  member(name: string): MemberProcess {
    const found = this.members.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  }

  /** Waits until all are well, know each other and one of them leads. */
  async whole(): Promise<void> {
    await until(async () => {
      const answers = await Promise.all(this.members.map((one) => one.health()));
      const well = answers.every((one) => one?.status === "ok" && one.members.length === this.members.length);
      return well && answers.some((one) => one?.leads === true);
    });
  }

  /** The one that leads. */
  async leader(): Promise<MemberProcess> {
    const found = await until<MemberProcess | undefined>(async () => {
      for (const one of this.of("scheduler")) if ((await one.health())?.leads === true) return one;
      return undefined;
    });
    if (found === undefined) throw new Error("nobody leads");
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Gateways first: they have calls to end on instances of schedulers.
    for (const role of ["gateway", "scheduler"] as const)
      await Promise.all(this.of(role).map((one) => one.stop().catch(() => undefined)));
    await this.postgres[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
