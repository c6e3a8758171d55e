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

/** True for a header that the gateway says itself. @param name in lower case */
export function isOwnHeader(name: string): boolean {
  return (OWN as readonly string[]).includes(name);
}

/** Who is at the other end of a connection, and the port it came to. */
export interface Peer {
  readonly address: string;
  readonly port: string;
}

/** See Peer. */
export function peerOf(socket: Socket): Peer {
  return { address: socket.remoteAddress ?? "", port: String(socket.localPort ?? "") };
}

const peers = new WeakMap<Socket, string>();

/** What the gateway knows of the connection, as members of a JSON object without a final comma. */
export function renderPeer(socket: Socket): string {
  let json = peers.get(socket);
  if (json === undefined) {
    const peer = peerOf(socket);
    const [address, port] = [JSON.stringify(peer.address), JSON.stringify(peer.port)];
    json = `"x-forwarded-for":${address},"x-forwarded-port":${port},"x-forwarded-proto":"http","x-real-ip":${address}`;
    peers.set(socket, json);
  }
  return json;
}
