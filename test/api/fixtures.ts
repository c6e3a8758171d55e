import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { LIMITS, type Limits } from "../../model/limits.ts";
import { sign } from "../../model/signature.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { createApi, type ApiOptions } from "../../platform/api/api.ts";
import { Authenticator } from "../../platform/auth/authenticator.ts";
import { Identities } from "../../platform/auth/identities.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import type { Credential } from "../../platform/store/credentials.ts";
import type { Store } from "../../platform/store/store.ts";
import { checkReply } from "./reply-check.ts";
import { TemporaryFolder } from "../store/fixtures.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The tests read what the API wrote; wrong shapes fail their assertions.
  readonly body: Json;
}

/** Any JSON, with every field that a test may ask for. */
type Json = { [key: string]: Json } & Json[] & string;

type Pair = Pick<Credential, "accessKey" | "secretKey">;

/** A call that takes longer hangs. */
const HANG_MS = 20_000;

/** A control plane behind a real server, over a real store. */
export class TestApi implements AsyncDisposable {
  readonly store: Store;
  readonly credential: Credential;
  readonly url: string;
  /** What the platform wrote to its own log. */
  readonly log: string[];
  readonly #server: Server;
  readonly #folder: TemporaryFolder;

  private constructor(parts: {
    store: Store;
    credential: Credential;
    log: string[];
    server: Server;
    folder: TemporaryFolder;
  }) {
    this.store = parts.store;
    this.credential = parts.credential;
    this.log = parts.log;
    this.#server = parts.server;
    this.#folder = parts.folder;
    this.url = `http://127.0.0.1:${(parts.server.address() as AddressInfo).port}`;
  }

  static async start(
    options: Partial<Pick<ApiOptions, "extras" | "bodies" | "live">> & {
      limits?: Partial<Limits>;
      dataDir?: string;
      /** Clock of signatures, passwords and tokens. */
      now?: () => number;
    } = {},
  ) {
    const folder = new TemporaryFolder();
    const store = await openStore(options.dataDir ?? folder.path);
    const { now = Date.now } = options;
    const identities = new Identities(store, now);
    const log: string[] = [];
    const api = createApi({
      store,
      identities,
      auth: new Authenticator(identities, { now }),
      region: "local",
      log: (text) => log.push(text),
      ...options,
      limits: { ...LIMITS, ...options.limits },
    });
    const server = createServer((request, response) => void api(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TestApi({ store, credential: identities.credentials.default, log, server, folder });
  }

  get host(): string {
    return this.url.slice("http://".length);
  }

  /** `…/fgs` of the project. */
  get root(): string {
    return `/v2/${this.credential.projectId}/fgs`;
  }

  urn(name: string, qualifier?: string): string {
    const urn = `urn:fss:local:${this.credential.projectId}:function:default:${name}`;
    return qualifier === undefined ? urn : `${urn}:${qualifier}`;
  }

  /** One signed call below `…/fgs`; a body that is no Buffer is sent as JSON. */
  call(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.send(method, this.root + path, body);
  }

  /** One call that is signed by any key pair. */
  async send(method: string, path: string, body?: unknown, pair: Pair = this.credential): Promise<Answer> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body === undefined ? "" : JSON.stringify(body));
    const [pathOnly = "", query = ""] = path.split("?");
    const headers = { host: this.host, "content-type": "application/json" };
    const signed = sign({ method, path: pathOnly, query, headers, body: bytes }, pair);
    return this.sendWith({ ...signed }, method, path, bytes);
  }

  /** One call with these headers: signed before, with a token, or with neither. */
  async sendWith(
    headers: Record<string, string>,
    method: string,
    path: string,
    body: unknown = Buffer.alloc(0),
  ): Promise<Answer> {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const response = await fetch(this.url + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(bytes.length > 0 ? { body: new Uint8Array(bytes) } : {}),
      signal: AbortSignal.timeout(HANG_MS),
    });
    const text = await response.text();
    const archive = response.headers.get("content-type") === "application/zip";
    const answer = text === "" || archive ? undefined : (JSON.parse(text) as Json);
    checkReply(method, path.split("?", 1)[0] ?? "", response.status, answer);
    return { status: response.status, headers: response.headers, body: answer as Json };
  }

  /** The bytes behind an address of this platform, by a signed GET. */
  async download(url: string): Promise<Buffer> {
    const path = new URL(url).pathname;
    const signed = sign(
      { method: "GET", path, query: "", headers: { host: this.host }, body: Buffer.alloc(0) },
      this.credential,
    );
    const response = await fetch(this.url + path, { headers: signed });
    return Buffer.from(await response.arrayBuffer());
  }

  /** Creates a function with a small archive and answers its reply. */
  async create(name: string, change: Record<string, unknown> = {}): Promise<Answer> {
    return this.call("POST", "/functions", { ...(await functionBody(name)), ...change });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.store.close();
    this.#folder[Symbol.dispose]();
  }
}

/** Base64 of an archive with one file. */
export async function zip(source: string, file = "index.js"): Promise<string> {
  return (await writeZip([memoryFile(file, Buffer.from(source))])).toString("base64");
}

export async function functionBody(name: string): Promise<Record<string, unknown>> {
  return {
    func_name: name,
    package: "default",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 3,
    memory_size: 128,
    code_type: "zip",
    func_code: { file: await zip("exports.handler = async () => 1;") },
  };
}
