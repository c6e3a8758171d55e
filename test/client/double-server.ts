import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as the double heard it. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly port: number | undefined;
}

type Answer = (response: ServerResponse, heard: Heard, count: number) => void;

/** A stand-in for the platform: for tests of the transport alone, it knows nothing of the API. */
export class DoubleServer implements AsyncDisposable {
  readonly heard: Heard[];
  readonly endpoint: string;
  readonly #close: () => Promise<void>;

  private constructor(endpoint: string, heard: Heard[], close: () => Promise<void>) {
    this.endpoint = endpoint;
    this.heard = heard;
    this.#close = close;
  }

  static start(answer: Answer): Promise<DoubleServer> {
    return DoubleServer.startAt(0, answer);
  }

  static async startAt(at: number, answer: Answer): Promise<DoubleServer> {
    const heard: Heard[] = [];
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method = "", url = "", headers } = request;
        const one = { method, url, headers, body, port: request.socket.remotePort };
        return answer(response, one, heard.push(one));
      });
    });
    await new Promise<void>((resolve) => server.listen(at, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const close = async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return new DoubleServer(`http://127.0.0.1:${port}`, heard, close);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "r-1" });
  response.end(JSON.stringify(value));
}
