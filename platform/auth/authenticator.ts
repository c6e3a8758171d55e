import { LIMITS } from "../../model/limits.ts";
import {
  parseAuthorization,
  parseSdkDate,
  verify,
  type Authorization,
  type SignedRequest,
} from "../../model/signature.ts";
import type { Credentials, Principal, Signer } from "./credentials.ts";
import { AuthRefusal, unauthorized } from "./refusal.ts";

type Headers = SignedRequest["headers"];

/** What the headers of a request claim; the signature is still to be checked against the body. */
export interface Claim {
  readonly authorization: Authorization;
  readonly signer: Signer;
}

/**
 * Says who signed a request (SDK-HMAC-SHA256; ../../model/signature.ts).
 *
 * A signature seen before is not refused: its date counts whole seconds and it carries no nonce, so two honest
 * invocations with one body in one second are signed alike. The age limit bounds what a captured request is good for.
 */
export class Authenticator {
  readonly #credentials: Credentials;
  readonly #now: () => number;

  constructor(credentials: Credentials, now: () => number = Date.now) {
    this.#credentials = credentials;
    this.#now = now;
  }

  /** What can be refused by the headers alone, before a body is read. */
  claim(headers: Headers): Claim | AuthRefusal {
    const text = headers.authorization;
    if (typeof text !== "string" || text === "") return missingAuthorization(headers);
    const authorization = parseAuthorization(text);
    if (authorization === undefined) return malformedAuthorization(text);
    const refusal = checkSignedHeaders(authorization, headers) ?? this.#checkDate(headers["x-sdk-date"]);
    if (refusal !== undefined) return refusal;
    const signer = this.#credentials.find(authorization.accessKey);
    if (signer === undefined) {
      return unauthorized(
        `The access key ${JSON.stringify(authorization.accessKey.slice(0, 64))} is not known here. Use a key pair that this platform printed at its start.`,
      );
    }
    return { authorization, signer };
  }

  /** The principal when the signature of a claim covers this very request. */
  confirm(claim: Claim, request: SignedRequest): Principal | AuthRefusal {
    if (verify(request, claim.authorization, claim.signer.key)) return claim.signer;
    return unauthorized(
      "The signature does not fit the request. Check the secret key, and that method, path, query, body and every signed header are sent as they were signed.",
    );
  }

  /** Both steps, for a request whose body is there already. */
  authenticate(request: SignedRequest): Principal | AuthRefusal {
    const claim = this.claim(request.headers);
    return claim instanceof AuthRefusal ? claim : this.confirm(claim, request);
  }

  /** A refusal unless the request is signed for that project: what the gateway asks. `url` holds path and query. */
  verify(
    request: Pick<SignedRequest, "method" | "headers" | "body"> & { readonly url: string },
    projectId: string,
  ): AuthRefusal | undefined {
    const { method, url, headers, body } = request;
    const mark = url.indexOf("?");
    const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
    const principal = this.authenticate({ method, path, query, headers, body });
    return principal instanceof AuthRefusal ? principal : checkProject(principal, projectId);
  }

  #checkDate(date: Headers[string]): AuthRefusal | undefined {
    const at = typeof date === "string" ? dateOf(date.trim()) : undefined;
    if (at === undefined) {
      return unauthorized(
        `X-Sdk-Date ${JSON.stringify(date ?? "")} is not a date. Write the time of signing in UTC as YYYYMMDDTHHMMSSZ, for example 20261121T180324Z.`,
      );
    }
    const now = this.#now();
    if (Math.abs(now - at) <= LIMITS.signatureAgeSeconds * 1000) return undefined;
    return unauthorized(
      `The request was signed at ${new Date(at).toISOString()}, here it is ${new Date(now).toISOString()}: more than ${LIMITS.signatureAgeSeconds / 60} minutes apart. Set the clock and sign again.`,
    );
  }
}

/** A refusal when the project in the path is not the principal's. */
export function checkProject(principal: Principal, projectId: string): AuthRefusal | undefined {
  if (projectId === principal.projectId) return undefined;
  return new AuthRefusal(
    "FSS.0403",
    `The path names the project ${JSON.stringify(projectId.slice(0, 64))}, the access key belongs to "${principal.projectId}". Use that project's id, or the other project's key pair.`,
  );
}

function missingAuthorization(headers: Headers): AuthRefusal {
  return headers["x-auth-token"] === undefined
    ? unauthorized("The request is not signed. Send an Authorization header made with SDK-HMAC-SHA256.")
    : unauthorized(
        "This platform gives out no tokens, so X-Auth-Token opens nothing. Sign the request with an access key (SDK-HMAC-SHA256).",
      );
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
