import { LIMITS } from "../../model/limits.ts";
import {
  parseAuthorization,
  parseSdkDate,
  verify,
  type Authorization,
  type SignedRequest,
} from "../../model/signature.ts";
import type { Signer } from "./credentials.ts";
import type { Identities } from "./identities.ts";
import { checkProject, checkRole, type Principal } from "./principal.ts";
import { AuthRefusal, unauthorized } from "./refusal.ts";
import { ReplayGuard } from "./replay-guard.ts";

type Headers = SignedRequest["headers"];

/** What the headers of a request claim. */
export interface Claim {
  readonly principal: Principal;
  /** Left out for a token; a signature is still to be checked against the body. */
  readonly signed?: {
    readonly authorization: Authorization;
    readonly signer: Signer;
    /** Epoch milliseconds. */
    readonly at: number;
  };
}

/** Settings of an authenticator; each has a default. */
export interface AuthenticatorOptions {
  /** Default: the clock. */
  readonly now?: () => number;
  /** How far the date of a signature may be away, seconds. Default 900. */
  readonly signatureAgeSeconds?: number;
}

/** Whose keys and tokens open the door. */
export interface KnownCallers {
  readonly credentials: Pick<Identities["credentials"], "find">;
  readonly agencies: Pick<Identities["agencies"], "signer">;
  readonly tokens: Pick<Identities["tokens"], "principal">;
}

/**
 * Says who sent a request: who signed it (SDK-HMAC-SHA256; ../../model/signature.ts), or whose X-Auth-Token it carries.
 *
 * For invocations and for reading, a signature seen before is let in: its date counts whole seconds and it carries no
 * nonce, so two honest invocations with one body in one second are signed alike, and the age limit bounds what a
 * captured request is good for. What changes things is let in once: see `once`.
 */
export class Authenticator {
  readonly #callers: KnownCallers;
  readonly #now: () => number;
  readonly #ageSeconds: number;
  readonly #replays: ReplayGuard;

  constructor(callers: KnownCallers, options: AuthenticatorOptions = {}) {
    const { now = Date.now, signatureAgeSeconds = LIMITS.signatureAgeSeconds } = options;
    this.#callers = callers;
    this.#now = now;
    this.#ageSeconds = signatureAgeSeconds;
    this.#replays = new ReplayGuard(now());
  }

  /** What can be refused by the headers alone, before a body is read. */
  claim(headers: Headers): Claim | AuthRefusal {
    const text = headers.authorization;
    if (typeof text !== "string" || text === "") return this.#token(headers["x-auth-token"]);
    const authorization = parseAuthorization(text);
    if (authorization === undefined) return malformedAuthorization(text);
    const refusal = checkSignedHeaders(authorization, headers);
    if (refusal !== undefined) return refusal;
    const at = this.#date(headers["x-sdk-date"]);
    if (at instanceof AuthRefusal) return at;
    const signer = this.#signer(authorization.accessKey, headers["x-security-token"]);
    if (signer === undefined) {
      return unauthorized(
        `The access key ${JSON.stringify(authorization.accessKey.slice(0, 64))} is not known here. Use a key pair that this platform printed at its start, or that an administrator made.`,
      );
    }
    return { principal: signer, signed: { authorization, signer, at } };
  }

  /** The principal when the signature of a claim covers this very request. */
  confirm({ principal, signed }: Claim, request: SignedRequest): Principal | AuthRefusal {
    if (signed === undefined || verify(request, signed.authorization, signed.signer.key)) return principal;
    return unauthorized(
      "The signature does not fit the request. Check the secret key, and that method, path, query, body and every signed header are sent as they were signed.",
    );
  }

  /** A refusal when a confirmed request came before: for what changes things. Tokens may come as often as they like. */
  once({ signed }: Claim): AuthRefusal | undefined {
    return signed && this.#replays.check(signed.authorization.signature, signed.at, this.#now());
  }

  /** Until now changes were let in elsewhere: whatever was signed before comes too late here. */
  takeOver(): void {
    this.#replays.forget(this.#now());
  }

  /** Both steps, for a request whose body is there already. */
  authenticate(request: SignedRequest): Principal | AuthRefusal {
    const claim = this.claim(request.headers);
    return claim instanceof AuthRefusal ? claim : this.confirm(claim, request);
  }

