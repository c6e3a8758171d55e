import { expect, test } from "vitest";

import type { Stage } from "./stage.ts";

const CODE = `exports.handler = async (event, context) =>
  ({ statusCode: 200, headers: {}, body: event.path, isBase64Encoded: false });`;

/** Triggers. */
export function triggers(stage: () => Stage): void {
  test("triggers serve, are switched, listed and deleted", async () => {
    const one = stage();
    await one.deploy("served", CODE);
    const urn = one.urn("served", "latest");
    const create = (trigger_type_code: string, event_data: object) =>
      one.call("CreateFunctionTrigger", {
        function_urn: urn,
        body: { trigger_type_code, trigger_status: "ACTIVE", event_data },
      });
    const apig = { name: "API_served", type: 1, path: "/served", protocol: "HTTP", req_method: "ANY" };
    const more = { group_id: "g", match_mode: "SWA", env_name: "RELEASE", env_id: "e", auth: "NONE" };
    const http = await create("APIG", { ...apig, ...more, func_info: { timeout: 5000 } });
    const url = String(http["event_data"]?.["invoke_url"]);
    expect(await (await fetch(`${url}/here`)).text()).toBe("/served/here");

    const rate = { name: "tick", schedule_type: "Rate", schedule: "1h" };
    const timer = await create("TIMER", rate);
    const of = { function_urn: urn, trigger_type_code: "TIMER", trigger_id: timer["trigger_id"] };
    const off = { trigger_status: "DISABLED", event_data: rate };
    await one.call("UpdateTrigger", { ...of, body: off });
    expect(await one.call("ShowFunctionTrigger", of)).toMatchObject({ trigger_status: "DISABLED" });
    const types = async () =>
      (await one.call("ListFunctionTriggers", { function_urn: urn })).map(
        (item) => item["trigger_type_code"],
      );
    expect(new Set(await types())).toEqual(new Set(["APIG", "TIMER"]));
    await one.call("DeleteFunctionTrigger", of);
    expect(await types()).toEqual(["APIG"]);
    await one.call("BatchDeleteFunctionTriggers", { function_urn: urn });
    expect(await types()).toEqual([]);
    expect((await fetch(`${url}/here`)).status).toBe(404);
    one.shows({
      CreateFunctionTrigger: "the address of an HTTP trigger serves",
      UpdateTrigger: "shows the timer switched off",
      ShowFunctionTrigger: "shows what was changed",
      ListFunctionTriggers: "lists triggers until they are deleted",
      DeleteFunctionTrigger: "is gone from the list, the others stay",
      BatchDeleteFunctionTriggers: "the list is empty and the address answers 404",
    });
  });
}
