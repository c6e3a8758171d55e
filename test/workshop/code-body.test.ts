import { afterEach, expect, test, vi } from "vitest";
import { joinBody, splitBody, type CodeBody } from "../../platform/workshop/code-body.ts";

const SETTINGS = 1000;
const CODE = Buffer.alloc(9000, "some code\n");
const TEXT = CODE.toString("base64");

afterEach(() => vi.restoreAllMocks());

function split(body: string | Buffer) {
  return splitBody(Buffer.from(body), SETTINGS);
}

/** The value of a body that is taken. */
function valueOf(body: string | Buffer): unknown {
  const found = split(body);
  if (!("settings" in found)) throw new Error(JSON.stringify(found));
  return joinBody(found);
}

test.each<[string, (code: string) => string]>([
  ["in func_code", (code) => `{"a":"x","func_code":{"file":${code}},"b":[1,{"c":null}]}`],
  ["as file_code", (code) => `{"file_code":${code},"a":"\\"quoted\\" \\\\"}`],
  ["as depend_file", (code) => `\n{ "größe" : "ü" , "depend_file" : ${code} }\n`],
])("code %s is taken out as bytes, and all else stays", (_name, write) => {
  const text = write(JSON.stringify(TEXT));
  const wanted = JSON.parse(text, (_key, value: unknown) =>
    value === TEXT ? new Uint8Array(CODE) : value,
  ) as unknown;
  expect(valueOf(text)).toEqual(wanted);
  const short = write('"AAAA"');
  const bytes = new Uint8Array(3);
  expect(valueOf(short)).toEqual(
    JSON.parse(short, (_key, value: unknown) => (value === "AAAA" ? bytes : value)),
  );
});

test("code is read however its characters are written", () => {
  const escaped = TEXT.replaceAll(/./g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
  for (const code of [escaped, TEXT.replaceAll("/", "\\/"), TEXT.replaceAll(/(.{76})/g, "$1\\r\\n")])
    expect(valueOf(`{"file_code":"${code}"}`)).toEqual({ file_code: new Uint8Array(CODE) });
});

const NESTED = "[".repeat(500_000);

test.each<[string, string | Buffer, string]>([
  ["nothing but brackets", NESTED + "]".repeat(500_000), "FSS.0413"],
  ["brackets before the code", `{"a":${NESTED},"file_code":"${TEXT}"}`, "FSS.0413"],
  ["brackets after the code", `{"file_code":"${TEXT}","a":${NESTED}}`, "FSS.0413"],
  ["empty values without end", `{"file_code":"${TEXT}","a":[${"{},".repeat(300_000)}0]}`, "FSS.0413"],
  ["quotes without end", `{"file_code":"${'\\"'.repeat(500_000)}"}`, "FSS.0413"],
  ["backslashes without end", `{"a":"${"\\".repeat(1_000_000)}","file_code":"${TEXT}"}`, "FSS.0413"],
  ["a long text that is no code", `{"file_code":"AAAA","a":"${TEXT}"}`, "FSS.0413"],
  ["a long name", `{"${TEXT}":"","file_code":"AAAA"}`, "FSS.0413"],
  ["two long texts", `{"file_code":"${TEXT}","depend_file":"${TEXT}"}`, "FSS.0413"],
  ["space without end", `{"file_code":"${TEXT}"${" ".repeat(1_000_000)}}`, "FSS.0413"],
  ["a text without end", `{"file_code":"${TEXT}`, "FSS.0400"],
  ["a text that ends in the middle of a character", `{"file_code":"${TEXT}\\`, "FSS.0400"],
  ["lines in the code that JSON does not allow", `{"file_code":"${TEXT}\n${TEXT}"}`, "FSS.0400"],
  [
    "other than UTF-8 beside the code",
    Buffer.from(`{"a":"\xff","file_code":"${TEXT}"}`, "latin1"),
    "FSS.0400",
  ],
])("a body of %s is refused, and no more of it than is allowed is parsed", (_name, body, code) => {
  const parse = vi.spyOn(JSON, "parse");
  expect(split(body)).toMatchObject({ property: "body", code });
  for (const [text] of parse.mock.calls)
    if (!text.startsWith(`"${TEXT}`)) expect(text.length).toBeLessThanOrEqual(2 * SETTINGS + 100);
});

test("code that is no Base64 stays, cut short, to be refused by the rules of its field", () => {
  for (const code of [`${TEXT}*`, Buffer.from(`${TEXT}\xff`, "latin1").toString("latin1")]) {
    const found = split(`{"func_code":{"file":"${code}"}}`) as CodeBody;
    expect(found.code).toBeUndefined();
    expect(JSON.parse(found.settings)).toEqual({ func_code: { file: `${TEXT.slice(0, 64)}…` } });
  }
});
