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
  const { body: shown } = await api.call("GET", `/functions/${api.urn("large")}/code`);
  expect(Buffer.from(String(shown["func_code"]?.["file"]), "base64").equals(archive)).toBe(true);
});

test("one that has other than ASCII in it is read as UTF-8", async () => {
  await api.create("wide");
  const { body } = await largeBody("größe.zip");
  const { body: reply } = await api.call("PUT", `/functions/${api.urn("wide")}/code`, body);
  expect(reply["code_filename"]).toBe("größe.zip");
});

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
