import { expect, test } from "vitest";

import type { Stage } from "./stage.ts";

/** Logs, tracing, network; everything here is about the function `counted`. */
export function settings(stage: () => Stage): void {
  test("logs and tracing tell what the platform does", async () => {
    const one = stage();
    const of = { function_urn: one.urn("counted") };
    await one.call("EnableLtsLogs");
    await one.call("EnableAsyncStatusLog");
    expect(await one.call("ShowLtsLogDetails", of)).toMatchObject({ stream_name: "default/counted" });
    const status = await one.call("ShowProjectAsyncStatusLogInfo");
    expect(status).toMatchObject({ stream_name: "async-status" });
    expect(await one.refused("ShowTracing", of)).toBe("FSS.0404");
    await one.call("UpdateTracing", { ...of, body: { tracing_ak: "ak", tracing_sk: "sk" } });
    expect(await one.call("ShowTracing", of)).toEqual({ tracing_ak: "ak", tracing_sk: "******" });
    const snapshot = await one.call("ShowFuncSnapshotState", { ...of, action: "state" });
    expect(snapshot).toMatchObject({ state: "disable" });
    await one.call("UpdateFuncSnapshot", { ...of, action: "disable" });
    expect(await one.refused("UpdateFuncSnapshot", { ...of, action: "enable" })).toBe("FSS.0400");
    one.shows({
      EnableLtsLogs: "is taken; logs are on from the first line",
      EnableAsyncStatusLog: "successes are recorded from then on",
      ShowLtsLogDetails: "names the stream of the function",
      ShowProjectAsyncStatusLogInfo: "names the stream of the project",
      ShowTracing: "FSS.0404 while off, then the access key and a masked secret",
      UpdateTracing: "shows the access key that was set",
      ShowFuncSnapshotState: "is disabled",
      UpdateFuncSnapshot: "off is taken, on is FSS.0400",
    });
  });

  test("entries from private networks are made and deleted; bridges there are none", async () => {
    const one = stage();
    const entry = { vpc_id: "vpc-1", subnet_id: "net-1" };
    const made = await one.call("CreateVpcEndpoint", { body: entry });
    expect(made).toMatchObject({ endpoints: [one.platform.endpoint] });
    await one.call("DeleteVpcEndpoint", entry);
    expect(await one.refused("DeleteVpcEndpoint", entry)).toBe("FSS.0404");
    expect(await one.call("ListBridgeFunctions", { function_urn: one.urn("counted") })).toEqual([]);
    expect(await one.call("ListBridgeVersions", { type: "http" })).toEqual([]);
    one.shows({
      CreateVpcEndpoint: "answers the address of the platform",
      DeleteVpcEndpoint: "is gone: deleting it again is FSS.0404",
      ListBridgeFunctions: "the list is empty",
      ListBridgeVersions: "the list is empty",
    });
  });

  test("tags are set, found and taken off", async () => {
    const one = stage();
    const of = { resource_type: "functions", resource_id: one.urn("counted") };
    const tag = { key: "team", value: "a" };
    await one.call("CreateTags", { ...of, body: { action: "create", tags: [tag] } });
    expect(await one.call("ListFunctionTags", of)).toMatchObject({ tags: [tag] });
    const project = await one.call("ShowProjectTagsList", { resource_type: "functions" });
    expect(project).toMatchObject({ tags: [{ key: "team", values: ["a"] }] });
    const search = { tags: [{ key: "team", values: ["a"] }] };
    const found = await one.call("ShowResInstanceInfo", { ...of, action: "filter", body: search });
    expect(found["resources"]?.map((item) => item["resource_name"])).toEqual(["counted"]);
    await one.call("DeleteTags", { ...of, body: { action: "delete", tags: [tag] } });
    expect(await one.call("ListFunctionTags", of)).toMatchObject({ tags: [] });
    one.shows({
      CreateTags: "is listed, and finds the function",
      ListFunctionTags: "lists a tag until it is taken off",
      ShowProjectTagsList: "lists keys with their values",
      ShowResInstanceInfo: "finds functions by their tags",
      DeleteTags: "is gone from the list",
    });
  });
}
