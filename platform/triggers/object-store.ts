import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { BucketFolders } from "./bucket-folders.ts";
import { RemoteBuckets } from "./remote-buckets.ts";

/** Why something cannot be written, as the parts of a fault. */
export interface ObjectRefusal {
  readonly rule: string;
  readonly fix: string;
}

/** An object that is to be written. */
export interface NewObject {
  readonly projectId: string;
  readonly bucket: string;
  /** With slashes between its parts. */
  readonly name: string;
  /** Days after which the store deletes it; 0: never. */
  readonly days: number;
  readonly body: Buffer;
}

/** Where objects are written. */
export interface ObjectStore {
  /** Why a project cannot write into a bucket; undefined when it can. */
  refusal(projectId: string, bucket: string, days: number): ObjectRefusal | undefined;
  /** Durable when it resolves; writing one of the same name again replaces it. Rejects with the reason when it could not be written. */
  put(object: NewObject): Promise<void>;
}

/** The file in the data folder that names an object store. */
export const OBJECT_STORE_FILE = "object-store.json";

const schema = z.strictObject({
  endpoint: z.url({
    protocol: /^https?$/,
    error: "must be the http or https URL of an S3-compatible object store",
  }),
  region: z.string().default("us-east-1"),
  accessKey: z.string().min(1),
  secretKey: z.string().min(1),
  buckets: z.record(z.string(), z.string()),
});

/** How to reach an S3-compatible object store, and whose its buckets are: a project's id, or `*` for all projects. */
export type ObjectStoreSettings = z.infer<typeof schema>;

/**
 * The object store that `object-store.json` in the data folder names, for example `{"endpoint": "https://s3.example.com",
 * "region": "eu-1", "accessKey": "…", "secretKey": "…", "buckets": {"results": "<project id>"}}`; without such a file
 * buckets are folders of the data folder. Throws RangeError with every fault of the file.
 */
export function openObjectStore(dataDir: string): ObjectStore {
  const file = join(dataDir, OBJECT_STORE_FILE);
  const text = readText(file);
  if (text === undefined) return new BucketFolders(join(dataDir, "buckets"));
  const read = schema.safeParse(parse(file, text));
  if (read.success) return new RemoteBuckets(read.data);
  const faults = read.error.issues.map(({ path, message }) => `  - ${path.join(".")}: ${message}`);
  throw new RangeError(`The settings in ${file} are wrong:\n${faults.join("\n")}\n${EXAMPLE}`);
}

const EXAMPLE =
  'Write {"endpoint": "https://…", "region": "…", "accessKey": "…", "secretKey": "…", "buckets": {"<bucket>": "<project id>"}}, or delete the file to keep objects in the data folder.';

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RangeError(`${file} is not JSON: ${(error as Error).message}. ${EXAMPLE}`, { cause: error });
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