  /** A refusal unless the caller may run functions of that project: what the gateway asks. `url` holds path and query. */
  verify(
    request: Pick<SignedRequest, "method" | "headers" | "body"> & { readonly url: string },
    projectId: string,
  ): AuthRefusal | undefined {
    const { method, url, headers, body } = request;
    const mark = url.indexOf("?");
    const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
    const principal = this.authenticate({ method, path, query, headers, body });
    if (principal instanceof AuthRefusal) return principal;
    return checkProject(principal, projectId) ?? checkRole(principal, "invoke");
  }

  #signer(accessKey: string, securityToken: Headers[string]): Signer | undefined {
    const { credentials, agencies } = this.#callers;
    const token = securityToken === undefined ? undefined : String(securityToken);
    return credentials.find(accessKey) ?? agencies.signer(accessKey, token);
  }

  #token(token: Headers[string]): Claim | AuthRefusal {
    if (typeof token !== "string" || token === "") {
      return unauthorized(
        "The request is not signed. Send an Authorization header made with SDK-HMAC-SHA256, or an X-Auth-Token.",
      );
    }
    const principal = this.#callers.tokens.principal(token);
    return principal instanceof AuthRefusal ? principal : { principal };
  }

  #date(date: Headers[string]): number | AuthRefusal {
    const at = typeof date === "string" ? dateOf(date.trim()) : undefined;
    if (at === undefined) {
      return unauthorized(
        `X-Sdk-Date ${JSON.stringify(date ?? "")} is not a date. Write the time of signing in UTC as YYYYMMDDTHHMMSSZ, for example 20261121T180324Z.`,
      );
    }
    const now = this.#now();
    if (Math.abs(now - at) <= this.#ageSeconds * 1000) return at;
    return unauthorized(
      `The request was signed at ${new Date(at).toISOString()}, here it is ${new Date(now).toISOString()}: more than ${this.#ageSeconds / 60} minutes apart. Set the clock and sign again.`,
    );
  }
}

function malformedAuthorization(text: string): AuthRefusal {
  const [scheme = ""] = text.split(" ", 1);
  if (scheme !== "SDK-HMAC-SHA256") {
    return unauthorized(
      `The Authorization header uses ${JSON.stringify(scheme.slice(0, 64))}. Sign with SDK-HMAC-SHA256, the one scheme that is accepted.`,
    );
  }
  const missing = ["Access", "SignedHeaders", "Signature"].filter((field) => !text.includes(`${field}=`));
  return unauthorized(
    `The Authorization header lacks ${missing.join(", ") || "a value"}. Write SDK-HMAC-SHA256 Access=<access key>, SignedHeaders=<a;b;c>, Signature=<64 hex digits>.`,
  );
}

const SIGNATURE = /^[0-9a-f]{64}$/i;
const MUST_BE_SIGNED = ["host", "x-sdk-date"] as const;

/** The names of `SignedHeaders`, or the one that is missing among them. */
const signedNames = lastOf((text): readonly string[] | string => {
  const names = text.split(";");
  return MUST_BE_SIGNED.find((must) => !names.includes(must)) ?? names;
});

const dateOf = lastOf(parseSdkDate);

function checkSignedHeaders(
  { signedHeaders, signature }: Authorization,
  headers: Headers,
): AuthRefusal | undefined {
  if (!SIGNATURE.test(signature)) {
    return unauthorized("The Signature has another form than 64 hexadecimal digits. Sign with HMAC-SHA256.");
  }
  const names = signedNames(signedHeaders);
  if (typeof names === "string") {
    return unauthorized(`The header ${names} is not signed. Add ${names} to SignedHeaders.`);
  }
  for (const name of names) {
    // Names such as `constructor` are on every object.
    if (!Object.hasOwn(headers, name)) {
      return unauthorized(
        `SignedHeaders names ${JSON.stringify(name.slice(0, 64))}, which the request does not carry. Send it, or leave it out when signing.`,
      );
    }
  }
  return undefined;
}

/** The same function with its last answer kept: callers in a row send the same names and the same second. */
function lastOf<T>(compute: (text: string) => T): (text: string) => T {
  let known: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (known?.text !== text) known = { text, value: compute(text) };
    return known.value;
  };
}
