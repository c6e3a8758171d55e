import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";

/**
 * SDK-HMAC-SHA256, the signature of FunctionGraph requests, for the client (sign) and the platform (verify).
 * Pure functions; the platform runs them for every signed call, so what repeats between calls is remembered.
 */
const ALGORITHM = "SDK-HMAC-SHA256";
export const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** Header names in lower case; several values of one name as Node gives them. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The parts of a request that a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** Path as it stands in the request line, without the query. */
  readonly path: string;
  /** Query as it stands in the request line, without `?`; empty when there is none. */
  readonly query: string;
  readonly headers: Headers;
  readonly body: string | Buffer;
  /** The body's SHA-256 in hex, where who has the body knows it already. */
  readonly bodySha256?: string | undefined;
}

/** The fields of an `Authorization` header. */
export interface Authorization {
  readonly accessKey: string;
  /** As written: lower-case names joined by `;`. */
  readonly signedHeaders: string;
  readonly signature: string;
}

/** The lines that are hashed: method, path, query, headers, names, body hash. */
export function canonicalRequest(request: SignedRequest, signedHeaders: string): string {
  let headers = "";
  for (const name of headerNames(signedHeaders)) headers += `${name}:${headerText(request.headers[name])}\n`;
  const query = request.query === "" ? "" : canonicalQuery(request.query);
  return `${request.method}\n${canonicalPath(request.path)}\n${query}\n${headers}\n${signedHeaders}\n${bodyHash(request)}`;
}

/** Algorithm, date (`X-Sdk-Date`) and hash of the canonical request. */
export function stringToSign(canonical: string, date: string): string {
  return `${ALGORITHM}\n${date}\n${hash("sha256", canonical, "hex")}`;
}

/** A secret key in the form that signs fastest. Keep it, do not make it per request. */
export function signingKey(secretKey: string): KeyObject {
  return createSecretKey(secretKey, "utf8");
}

/**
 * The headers that sign a request: `x-sdk-date` and `authorization`, to be sent beside those given.
 * Every header of the request is signed, so it must carry `host` and none that a proxy changes.
 */
export function sign(
  request: SignedRequest,
  credentials: { readonly accessKey: string; readonly secretKey: string | KeyObject },
  at: Date = new Date(),
): { "x-sdk-date": string; authorization: string } {
  const date = formatSdkDate(at);
  const headers: Headers = { ...request.headers, "x-sdk-date": date };
  const signedHeaders = Object.keys(headers).sort().join(";");
  const canonical = canonicalRequest({ ...request, headers }, signedHeaders);
  const signature = hmac(credentials.secretKey, stringToSign(canonical, date)).toString("hex");
  return {
    "x-sdk-date": date,
    authorization: `${ALGORITHM} Access=${credentials.accessKey}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}

/**
 * True when the signature covers this very request. The age of the date is the caller's to check.
 *
 * A client that escapes the path before it hands it to an SDK signs the escapes once more; such a signature holds too.
 */
export function verify(
  request: SignedRequest,
  authorization: Authorization,
  secretKey: string | KeyObject,
): boolean {
  const date = headerText(request.headers["x-sdk-date"]);
  const given = Buffer.from(authorization.signature, "hex");
  if (given.length !== 32) return false;
  const canonical = canonicalRequest(request, authorization.signedHeaders);
  if (timingSafeEqual(hmac(secretKey, stringToSign(canonical, date)), given)) return true;
  if (!request.path.includes("%")) return false;
  const escapedOnce = { ...request, path: request.path.replaceAll("%", "%25") };
  const again = canonicalRequest(escapedOnce, authorization.signedHeaders);
  return timingSafeEqual(hmac(secretKey, stringToSign(again, date)), given);
}

/** Reads `SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…`; undefined when it is not one. */
export function parseAuthorization(text: string): Authorization | undefined {
  if (!text.startsWith(`${ALGORITHM} `)) return undefined;
  const accessKey = field(text, "Access=");
  const signedHeaders = field(text, "SignedHeaders=");
  const signature = field(text, "Signature=");
  if (accessKey === undefined || signedHeaders === undefined || signature === undefined) return undefined;
  return { accessKey, signedHeaders, signature };
}

function field(text: string, name: string): string | undefined {
  const start = text.indexOf(` ${name}`);
  if (start < 0) return undefined;
  const from = start + 1 + name.length;
  const comma = text.indexOf(",", from);
  const value = (comma < 0 ? text.slice(from) : text.slice(from, comma)).trim();
  return value === "" ? undefined : value;
}

/** `20261121T180324Z` */
export function formatSdkDate(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

const SDK_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Epoch milliseconds of an `X-Sdk-Date`; undefined when it is not one. */
export function parseSdkDate(text: string): number | undefined {
  if (!SDK_DATE.test(text)) return undefined;
  const at = Date.parse(text.replace(SDK_DATE, "$1-$2-$3T$4:$5:$6Z"));
  return Number.isNaN(at) ? undefined : at;
}

function hmac(key: string | KeyObject, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/**
 * The hash of the body that came, whatever `X-Sdk-Content-Sha256` claims: a claim is part of no signature by itself,
 * so believing it would let a captured request carry another body. Only `UNSIGNED-PAYLOAD` is taken at its word,
 * because then the word itself was signed.
 */
function bodyHash(request: SignedRequest): string {
  if (request.headers["x-sdk-content-sha256"] === UNSIGNED_PAYLOAD) return UNSIGNED_PAYLOAD;
  return request.bodySha256 ?? hash("sha256", request.body, "hex");
}

function headerText(value: string | readonly string[] | undefined): string {
  if (typeof value === "string") return value.trim();
  // A caller may name a header that is none, such as "constructor".
  return Array.isArray(value) ? value.join(", ").trim() : "";
}

const RESERVED = /[!'()*]/g;

/** RFC 3986: everything but letters, digits and `-._~` is escaped. */
function escape(text: string): string {
  return encodeURIComponent(text).replaceAll(
    RESERVED,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % stands for itself
  }
}

const canonicalPath = remembered((path) => {
  const escaped = path
    .split("/")
    .map((segment) => escape(unescape(segment)))
    .join("/");
  return escaped.endsWith("/") ? escaped : `${escaped}/`;
});

const headerNames = remembered((signedHeaders) => signedHeaders.split(";"));

function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair): [string, string] => {
      const equals = pair.indexOf("=");
      const [key, value] = equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [queryText(key), queryText(value)];
    });
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  return pairs.map(([key, value]) => `${key}=${value}`).join("&");
}

function queryText(text: string): string {
  return escape(unescape(text.replaceAll("+", " ")));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

const REMEMBERED = 1024;

/** The same function, its answers kept for texts that come again; short texts only, and not without bound. */
function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = compute(text);
    if (text.length > REMEMBERED) return value;
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, value);
    return value;
  };
}
