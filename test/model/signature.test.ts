import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalRequest,
  formatSdkDate,
  parseAuthorization,
  parseSdkDate,
  sign,
  signingKey,
  type SignedRequest,
  stringToSign,
  UNSIGNED_PAYLOAD,
  verify,
} from "../../model/signature.ts";
import vectors from "./signature-vectors.json" with { type: "json" };

interface Vector extends SignedRequest {
  readonly name: string;
  readonly secretKey: string;
  readonly headers: Readonly<Record<string, string>>;
}

const VECTORS = vectors as unknown as Vector[];
const CREDENTIALS = { accessKey: "AKDEMO", secretKey: "SKDEMO" };

function signed(request: SignedRequest, at?: Date): SignedRequest {
  return { ...request, headers: { ...request.headers, ...sign(request, CREDENTIALS, at) } };
}

function holds(request: SignedRequest, secretKey = CREDENTIALS.secretKey): boolean {
  const authorization = parseAuthorization(String(request.headers["authorization"]));
  return authorization !== undefined && verify(request, authorization, secretKey);
}

const REQUEST: SignedRequest = {
  method: "POST",
  path: "/v2/p/fgs/functions/urn:fss:r:p:function:default:demo:!prod/invocations",
  query: "",
  headers: { host: "127.0.0.1:8080", "content-type": "application/json" },
  body: '{"a":1}',
};

describe("signatures of the vendor's own client", () => {
  test.each(VECTORS)("$name verifies", (vector) => {
    expect(holds(vector, vector.secretKey)).toBe(true);
    expect(holds(vector, "another key")).toBe(false);
  });

  test.each(VECTORS)("$name: signing the same headers gives the same signature", (vector) => {
    const names = String(parseAuthorization(vector.headers["authorization"] ?? "")?.signedHeaders).split(";");
    const headers = Object.fromEntries(
      names.filter((name) => name !== "x-sdk-date").map((name) => [name, vector.headers[name]]),
    );
    const at = new Date(parseSdkDate(vector.headers["x-sdk-date"] ?? "") ?? 0);
    const made = sign({ ...vector, headers }, { accessKey: "AKTEST", secretKey: vector.secretKey }, at);
    expect(made.authorization).toBe(vector.headers["authorization"]);
  });
});

describe("canonical request", () => {
  test("escapes path segments, sorts and escapes the query, trims headers, hashes the body", () => {
    const request: SignedRequest = {
      method: "GET",
      path: "/a:b/c%20d/!x~",
      query: "b=2&a=%C3%A9&b=1&flag&c=x%2Fy",
      headers: { host: "  h ", "x-two": ["1", "2"] },
      body: "",
    };
    expect(canonicalRequest(request, "host;x-two")).toBe(
      [
        "GET",
        "/a%3Ab/c%20d/%21x~/",
        "a=%C3%A9&b=1&b=2&c=x%2Fy&flag=",
        "host:h",
        "x-two:1, 2",
        "",
        "host;x-two",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      ].join("\n"),
    );
  });

  test("a path with a broken escape is taken as it stands", () => {
    expect(canonicalRequest({ ...REQUEST, path: "/100%" }, "host")).toContain("\n/100%25/\n");
  });

  test("the string to sign has three lines", () => {
    expect(stringToSign("x", "20261121T180324Z").split("\n")).toEqual([
      "SDK-HMAC-SHA256",
      "20261121T180324Z",
      "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    ]);
  });
});

describe("sign and verify", () => {
  test("a signed request holds, with a text key and with a prepared key", () => {
    const request = signed(REQUEST);
    const authorization = parseAuthorization(String(request.headers["authorization"]));
    expect(holds(request)).toBe(true);
    expect(authorization && verify(request, authorization, signingKey("SKDEMO"))).toBe(true);
  });

  test.each([
    ["another body", { body: '{"a":2}' }],
    ["another method", { method: "PUT" }],
    ["another path", { path: "/v2/p/fgs/functions/other/invocations" }],
    ["another query", { query: "a=1" }],
  ])("fails on %s", (_, change) => {
    expect(holds({ ...signed(REQUEST), ...change })).toBe(false);
  });

  test("fails on a changed signed header, holds with a new unsigned one", () => {
    const request = signed(REQUEST);
    expect(holds({ ...request, headers: { ...request.headers, host: "elsewhere" } })).toBe(false);
    expect(holds({ ...request, headers: { ...request.headers, "x-project-id": "p" } })).toBe(true);
  });

  test("a claimed body hash does not let another body through", () => {
    const request = signed(REQUEST);
    const hash = canonicalRequest(request, "host").split("\n").at(-1);
    const forged = { ...request.headers, "x-sdk-content-sha256": hash };
    expect(holds({ ...request, headers: forged, body: "other" })).toBe(false);
  });

  test("a payload signed as unsigned may be any", () => {
    const headers = { ...REQUEST.headers, "x-sdk-content-sha256": UNSIGNED_PAYLOAD };
    const request = signed({ ...REQUEST, headers });
    expect(holds({ ...request, body: Buffer.from("anything") })).toBe(true);
  });

  test("a client that escaped the path before signing is understood", () => {
    const path = "/v2/p/fgs/functions/urn%3Afss%3Ar/invocations";
    const double = signed({ ...REQUEST, path: path.replaceAll("%", "%25") });
    expect(holds({ ...double, path })).toBe(true);
  });

  test("fails on signed headers that name what every object has", () => {
    const authorization = {
      accessKey: "A",
      signedHeaders: "constructor;toString",
      signature: "0".repeat(64),
    };
    expect(verify(REQUEST, authorization, "SK")).toBe(false);
  });

  test("fails on a signature of the wrong length instead of throwing", () => {
    expect(verify(REQUEST, { accessKey: "A", signedHeaders: "host", signature: "abc" }, "SK")).toBe(false);
  });

  test("what is signed verifies, whatever the path, query, and body are", () => {
    const segment = fc.string({ unit: "grapheme" }).map((text) => encodeURIComponent(text.toWellFormed()));
    fc.assert(
      fc.property(
        fc.array(segment),
        fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
        fc.string(),
        (path, query, body) => {
          const request = signed({
            ...REQUEST,
            path: `/${path.join("/")}`,
            query: new URLSearchParams(query).toString(),
            body,
          });
          return holds(request) && !holds({ ...request, body: `${body}x` });
        },
      ),
    );
  });
});

describe("the Authorization header", () => {
  test.each([
    "",
    "Bearer x",
    "SDK-HMAC-SHA256 Access=a",
    "SDK-HMAC-SHA256 Access=, SignedHeaders=h, Signature=s",
  ])("fails on %j", (text) => {
    expect(parseAuthorization(text)).toBeUndefined();
  });

  test("fields may stand close together", () => {
    expect(parseAuthorization("SDK-HMAC-SHA256 Access=a, SignedHeaders=h;i, Signature=0f")).toEqual({
      accessKey: "a",
      signedHeaders: "h;i",
      signature: "0f",
    });
  });
});

describe("dates", () => {
  test("go both ways", () => {
    const at = new Date("2026-11-21T18:03:24.000Z");
    expect(formatSdkDate(at)).toBe("20261121T180324Z");
    expect(parseSdkDate("20261121T180324Z")).toBe(at.getTime());
  });

  test.each(["", "2026-11-21T18:03:24Z", "20261341T180324Z", "20261121T180324"])("fails on %j", (text) => {
    expect(parseSdkDate(text)).toBeUndefined();
  });
});
