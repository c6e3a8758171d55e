import { array, assert, oneof, property, string, stringMatching, tuple, webPath } from "fast-check";
import { expect, test } from "vitest";
import { readPlainHead } from "../../platform/gateway/request-head.ts";

const head = (...lines: string[]): string => lines.join("\r\n");

test("a plain head is read", () => {
  expect(
    readPlainHead(
      head(
        "POST /a/b?c=d HTTP/1.1",
        "Host: a",
        "Content-Length: 12",
        "X-Two-Words: one two",
        "Connection: Keep-Alive",
      ),
    ),
  ).toEqual({
    method: "POST",
    url: "/a/b?c=d",
    headers: { host: "a", "content-length": "12", "x-two-words": "one two", connection: "Keep-Alive" },
    bodyLength: 12,
  });
});

test.each([
  ["another version", "GET / HTTP/1.0", "Host: a"],
  ["a method that answers without a body", "HEAD / HTTP/1.1", "Host: a"],
  ["a method nobody knows", "BREW / HTTP/1.1", "Host: a"],
  ["an absolute target", "GET http://a/ HTTP/1.1", "Host: a"],
  ["a fragment", "GET /#a HTTP/1.1", "Host: a"],
  ["two blanks", "GET  / HTTP/1.1", "Host: a"],
  ["no host", "GET / HTTP/1.1", "X: a"],
  ["two hosts", "GET / HTTP/1.1", "Host: a", "host: b"],
  ["two lengths", "POST / HTTP/1.1", "Host: a", "Content-Length: 1", "Content-Length: 1"],
  ["a list of lengths", "POST / HTTP/1.1", "Host: a", "Content-Length: 1, 1"],
  ["a signed length", "POST / HTTP/1.1", "Host: a", "Content-Length: +1"],
  ["a length with zeros before it", "POST / HTTP/1.1", "Host: a", "Content-Length: 010"],
  ["a hexadecimal length", "POST / HTTP/1.1", "Host: a", "Content-Length: 0x10"],
  ["chunks", "POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked"],
  ["chunks by another name", "POST / HTTP/1.1", "Host: a", "Transfer-Encoding : chunked"],
  ["a folded line", "GET / HTTP/1.1", "Host: a", "X: b", " Content-Length: 5"],
  ["a bare newline in a value", "GET / HTTP/1.1", "Host: a", "X: b\nContent-Length: 5"],
  ["a bare return in a value", "GET / HTTP/1.1", "Host: a", "X: b\rContent-Length: 5"],
  ["a zero byte", "GET / HTTP/1.1", "Host: a", "X: b\u0000"],
  ["a tab", "GET / HTTP/1.1", "Host: a", "X: b\tc"],
  ["letters beyond ASCII", "GET / HTTP/1.1", "Host: a", "X: \u00e9"],
  ["an empty value", "GET / HTTP/1.1", "Host: a", "X: "],
  ["no blank after the colon", "GET / HTTP/1.1", "Host:a"],
  ["an expectation", "POST / HTTP/1.1", "Host: a", "Expect: 100-continue"],
  ["an upgrade", "GET / HTTP/1.1", "Host: a", "Connection: upgrade", "Upgrade: websocket"],
  ["a connection that is to close", "GET / HTTP/1.1", "Host: a", "Connection: close"],
  ["a name that objects have", "GET / HTTP/1.1", "Host: a", "__proto__: b"],
])("a head with %s is for a full parser", (_name, ...lines) => {
  expect(readPlainHead(head(...lines))).toBeUndefined();
});

test("whatever is read as plain is exactly what was written", () => {
  const token = stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
  const value = stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  assert(
    property(array(tuple(token, oneof(value, string()))), oneof(webPath(), string()), (fields, path) => {
      const lines = fields.map(([name, text]) => `${name}: ${text}`);
      const read = readPlainHead(head(`GET ${path} HTTP/1.1`, "Host: a", ...lines));
      if (read === undefined) return;
      expect(read.url).toBe(path);
      const names = new Set(fields.map(([name]) => name.toLowerCase()));
      expect(names.size).toBe(fields.length);
      for (const [name, text] of fields) expect(read.headers[name.toLowerCase()]).toBe(text);
      expect(Object.keys(read.headers)).toHaveLength(fields.length + 1);
    }),
  );
});
