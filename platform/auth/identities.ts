import type { Store } from "../store/store.ts";
import { Agencies } from "./agencies.ts";
import { Credentials } from "./credentials.ts";
import { Projects } from "./projects.ts";
import { Tokens } from "./tokens.ts";
import { Users } from "./users.ts";

/** Everybody the platform knows: projects, their key pairs and agencies, users, and the tokens that all get. */
export class Identities {
  readonly credentials: Credentials;
  readonly projects: Projects;
  readonly users: Users;
  readonly agencies: Agencies;
  readonly tokens: Tokens;

  constructor(store: Pick<Store, "credentials" | "access" | "onOthersChange">, now: () => number = Date.now) {
    this.credentials = new Credentials(store.credentials);
    this.projects = new Projects(store.access);
    this.users = new Users(store.access, now);
    this.agencies = new Agencies({ store: store.access, projects: this.projects, now });
    this.tokens = new Tokens({
      seal: store.access,
      credentials: this.credentials,
      users: this.users,
      agencies: this.agencies,
      projects: this.projects,
      now,
    });
    store.onOthersChange("access", () => {
      for (const known of [this.credentials, this.projects, this.users, this.agencies]) known.read();
    });
  }
}
