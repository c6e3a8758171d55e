import type { Socket } from "node:net";
import type { GatewayRequest } from "./gateway-request.ts";

/** Header names kept; a caller who invents more gets the slow path. */
const NAMES_KEPT = 1024;
/** Headers whose value the gateway says itself, so that no caller can claim another address. */
const OWN = new Set([
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-real-ip",
  "x-request-id",
]);

/** A header name as it stands in the event: lower case, quoted, with its colon. */
interface Name {
  readonly json: string;
  readonly own: boolean;
  /** Number of the request that had it last; the same twice is a repeated header. */
  seenBy: number;
}

const names = new Map<string, Name>();
let requests = 0;

function nameOf(raw: string): Name {
  const known = names.get(raw);
  if (known !== undefined) return known;
  if (names.size >= NAMES_KEPT) names.clear();
  const lower = raw.toLowerCase();
  // Spellings of one name share the entry, so that a repetition is seen.
  let name = names.get(lower);
  if (name === undefined) {
    name = { json: `${JSON.stringify(lower)}:`, own: OWN.has(lower), seenBy: 0 };
    names.set(lower, name);
  }
  names.set(raw, name);
  return name;
}

/** The caller's headers as members of a JSON object, each followed by a comma; what the gateway says itself is left out. */
export function renderHeaders(request: GatewayRequest): string {
  const raw = request.rawHeaders;
  const serial = ++requests;
  let json = "";
  for (let at = 0; at < raw.length; at += 2) {
    const name = nameOf(raw[at] ?? "");
    if (name.own) continue;
    if (name.seenBy === serial) return renderRepeated(request);
    name.seenBy = serial;
    json += `${name.json + JSON.stringify(raw[at + 1])},`;
  }
  return json;
}

/** Repeated headers are joined as HTTP says. */
function renderRepeated(request: GatewayRequest): string {
  let json = "";
  for (const [name, value] of Object.entries(request.headers))
    if (!OWN.has(name) && value !== undefined)
      json += `${nameOf(name).json + JSON.stringify(Array.isArray(value) ? value.join(", ") : value)},`;
  return json;
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
