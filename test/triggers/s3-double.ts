import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/**
 * Stands in for an S3-compatible object store: keeps what is PUT with a right signature (version 4, computed here from the
 * published rules), and refuses the rest. It proves what the platform sends, not how a real store behaves.
 */
export class S3Double implements AsyncDisposable {
  readonly objects = new Map<
    string,
    { readonly body: string; readonly headers: IncomingMessage["headers"] }
  >();
  readonly refused: string[] = [];
  /** Answers of this status come first, as many as there are in the list. */
  readonly failing: number[] = [];
  readonly #secretKey: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  private constructor(secretKey: string) {
    this.#secretKey = secretKey;
  }

  static async start(secretKey: string): Promise<S3Double> {
    const double = new S3Double(secretKey);
    await new Promise<void>((resolve) => double.#server.listen(0, "127.0.0.1", resolve));
    return double;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const status = this.failing.shift() ?? this.#take(request, body);
    response.writeHead(status).end(status === 200 ? "" : "<Error/>");
  }

  #take({ method = "", url = "", headers }: IncomingMessage, body: Buffer): number {
    if (method !== "PUT" || !this.#isSigned({ method, url, headers, body })) {
      this.refused.push(`${method} ${url}`);
      return 403;
    }
    this.objects.set(decodeURIComponent(url), { body: body.toString(), headers });
    return 200;
  }

  #isSigned(request: {
    method: string;
    url: string;
    headers: IncomingMessage["headers"];
    body: Buffer;
  }): boolean {
    const { method, url, headers, body } = request;
    const authorization = headers.authorization ?? "";
    const [, scope = "", names = "", given] =
      /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
        authorization,
      ) ?? [];
    const hash = String(headers["x-amz-content-sha256"]);
    if (hash !== "UNSIGNED-PAYLOAD" && hash !== sha256(body)) return false;
    const lines = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
    const canonical = [method, url, "", lines.join(""), names, hash].join("\n");
    const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
    let key: string | Buffer = `AWS4${this.#secretKey}`;
    for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
    return given === createHmac("sha256", key).update(text).digest("hex");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function sha256(text: string | Buffer): string {
  return createHash("sha256").update(text).digest("hex");
}
