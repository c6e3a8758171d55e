import type { StatementSync } from "node:sqlite";

import type { Subscription, TopicStore } from "../topics.ts";
import type { Database } from "./database.ts";

/** Topics and subscriptions, one row each. */
export class SqliteTopics implements TopicStore {
  readonly #db: Database;
  readonly #list: StatementSync;
  readonly #find: StatementSync;
  readonly #create: StatementSync;
  readonly #delete: StatementSync;
  readonly #subscriptions: StatementSync;
  readonly #subscribe: StatementSync;
  readonly #unsubscribe: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#list = db.prepare("SELECT name FROM topics WHERE project = ? ORDER BY name");
    this.#find = db.prepare("SELECT 1 FROM topics WHERE project = ? AND name = ?");
    this.#create = db.prepare("INSERT INTO topics (project, name) VALUES (?, ?)");
    this.#delete = db.prepare("DELETE FROM topics WHERE project = ? AND name = ?");
    this.#subscriptions = db.prepare(
      "SELECT id, protocol, endpoint FROM subscriptions WHERE project = ? AND topic = ? ORDER BY endpoint",
    );
    this.#subscribe = db.prepare(
      "INSERT INTO subscriptions (id, project, topic, protocol, endpoint) VALUES (?, ?, ?, ?, ?)",
    );
    this.#unsubscribe = db.prepare("DELETE FROM subscriptions WHERE project = ? AND topic = ? AND id = ?");
  }

  list(projectId: string): string[] {
    return (this.#list.all(projectId) as { name: string }[]).map(({ name }) => name);
  }

  exists(projectId: string, topic: string): boolean {
    return this.#find.get(projectId, topic) !== undefined;
  }

  create(projectId: string, topic: string): void {
    this.#db.transact(() => this.#create.run(projectId, topic));
  }

  delete(projectId: string, topic: string): boolean {
    return this.#db.transact(() => this.#delete.run(projectId, topic).changes) > 0;
  }

  subscriptions(projectId: string, topic: string): Subscription[] {
    return this.#subscriptions.all(projectId, topic) as unknown as Subscription[];
  }

  subscribe(projectId: string, topic: string, { id, protocol, endpoint }: Subscription): void {
    this.#db.transact(() => this.#subscribe.run(id, projectId, topic, protocol, endpoint));
  }

  unsubscribe(projectId: string, topic: string, id: string): boolean {
    return this.#db.transact(() => this.#unsubscribe.run(projectId, topic, id).changes) > 0;
  }
}
