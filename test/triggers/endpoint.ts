import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What an endpoint was told. */
interface Told {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, string>>;
}

/** An endpoint of this machine that remembers what it was told, and answers with the given statuses first, then with 200. */
export async function startEndpoint(
  ...statuses: number[]
): Promise<AsyncDisposable & { readonly heard: Told[]; readonly url: string }> {
  const heard: Told[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    heard.push({ headers: request.headers, body: JSON.parse(await text(request)) as Told["body"] });
    response.writeHead(statuses.shift() ?? 200).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { heard, url, [Symbol.asyncDispose]: close };
}
