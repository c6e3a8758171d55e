import type { FunctionGraphClient } from "@huaweicloud/huaweicloud-sdk-functiongraph";
import { expect } from "vitest";

import { type OperationId, operationRow } from "../../model/api/operations.ts";
import { checkResponse } from "../../model/api/validate.ts";
import { type RunningPlatform, startPlatform } from "../../platform/main.ts";
import { archive, dataFolder } from "../platform/support.ts";
import { officialClient } from "../support/sdk.ts";

/** Any JSON, with every field that a test may ask for. */
export type Json = { [key: string]: Json } & Json[] & string;

type Method = (request: object) => Promise<object>;

/** A platform that the official client drives, and notes on what that has shown. */
export class Stage implements AsyncDisposable {
  readonly platform: RunningPlatform;
  /** What was seen to come of each operation, in words for the documents. */
  readonly effects = new Map<OperationId, string>();
  readonly #client: Record<string, Method>;
  readonly #called = new Set<OperationId>();
  readonly #folder: AsyncDisposable;

  private constructor(platform: RunningPlatform, folder: AsyncDisposable) {
    this.platform = platform;
    this.#folder = folder;
    this.#client = officialClient(platform) as FunctionGraphClient & Record<string, Method>;
  }

  static async open(): Promise<Stage> {
    const folder = await dataFolder();
    return new Stage(await startPlatform({ dataDir: folder.path }), folder);
  }

  /** Calls an operation; its status and its reply must be the table's. */
  async call(id: OperationId, request: object = {}): Promise<Json> {
    const answer = JSON.parse(JSON.stringify(await this.#send(id, request))) as Json;
    const { status, reply } = operationRow(id);
    const { httpStatusCode, ...fields } = answer as Record<string, Json>;
    // The client gives lists as they are, their status as a property that JSON leaves out.
    const body = Array.isArray(answer) ? answer : status === 204 ? undefined : fields;
    expect([id, httpStatusCode ?? 200]).toEqual([id, status]);
    // It reads archives as empty objects.
    if (reply !== "archive") expect([id, checkResponse(id, body)]).toEqual([id, []]);
    return body as unknown as Json;
  }

  /** The code with which an operation is refused. */
  async refused(id: OperationId, request: object): Promise<string> {
    const answer = this.#send(id, request).then(
      () => "not refused",
      (error: unknown) => (error as { errorCode: string }).errorCode,
    );
    return answer;
  }

  /** Notes what an operation was just seen to do. */
  shows(effects: Partial<Record<OperationId, string>>): void {
    for (const [id, effect] of Object.entries(effects) as [OperationId, string][]) {
      expect([id, this.#called.has(id)]).toEqual([id, true]);
      this.effects.set(id, effect);
    }
  }

  urn(name: string, qualifier?: string): string {
    const urn = `urn:fss:local:${this.platform.projectId}:function:default:${name}`;
    return qualifier === undefined ? urn : `${urn}:${qualifier}`;
  }

  /** Creates a Node.js function from the text of its handler. */
  async deploy(name: string, code: string, change: object = {}): Promise<Json> {
    return this.call("CreateFunction", {
      body: {
        func_name: name,
        package: "default",
        runtime: "Node.js20.15",
        handler: "index.handler",
        timeout: 10,
        memory_size: 128,
        code_type: "zip",
        func_code: { file: await packed(code) },
        ...change,
      },
    });
  }

  /** What a function returns. */
  async invoke(urn: string, event: object = {}): Promise<unknown> {
    // The plain form of the reply is the result itself, which has no model.
    const request = { function_urn: urn, "X-CFF-Request-Version": "v1", body: event };
    const { result, status } = (await this.call("InvokeFunction", request)) as Record<string, Json>;
    expect([urn, result, status]).toEqual([urn, result, 200]);
    return JSON.parse(String(result));
  }

  #send(id: OperationId, request: object): Promise<object> {
    this.#called.add(id);
    const method = this.#client[id.charAt(0).toLowerCase() + id.slice(1)];
    if (method === undefined) throw new Error(`the client has no ${id}`);
    // Some of its requests call the same parameter func_urn.
    const urn = (request as { function_urn?: string }).function_urn;
    return method.call(this.#client, urn === undefined ? request : { func_urn: urn, ...request });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.platform.close();
    await this.#folder[Symbol.asyncDispose]();
  }
}

/** Base64 of an archive with `index.js`. */
export async function packed(code: string): Promise<string> {
  return (await archive({ "index.js": code })).toString("base64");
}

/** Code that answers its event. */
export const ECHO = "exports.handler = async (event, context) => ({ event });";

/** Code that answers a word. */
export function saying(word: string): string {
  return `exports.handler = async (event, context) => ({ word: ${JSON.stringify(word)} });`;
}
