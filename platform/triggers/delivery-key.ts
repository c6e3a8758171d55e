import type { FunctionKey } from "../store/function-key.ts";

/** Packages of what is no function; no URN can name one, because its parts have no colon. */
const BUCKET = ":bucket";
const TOPIC = ":topic";

/** The key under which notifications for a bucket wait; the qualifier of such a request is the object's name. */
export function bucketKey(projectId: string, bucket: string): FunctionKey {
  return { projectId, package: BUCKET, name: bucket };
}

/** The key under which notifications for the endpoints of a topic wait; the qualifier is the subscription's id. */
export function topicKey(projectId: string, topic: string): FunctionKey {
  return { projectId, package: TOPIC, name: topic };
}

/** What a key stands for. */
export function kindOf({ package: name }: FunctionKey): "function" | "bucket" | "topic" {
  if (name === BUCKET) return "bucket";
  return name === TOPIC ? "topic" : "function";
}
