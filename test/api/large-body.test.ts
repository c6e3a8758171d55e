import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sign } from "../../model/signature.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { TestApi } from "./fixtures.ts";

// Large bodies are hashed as they come, and read in pieces: what they hold must be what was signed all the same.
let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api[Symbol.asyncDispose]());

/** The body of UpdateFunctionCode with three megabytes that do not compress. */
async function largeBody(comment = ""): Promise<{ archive: Buffer; body: Buffer }> {
  const files = [
    memoryFile("data.bin", randomBytes(3 * 1024 * 1024)),
    memoryFile("index.js", Buffer.from("exports.handler = async () => 1;\n")),
  ];
  const archive = await writeZip(files);
  const code = {
    code_type: "zip",
    code_filename: comment || "code.zip",
    func_code: { file: archive.toString("base64") },
  };
  return { archive, body: Buffer.from(JSON.stringify(code)) };
}

test("a large upload is kept as it was sent", async () => {
  await api.create("large");
  const { archive, body } = await largeBody();
  expect((await api.call("PUT", `/functions/${api.urn("large")}/code`, body)).status).toBe(200);
  expect(archive.equals(await codeOf("large"))).toBe(true);
});

test("one that has other than ASCII in it is read as UTF-8", async () => {
  await api.create("wide");
  const { body } = await largeBody("größe.zip");
  const { body: reply } = await api.call("PUT", `/functions/${api.urn("wide")}/code`, body);
  expect(reply["code_filename"]).toBe("größe.zip");
});

test.each<[string, (text: string) => string]>([
  ["with escaped slashes, as PHP writes them", (text) => text.replaceAll("/", String.raw`\/`)],
  ["broken into lines", (text) => text.replaceAll(/(.{76})(?=[\w+/])/g, String.raw`$1\n`)],
  ["with spaces around it", (text) => ` \n${text}\n `],
])("Base64 %s is read", async (name, write) => {
  await api.create("written");
  const { archive, body } = await largeBody(name);
  const text = body.toString();
  const file = archive.toString("base64");
  const changed = name.startsWith("with spaces") ? write(text) : text.replace(file, () => write(file));
  expect(changed).not.toBe(text);
  const { status } = await api.call("PUT", `/functions/${api.urn("written")}/code`, Buffer.from(changed));
  expect(status).toBe(200);
  expect(archive.equals(await codeOf("written"))).toBe(true);
  await api.call("DELETE", `/functions/${api.urn("written")}`);
});

const MB = "a".repeat(1024 * 1024);

test.each<[string, string, string, string]>([
  ["no JSON", `{"code_type":"zip","func_code":{"file":"${MB}${MB}`, "FSS.0400", "not JSON"],
  ["no Base64", upload(`${MB}****${MB}`), "FSS.1011", "must be Base64"],
  ["no archive", upload(`${MB}${MB}`), "FSS.1011", ""],
  ["settings without end", upload(MB, `"other":"${MB}"`), "FSS.0413", "beside the code"],
  ["two archives", upload(MB, `"depend_file":"${MB}"`), "FSS.0413", "beside the code"],
  ["endless depth", upload(MB, `"other":${"[".repeat(70)}${"]".repeat(70)}`), "FSS.0400", "nested"],
  ["endless values", upload(MB, `"other":[${"0,".repeat(200_000)}0]`), "FSS.0400", "values"],
  ["other types", upload(MB).replace('"zip"', "[]"), "FSS.1006", "code_type"],
])("a large body with %s is refused", async (_name, body, code, word) => {
  const answer = await api.call("PUT", `/functions/${api.urn("large")}/code`, Buffer.from(body));
  expect(answer).toMatchObject({ status: code === "FSS.0413" ? 413 : 400, body: { error_code: code } });
  expect(String(answer.body["error_msg"])).toContain(word);
});

function upload(file: string, more = ""): string {
  return `{"code_type":"zip","func_code":{"file":"${file}"}${more && `,${more}`}}`;
}

test("a large dependency and a large import are kept too", async () => {
  const { archive } = await largeBody();
  const depend_file = archive.toString("base64");
  const dependency = { name: "large", runtime: "Node.js20.15", depend_type: "zip", depend_file };
  const made = await api.call("POST", "/dependencies/version", dependency);
  expect(made).toMatchObject({ status: 200, body: { size: archive.length } });

  const config =
    "runtime: Node.js20.15\nhandler: index.handler\ntimeout: 3\nmemory_size: 128\ncode_type: zip\n";
  const files = [memoryFile("e.yaml", Buffer.from(config)), memoryFile("e.zip", archive)];
  const file_code = (await writeZip(files)).toString("base64");
  const form = { func_name: "imported", file_name: "e.zip", file_type: "zip", file_code };
  expect(await api.call("POST", "/functions/import", form)).toMatchObject({ status: 200 });
  expect(archive.equals(await codeOf("imported"))).toBe(true);
});

async function codeOf(name: string): Promise<Buffer> {
  const { body } = await api.call("GET", `/functions/${api.urn(name)}/code`);
  return Buffer.from(String(body["func_code"]?.["file"]), "base64");
}

test("one that was changed on its way is refused, wherever it was", async () => {
  await api.create("changed");
  const { body } = await largeBody();
  const path = `${api.root}/functions/${api.urn("changed")}/code`;
  for (const at of [40, body.length >> 1, body.length - 10]) {
    const headers = { host: api.host, "content-type": "application/json" };
    const signed = sign({ method: "PUT", path, query: "", headers, body }, api.credential);
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect((await api.sendWith({ ...signed }, "PUT", path, changed)).status).toBe(401);
  }
});
