import { expect, test } from "vitest";

import { startPlatform } from "../../platform/main.ts";
import { functionBody, zip } from "../api/fixtures.ts";
import { TemporaryFolder } from "../store/fixtures.ts";
import { officialClient } from "../support/sdk.ts";

test("roles and tokens hold at the gateway as they do at the control plane", async () => {
  using folder = new TemporaryFolder();
  const platform = await startPlatform({ dataDir: folder.path, isolation: "bare", poolSize: 0 });
  try {
    const { endpoint, projectId } = platform;
    const signIn = async (identity: unknown): Promise<string> => {
      const body = JSON.stringify({ auth: { identity } });
      const response = await fetch(`${endpoint}/v3/auth/tokens`, { method: "POST", body });
      expect(response.status).toBe(201);
      return response.headers.get("x-subject-token") ?? "";
    };
    const secret = { access: { key: platform.accessKey }, secret: { key: platform.secretKey } };
    const owner = await signIn({ methods: ["hw_ak_sk"], hw_ak_sk: secret });
    const ask = (token: string, method: string, path: string, body?: unknown) =>
      fetch(endpoint + path, {
        method,
        headers: { "X-Auth-Token": token },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const pairOf = async (role: string): Promise<{ accessKey: string; secretKey: string }> => {
      const answer = await ask(owner, "POST", `/fungraph/v1/projects/${projectId}/credentials`, { role });
      const pair = (await answer.json()) as Record<string, string>;
      return { accessKey: pair["access_key"] ?? "", secretKey: pair["secret_key"] ?? "" };
    };
    const func_code = { file: await zip("exports.handler = async (event, context) => ({ ran: true });") };
    await ask(owner, "POST", `/v2/${projectId}/fgs/functions`, {
      ...(await functionBody("demo")),
      func_code,
    });
    const function_urn = `urn:fss:local:${projectId}:function:default:demo`;
    const invoke = async (pair: { accessKey: string; secretKey: string }) =>
      officialClient({ endpoint, projectId, ...pair }).invokeFunction({ function_urn, body: {} } as never);
    const common = await pairOf("FunctionGraph CommonOperations");
    const read = await pairOf("FunctionGraph ReadOnlyAccess");
    expect(await invoke(common)).toMatchObject({ httpStatusCode: 200, ran: true });
    await expect(invoke(read)).rejects.toMatchObject({ httpStatusCode: 403, errorCode: "FSS.0403" });

    const path = `/v2/${projectId}/fgs/functions/${function_urn}/invocations`;
    const users = [
      ["reader", "FunctionGraph ReadOnlyAccess", 403],
      ["caller", "FunctionGraph CommonOperations", 200],
    ] as const;
    for (const [name, role, status] of users) {
      const password = "long enough";
      await ask(owner, "POST", "/fungraph/v1/users", {
        name,
        password,
        grants: [{ project: projectId, role }],
      });
      const token = await signIn({ methods: ["password"], password: { user: { name, password } } });
      expect((await ask(token, "POST", path, {})).status).toBe(status);
    }
    expect((await ask("stolen", "POST", path, {})).status).toBe(401);
  } finally {
    await platform.close();
  }
});
