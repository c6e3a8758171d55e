/** One HTTP request. */
interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/** Its answer; names of headers are in lower case. */
interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Sends a request and waits for the whole answer, whatever its status. */
export async function callHttp({ method, url, headers, body, signal }: HttpCall): Promise<HttpReply> {
  const carriesBody = body.length > 0 && method !== "GET" && method !== "HEAD";
  const reply = await fetch(url, {
    method,
    headers,
    signal,
    redirect: "manual",
    ...(carriesBody ? { body: new Uint8Array(body) } : {}),
  });
  return {
    status: reply.status,
    headers: Object.fromEntries(reply.headers),
    body: Buffer.from(await reply.arrayBuffer()),
  };
}
