import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { Logger4jInstance } from "@huaweicloud/huaweicloud-sdk-core/logger/log4jLogger.js";
import { FunctionGraphClient } from "@huaweicloud/huaweicloud-sdk-functiongraph";

/** Where a platform is and who calls it. */
interface Account {
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The official client, with nothing changed but the endpoint. */
export function officialClient({ endpoint, projectId, accessKey, secretKey }: Account): FunctionGraphClient {
  // The client writes an id of its own into the home folder.
  process.env["HOME"] = home ??= mkdtempSync(join(tmpdir(), "fungraph-sdk-"));
  const credential = new BasicCredentials().withAk(accessKey).withSk(secretKey).withProjectId(projectId);
  return FunctionGraphClient.newBuilder().withCredential(credential).withEndpoint(endpoint).build();
}

let home: string | undefined;

// It prints every refusal, with the headers that signed the request; the tests look at what is thrown.
Logger4jInstance.level = "off";
