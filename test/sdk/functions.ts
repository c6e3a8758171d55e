import { expect, test } from "vitest";

import { sign } from "../../model/signature.ts";
import { packed, saying, Stage } from "./stage.ts";

/** Functions, their code and configuration, and their way to another platform. */
export function functions(stage: () => Stage): void {
  test("functions are created, listed, pinned, configured, given other code, and deleted", async () => {
    const one = stage();
    const created = await one.deploy("first", saying("one"), { user_data: '{"A":"1"}' });
    await one.deploy("second", saying("two"));
    const urn = one.urn("first");
    expect(created["func_urn"]).toBe(one.urn("first", "latest"));
    const names = async () =>
      (await one.call("ListFunctions"))["functions"]?.map((item) => item["func_name"]);
    expect(await names()).toEqual(["first", "second"]);
    expect(await one.invoke(urn)).toEqual({ word: "one" });

    await one.call("UpdateFunctionCollectState", { function_urn: one.urn("second"), state: "true" });
    expect(await names()).toEqual(["second", "first"]);

    const config = { func_name: "first", runtime: "Node.js20.15", handler: "index.handler" };
    const change = { ...config, timeout: 20, memory_size: 256, description: "changed" };
    await one.call("UpdateFunctionConfig", { function_urn: urn, body: change });
    const shown = { function_urn: urn };
    expect(await one.call("ShowFunctionConfig", shown)).toMatchObject(change);

    const file = await packed(saying("three"));
    const body = { code_type: "zip", func_code: { file } };
    await one.call("UpdateFunctionCode", { function_urn: urn, body });
    expect((await one.call("ShowFunctionCode", shown))["func_code"]).toMatchObject({ file });
    expect(await one.invoke(urn)).toEqual({ word: "three" });

    const limit = (max: number) =>
      one.call("UpdateFunctionMaxInstanceConfig", { function_urn: urn, body: { max_instance_num: max } });
    await limit(0);
    expect(await one.refused("InvokeFunction", { function_urn: urn, body: {} })).toMatch(/^FSS\.\d{4}$/);
    await limit(5);
    expect(await one.invoke(urn)).toEqual({ word: "three" });

    await one.call("DeleteFunction", { function_urn: one.urn("second") });
    expect(await names()).toEqual(["first"]);
    expect(await one.refused("ShowFunctionConfig", { function_urn: one.urn("second") })).toBe("FSS.1051");
    one.shows({
      CreateFunction: "is listed and answers calls",
      ListFunctions: "lists what was created, pinned ones first",
      UpdateFunctionCollectState: "puts a function first in the list",
      UpdateFunctionConfig: "shows in the configuration",
      ShowFunctionConfig: "shows what was set; FSS.1051 after deletion",
      UpdateFunctionCode: "answers calls with the new code",
      ShowFunctionCode: "returns the archive that was sent",
      UpdateFunctionMaxInstanceConfig: "0 refuses calls, 5 lets them through again",
      DeleteFunction: "is gone from the list and cannot be shown",
      InvokeFunction: "runs the code and returns its result",
    });
  });

  test("what is exported here is imported and called on another platform", async () => {
    const here = stage();
    const request = { function_urn: here.urn("first"), config: true, code: true };
    await here.call("ExportFunction", request);
    // The client drops the bytes of archives, so they are fetched beside it.
    const bytes = await download(here, `functions/${here.urn("first")}/export`, "code=true&config=true");
    await using there = await Stage.open();
    const body = { func_name: "moved", file_name: "a.zip", file_type: "zip", file_code: bytes };
    await there.call("ImportFunction", { body });
    expect(await there.invoke(there.urn("moved"))).toEqual({ word: "three" });
    const config = await there.call("ShowFunctionConfig", { function_urn: there.urn("moved") });
    expect(config).toMatchObject({ timeout: 20, memory_size: 256, user_data: '{"A":"1"}' });
    await here.call("ImportFunction", { body });
    expect(await here.invoke(here.urn("moved"))).toEqual({ word: "three" });
    here.shows({
      ExportFunction: "another platform imports the archive",
      ImportFunction: "has code and configuration of the exported function and answers calls",
    });
  });
}

/** Base64 of what a signed GET answers. */
async function download({ platform }: Stage, path: string, query: string): Promise<string> {
  const { endpoint, projectId, accessKey, secretKey } = platform;
  const whole = `/v2/${projectId}/fgs/${path}`;
  const headers = { host: new URL(endpoint).host };
  const signed = sign({ method: "GET", path: whole, query, headers, body: "" }, { accessKey, secretKey });
  const response = await fetch(`${endpoint}${whole}?${query}`, { headers: signed });
  return Buffer.from(await response.arrayBuffer()).toString("base64");
}
