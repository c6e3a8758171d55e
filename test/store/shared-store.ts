import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { Identities } from "../../platform/auth/identities.ts";
import { Postgres } from "../../platform/cluster/connection.ts";
import { Members } from "../../platform/cluster/members.ts";
import { openSharedStore, type SharedStore } from "../../platform/store/postgres/open.ts";
import { TemporaryFolder } from "./fixtures.ts";

function first(records: ConstructorParameters<typeof Identities>[0]): void {
  void new Identities(records);
}

/** A key file of its own, for all members of one platform. */
export function keyFileIn(folder: string): string {
  const file = join(folder, "platform.key");
  writeFileSync(file, randomBytes(32));
  return file;
}

/** One process of a platform over PostgreSQL, as far as its store goes. */
export class StoreMember implements AsyncDisposable {
  readonly postgres: Postgres;
  readonly members: Members;
  readonly store: SharedStore;
  readonly folder: TemporaryFolder;
  /** What went wrong in the background. */
  readonly problems: readonly unknown[];

  private constructor(parts: Pick<StoreMember, "postgres" | "members" | "store" | "folder" | "problems">) {
    this.postgres = parts.postgres;
    this.members = parts.members;
    this.store = parts.store;
    this.folder = parts.folder;
    this.problems = parts.problems;
  }

  /** A member that follows. */
  static async open(
    url: string,
    keyFile: string,
    compactAfter = 1000,
    folder = new TemporaryFolder(),
  ): Promise<StoreMember> {
    const problems: unknown[] = [];
    const problem = (error: unknown): void => void problems.push(error);
    const postgres = await Postgres.open({ url, problem });
    try {
      const members = new Members(postgres, { role: "all", addresses: {} });
      const ground = { postgres, members, keyFile, first, problem, compactAfter };
      const store = await openSharedStore({ ...ground, dataDir: folder.path });
      await postgres.start();
      return new StoreMember({ postgres, members, store, folder, problems });
    } catch (error) {
      await postgres.close();
      folder[Symbol.dispose]();
      throw error;
    }
  }

  /** A member that leads already. */
  static async lead(url: string, keyFile: string, compactAfter = 1000): Promise<StoreMember> {
    const member = await StoreMember.open(url, keyFile, compactAfter);
    await member.lead();
    return member;
  }

  /** Stands for the lead, and waits until it has it. */
  async lead(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.store.onLead((leads) => {
      if (leads) resolve();
    });
    this.store.stand();
    await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store.close();
    await this.members.leave();
    await this.postgres.close();
    this.folder[Symbol.dispose]();
  }
}
