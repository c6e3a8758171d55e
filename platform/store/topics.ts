/** Who is told what is published to a topic. */
export interface Subscription {
  readonly id: string;
  /** `function`: the endpoint is a URN of the same project; else a URL that takes POST. */
  readonly protocol: "function" | "http" | "https";
  readonly endpoint: string;
}

/** Topics of all projects, and their subscriptions. */
export interface TopicStore {
  /** Names, sorted. */
  list(projectId: string): string[];
  exists(projectId: string, topic: string): boolean;
  /** Throws ConflictError for a name that is taken. */
  create(projectId: string, topic: string): void;
  /** With its subscriptions; false when it was not there. */
  delete(projectId: string, topic: string): boolean;
  subscriptions(projectId: string, topic: string): Subscription[];
  /** Throws ConflictError for an endpoint that is subscribed already. */
  subscribe(projectId: string, topic: string, subscription: Subscription): void;
  /** False when it was not there. */
  unsubscribe(projectId: string, topic: string, id: string): boolean;
}
