import { expect, test } from "vitest";

import { startPlatform } from "../../platform/main.ts";
import { functionBody, zip } from "../api/fixtures.ts";
import { TemporaryFolder } from "../store/fixtures.ts";

const SOURCE = `exports.handler = async (event, context) => ({
  statusCode: 200,
  headers: {},
  isBase64Encoded: false,
  body: event.httpMethod + " " + event.path,
});`;

test("a function gets an address that calls it, for everybody or for signed callers, until it is taken away", async () => {
  using folder = new TemporaryFolder();
  const platform = await startPlatform({ dataDir: folder.path, isolation: "bare", poolSize: 0 });
  try {
    const { endpoint, projectId, accessKey, secretKey } = platform;
    const pair = { access: { key: accessKey }, secret: { key: secretKey } };
    const body = JSON.stringify({ auth: { identity: { methods: ["hw_ak_sk"], hw_ak_sk: pair } } });
    const signIn = await fetch(`${endpoint}/v3/auth/tokens`, { method: "POST", body });
    const token = signIn.headers.get("x-subject-token") ?? "";
    const ask = async (method: string, path: string, given?: unknown) => {
      const response = await fetch(`${endpoint}/v2/${projectId}/fgs/functions${path}`, {
        method,
        headers: { "X-Auth-Token": token },
        ...(given === undefined ? {} : { body: JSON.stringify(given) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: (text === "" ? {} : JSON.parse(text)) as Record<string, string>,
      };
    };
    await ask("POST", "", { ...(await functionBody("demo")), func_code: { file: await zip(SOURCE) } });
    const path = "/demo/function-url";
    expect((await ask("GET", path)).status).toBe(404);
    const open = { auth_type: "NONE", cors: { is_cors: false } };
    const { status, body: made } = await ask("POST", path, open);
    expect([status, made["auth_type"]]).toEqual([200, "NONE"]);
    const url = made["function_url"] ?? "";
    expect(await (await fetch(`${url}/a/b`, { method: "PUT" })).text()).toContain("PUT /function-url/");
    expect((await ask("POST", path, open)).status).toBe(409);
    expect((await ask("PUT", path, { ...open, auth_type: "IAM" })).body).toMatchObject({ function_url: url });
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { "X-Auth-Token": token } })).status).toBe(200);
    const wrong = await ask("PUT", path, { auth_type: "FREE", cors: { is_cors: true } });
    expect(wrong.status).toBe(400);
    for (const property of ["auth_type", "cors.is_cors"]) expect(wrong.body["error_msg"]).toContain(property);
    expect((await ask("DELETE", path)).status).toBe(204);
    expect((await fetch(url)).status).toBe(404);
  } finally {
    await platform.close();
  }
});
