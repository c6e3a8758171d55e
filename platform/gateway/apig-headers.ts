import type { IncomingHttpHeaders } from "node:http";
import type { Socket } from "node:net";

/** Headers whose value the gateway says itself, so that no caller can claim another address. */
const OWN = [
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-real-ip",
  "x-request-id",
] as const;

/** The caller's headers as members of a JSON object, followed by a comma; what the gateway says itself is left out. */
export function renderHeaders(headers: IncomingHttpHeaders): string {
  for (const name of OWN) if (headers[name] !== undefined) return members(withoutOwn(headers));
  return members(headers);
}

function members(headers: IncomingHttpHeaders): string {
  const json = JSON.stringify(headers);
  return json === "{}" ? "" : `${json.slice(1, -1)},`;
}

function withoutOwn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const rest = { ...headers };
  for (const name of OWN) delete rest[name];
  return rest;
}

const peers = new WeakMap<Socket, string>();

/** What the gateway knows of the connection, as members of a JSON object without a final comma. */
export function renderPeer(socket: Socket): string {
  let json = peers.get(socket);
  if (json === undefined) {
    const address = JSON.stringify(socket.remoteAddress ?? "");
    const port = JSON.stringify(String(socket.localPort ?? ""));
    json = `"x-forwarded-for":${address},"x-forwarded-port":${port},"x-forwarded-proto":"http","x-real-ip":${address}`;
    peers.set(socket, json);
  }
  return json;
}
