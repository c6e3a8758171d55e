import { randomUUID } from "node:crypto";

import type { AccessStore, User } from "../store/access.ts";
import { StaleError } from "../store/errors.ts";
import { PasswordHasher } from "./password.ts";
import { type AuthRefusal, unauthorized } from "./refusal.ts";

/** Wrong passwords in a row after which a user must wait. */
const TRIES = 5;
const LOCK_MS = 60_000;

/** What is asked of a user; everything is replaced. */
export interface UserSpec {
  readonly name: string;
  readonly password: string;
  readonly grants: User["grants"];
  readonly administrator: boolean;
}

/** Every user in memory, by name. */
export class Users {
  readonly #store: Pick<AccessStore, "listUsers" | "putUser" | "deleteUser">;
  readonly #now: () => number;
  readonly #users = new Map<string, User>();
  readonly #hasher = new PasswordHasher();
  /** Wrong passwords in a row, of users that exist: bounded by their number. */
  readonly #failures = new Map<string, { count: number; lockedUntil: number }>();

  constructor(
    store: Pick<AccessStore, "listUsers" | "putUser" | "deleteUser">,
    now: () => number = Date.now,
  ) {
    this.#store = store;
    this.#now = now;
    this.read();
  }

  /** Reads anew what another process may have changed. */
  read(): void {
    this.#users.clear();
    for (const user of this.#store.listUsers()) this.#users.set(user.name, user);
  }

  find(name: string): User | undefined {
    return this.#users.get(name);
  }

  list(): User[] {
    return [...this.#users.values()];
  }

  /**
   * Creates a user, or replaces `before`, whose tokens become void. Rejects with StaleError when another request
   * changed the user meanwhile.
   */
  async put({ name, password, grants, administrator }: UserSpec, before?: User): Promise<User> {
    const passwordHash = await this.#hasher.hash(password);
    if (this.#users.get(name) !== before) {
      throw new StaleError(
        `Another request changed the user "${name}" meanwhile. Read it again, then repeat.`,
      );
    }
    const changedAt = Math.max(this.#now(), (before?.changedAt ?? 0) + 1);
    const user = { id: before?.id ?? newId(), name, passwordHash, grants, administrator, changedAt };
    this.#store.putUser(user);
    this.#users.set(name, user);
    this.#failures.delete(name);
    return user;
  }

  delete(name: string): void {
    this.#store.deleteUser(name);
    this.#users.delete(name);
    this.#failures.delete(name);
  }

  /** The user whom a password proves; the refusal does not tell whether the name exists. */
  async signIn(name: string, password: string): Promise<User | AuthRefusal> {
    const user = this.#users.get(name);
    const failures = this.#failures.get(name);
    if (failures !== undefined && failures.lockedUntil > this.#now()) return wrong();
    const matches = await this.#hasher.matches(password, user?.passwordHash);
    if (matches === undefined) return unauthorized("Too many sign in at once. Try again in a few seconds.");
    if (matches && user !== undefined && this.#users.get(name) === user) {
      this.#failures.delete(name);
      return user;
    }
    if (user !== undefined) this.#count(name);
    return wrong();
  }

  #count(name: string): void {
    const count = (this.#failures.get(name)?.count ?? 0) + 1;
    const locked = count >= TRIES;
    this.#failures.set(name, {
      count: locked ? 0 : count,
      lockedUntil: locked ? this.#now() + LOCK_MS : 0,
    });
  }
}

function wrong(): AuthRefusal {
  return unauthorized(
    `The user name or the password is wrong. Check both; after ${TRIES} wrong passwords a user waits a minute.`,
  );
}

function newId(): string {
  return randomUUID().replaceAll("-", "");
}
