/** How this machine itself reaches a server: an address that means all addresses is none to call. */
function endpointOf(host: string, port: number): string {
  const own = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return `http://${own.includes(":") ? `[${own}]` : own}:${String(port)}`;
}

/** Something that listens. */
interface Listener {
  /** @returns the port that was bound */
  listen(port: number, host: string): Promise<number>;
}

/** Listens; answers the endpoint. Rejects with a sentence, `code` as Node gives it. */
export async function listen(server: Listener, port: number, host: string): Promise<string> {
  try {
    return endpointOf(host, await server.listen(port, host));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === "EADDRINUSE"
        ? `Port ${String(port)} on ${host} is taken. Stop what uses it, or choose another port; 0 takes any that is free.`
        : `The platform cannot listen on ${host}, port ${String(port)}: ${(error as Error).message}. Choose another address or port.`;
    throw Object.assign(new Error(what, { cause: error }), { code });
  }
}
