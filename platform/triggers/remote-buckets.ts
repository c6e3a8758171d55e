import { AwsClient } from "aws4fetch";

import type { NewObject, ObjectRefusal, ObjectStore, ObjectStoreSettings } from "./object-store.ts";

/** An answer that takes longer counts as none. */
const ANSWER_MS = 30_000;
const ALL = "*";

/** Buckets of an S3-compatible object store, addressed by path. */
export class RemoteBuckets implements ObjectStore {
  readonly #settings: ObjectStoreSettings;
  readonly #client: AwsClient;

  constructor(settings: ObjectStoreSettings) {
    const { accessKey: accessKeyId, secretKey: secretAccessKey, region } = settings;
    this.#settings = settings;
    // The queue tries again, with pauses that outlive the process.
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: "s3", retries: 0 });
  }

  refusal(projectId: string, bucket: string): ObjectRefusal | undefined {
    const owner = this.#settings.buckets[bucket];
    if (owner === projectId || owner === ALL) return undefined;
    return {
      rule: "names a bucket that this project may not write into",
      fix: `Name one of the project's, or let the platform's operator add ${JSON.stringify(bucket)} with the project's id to "buckets" in object-store.json.`,
    };
  }

  async put({ projectId, bucket, name, days, body }: NewObject): Promise<void> {
    const refusal = this.refusal(projectId, bucket);
    if (refusal !== undefined) throw new Error(`The bucket ${bucket} ${refusal.rule}. ${refusal.fix}`);
    const path = [bucket, ...name.split("/")].map(encode).join("/");
    const response = await this.#client.fetch(`${this.#settings.endpoint.replace(/\/$/, "")}/${path}`, {
      method: "PUT",
      body: new Uint8Array(body),
      headers: { "content-type": "application/json", ...(days > 0 && { "x-obs-expires": String(days) }) },
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(
        `The object store answered ${response.status} to ${bucket}/${name}: ${text.slice(0, 500)}`,
      );
  }
}

/** As signatures have it (RFC 3986), so that the path is the same on its way and in what is signed. */
function encode(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
