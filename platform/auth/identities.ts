import type { Store } from "../store/store.ts";
import { Credentials } from "./credentials.ts";
import { Projects } from "./projects.ts";
import { Tokens } from "./tokens.ts";
import { Users } from "./users.ts";

/** Everybody the platform knows: projects, their key pairs, users, and the tokens that both get. */
export class Identities {
  readonly credentials: Credentials;
  readonly projects: Projects;
  readonly users: Users;
  readonly tokens: Tokens;

  constructor(store: Pick<Store, "credentials" | "access">, now: () => number = Date.now) {
    this.credentials = new Credentials(store.credentials);
    this.projects = new Projects(store.access);
    this.users = new Users(store.access, now);
    this.tokens = new Tokens({
      seal: store.access,
      credentials: this.credentials,
      users: this.users,
      projects: this.projects,
      now,
    });
  }
}
